"""What a drug is: the records that its file in ``library/`` is read to."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from oestra.core.quantity import Quantity
from oestra.core.vocabulary import Target

__all__ = [
    "Assay",
    "Confidence",
    "Cyp2d6",
    "Discontinuation",
    "Drug",
    "DrugClass",
    "Effect",
    "EstrogenSuppression",
    "Exposure",
    "Inactivation",
    "Interaction",
    "Kinetics",
    "Matrix",
    "Measure",
    "Metabolite",
    "Reported",
    "TargetAction",
    "Toxicity",
]

_STRICT = ConfigDict(extra="forbid")


class Confidence(StrEnum):
    """How surely a number is known to be printed where its source says."""

    VERIFIED = "verified"
    """The page was read."""
    STATED = "stated"
    """Stated in the review."""
    RECALLED = "recalled"
    """From knowledge; the source was not read again."""


class Cyp2d6(StrEnum):
    """Phenotype of the enzyme that makes endoxifen."""

    POOR = "PM"
    INTERMEDIATE = "IM"
    NORMAL = "NM"
    """Also called extensive."""
    ULTRARAPID = "UM"


class DrugClass(StrEnum):
    """Classes as the field names them."""

    SERM = "SERM"
    SERM_METABOLITE = "SERM metabolite"
    SERD = "SERD"
    NONSTEROIDAL_AI = "nonsteroidal aromatase inhibitor"
    STEROIDAL_AI = "steroidal aromatase inactivator"
    HER2_ANTIBODY = "HER2 antibody"
    HER_TKI = "EGFR/HER2 kinase inhibitor"
    RAPALOG = "rapalog"
    PAN_PI3K = "pan-PI3K inhibitor"
    ALPHA_PI3K = "PI3K-alpha inhibitor"
    BETA_SPARING_PI3K = "beta-sparing PI3K inhibitor"
    PI3K_MTOR = "dual PI3K/mTOR inhibitor"
    AKT = "AKT inhibitor"
    CDK46 = "CDK4/6 inhibitor"
    TAXANE = "taxane"


class Effect(StrEnum):
    """How a drug holds its target."""

    REVERSIBLE = "reversible"
    IRREVERSIBLE = "irreversible"


class Matrix(StrEnum):
    """In what a concentration was measured."""

    PLASMA = "plasma"
    BLOOD = "blood"


class Measure(StrEnum):
    """What a published exposure tells."""

    AVERAGE = "average"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    AREA = "area"
    """Area under the curve over one dosing cycle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Quantity):
    """A quantity with how surely it is known and how much patients differ.

    Parameters
    ----------
    confidence : Confidence
        How surely the source says so.
    between_patient_cv : float
        Coefficient of variation between patients, a fraction; the spread is taken as
        log-normal around the value.
    """

    confidence: Confidence = Confidence.RECALLED
    between_patient_cv: float = 0.0

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinetics:
    """Pharmacokinetic model and its parameters.

    Parameters
    ----------
    model : str
        Name of a model in `oestra.drugs.disposition`.
    parameters : dict of str to Reported
        Every parameter of that model.
    matrix : Matrix
        Where its concentration is: plasma or whole blood.
    note : str
        What the choice of numbers leaves open.
    """

    model: str
    parameters: dict[str, Reported]
    matrix: Matrix = Matrix.PLASMA
    note: str = ""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Metabolite:
    """An active metabolite that forms from the drug.

    Parameters
    ----------
    drug : str
        Id of the metabolite's own file, which holds its targets.
    ratio : Reported
        Molar ratio to the parent at steady state.
    half_life : Reported
        Of the metabolite itself.
    by_cyp2d6 : dict of Cyp2d6 to Reported
        The ratio by phenotype, where it depends on it.
    note : str
        Conflicts between sources.
    """

    drug: str
    ratio: Reported
    half_life: Reported
    by_cyp2d6: dict[Cyp2d6, Reported] = field(default_factory=dict)
    note: str = ""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Inactivation:
    """Rates of a drug that destroys its target.

    Parameters
    ----------
    rate : Reported
        Of inactivation by a saturating drug.
    binding_constant : Reported
        Free concentration at half that rate.
    turnover : Reported
        Rate at which the target is made anew.
    """

    rate: Reported
    binding_constant: Reported
    turnover: Reported

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetAction:
    """What the drug does to one target.

    Parameters
    ----------
    target : Target
        The target and the manner.
    potency : Reported
        Free concentration of half the effect.
    assay : str
        Where the potency comes from.
    hill : float
        Steepness.
    max_effect : Reported
        Largest share of the target's activity that is lost.
    effect : Effect
        Reversible, or lasting until the target is made anew.
    inactivation : Inactivation, optional
        For an irreversible effect.
    """

    target: Target
    potency: Reported
    assay: str
    hill: float = 1.0
    max_effect: Reported
    effect: Effect = Effect.REVERSIBLE
    inactivation: Inactivation | None = None

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Assay:
    """A published potency, kept beside those the model uses.

    Parameters
    ----------
    subject : str
        What was inhibited.
    assay : str
        How it was measured.
    potency : Reported
        The result.
    """

    subject: str
    assay: str
    potency: Reported

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """A published concentration that the kinetics must reproduce.

    Parameters
    ----------
    regimen : str
        What was given.
    measure : Measure
        Average, maximum, minimum or area.
    value : Reported
        The published number; its interval is the tolerance.
    moiety : str
        Id of what was measured; empty for the drug itself.
    matrix : Matrix
        Plasma or whole blood.
    first_days : float
        Measured within these first days; 0 at steady state.
    """

    regimen: str
    measure: Measure
    value: Reported
    moiety: str = ""
    matrix: Matrix = Matrix.PLASMA
    first_days: float = 0.0

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class EstrogenSuppression:
    """What an aromatase inhibitor leaves of estradiol, as published.

    Parameters
    ----------
    regimen : str
        What was given.
    plasma_residual : Reported
        Estradiol in plasma, fraction of baseline.
    tumor_residual : Reported, optional
        Estradiol in the tumor, fraction of baseline.
    aromatase_residual : Reported, optional
        Aromatase activity in the body by tracer, fraction of baseline.
    note : str
        Conflicts between sources.
    """

    regimen: str
    plasma_residual: Reported
    tumor_residual: Reported | None = None
    aromatase_residual: Reported | None = None
    note: str = ""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Toxicity:
    """How often a harm occurs at the standard dose.

    Parameters
    ----------
    event : str
        The harm.
    grade : str
        ``"any"`` or ``"3+"``.
    rate : Reported
        Share of patients.
    control_rate : Reported, optional
        Share in the control arm.
    exposure_slope : float
        Rise of the log odds with the log of relative exposure.
    """

    event: str
    grade: str = "any"
    rate: Reported
    control_rate: Reported | None = None
    exposure_slope: float = 1.0

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Discontinuation:
    """Share of patients who stop the drug for harm.

    Parameters
    ----------
    rate : Reported
        Share on the drug.
    control_rate : Reported, optional
        Share in the control arm.
    exposure_slope : float
        Rise of the log odds with the log of relative exposure.
    """

    rate: Reported
    control_rate: Reported | None = None
    exposure_slope: float = 1.0

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """What another drug does to this one.

    Parameters
    ----------
    partner : str
        Id of the other drug, or the name of a class of drugs.
    fact : str
        What was found.
    exposure_factor : Reported, optional
        Factor on this drug's exposure, where it is applied.
    """

    partner: str
    fact: str
    exposure_factor: Reported | None = None

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """One drug, as its file describes it.

    Parameters
    ----------
    id : str
        Name under which everything else knows it.
    aliases : tuple of str
        Other names.
    drug_class : DrugClass
        ``class`` in the file.
    mechanism : str
        What it does, in words.
    molar_mass : Reported
        In g/mol.
    fraction_unbound : Reported
        Free share of the modeled concentration.
    standard_regimens : tuple of str
        Usual regimens, the first is the reference; empty for a metabolite.
    kinetics : Kinetics, optional
        None for a metabolite, whose kinetics stand with its parent.
    metabolites, targets, assays, exposures, toxicities, interactions : tuple
        See the records of those names.
    estrogen : EstrogenSuppression, optional
        For aromatase inhibitors.
    discontinuation : Discontinuation, optional
        Where published.
    washout : Reported
        Days until the effect has gone.
    note : str
        Anything that would mislead if unsaid.
    """

    id: str
    aliases: tuple[str, ...] = ()
    drug_class: DrugClass
    mechanism: str
    molar_mass: Reported
    fraction_unbound: Reported
    standard_regimens: tuple[str, ...] = ()
    kinetics: Kinetics | None = None
    metabolites: tuple[Metabolite, ...] = ()
    targets: tuple[TargetAction, ...]
    assays: tuple[Assay, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    estrogen: EstrogenSuppression | None = None
    toxicities: tuple[Toxicity, ...] = ()
    discontinuation: Discontinuation | None = None
    interactions: tuple[Interaction, ...] = ()
    washout: Reported
    note: str = ""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    def action(self, target: Target) -> TargetAction | None:
        """Return what the drug does to a target, or None."""
        return next((a for a in self.targets if a.target is target), None)
