"""What a drug is: the record that its file in ``library/`` is read to."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from oestra.drugs.action import Assay, TargetAction
from oestra.drugs.kinetics import Interaction, Kinetics, Metabolite
from oestra.drugs.measured import EstrogenSuppression, Exposure
from oestra.drugs.reported import STRICT, Reported
from oestra.drugs.toxicity import Discontinuation, Toxicity

__all__ = ["Drug", "DrugClass"]


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
    MEK = "MEK inhibitor"
    IGF1R = "IGF-1R inhibitor"
    HSP90 = "HSP90 inhibitor"
    BCL2 = "BCL2 inhibitor"
    MCL1 = "MCL1 inhibitor"
    TAXANE = "taxane"
    GNRH_AGONIST = "GnRH agonist"
    OTHER = "other"


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
    tumor_to_plasma : Reported, optional
        Free concentration in a tumor over that in plasma, of the drug with what it
        becomes, beside what its targets are said to gather; 1 where unsaid.
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
    times_on_drug, control_times : mapping of str to Reported
        Median months on treatment over which a source counted harm on the drug, and in
        its control arm, by the source of the rate.
    washout : Reported
        Days until the effect has gone.
    note : str
        Anything that would mislead if unsaid.
    formed : tuple of Drug
        The drugs that its metabolites are; found by the library, not in the file.
    """

    id: str
    aliases: tuple[str, ...] = ()
    drug_class: DrugClass
    mechanism: str
    molar_mass: Reported
    fraction_unbound: Reported
    tumor_to_plasma: Reported | None = None
    standard_regimens: tuple[str, ...] = ()
    kinetics: Kinetics | None = None
    metabolites: tuple[Metabolite, ...] = ()
    targets: tuple[TargetAction, ...]
    assays: tuple[Assay, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    estrogen: EstrogenSuppression | None = None
    toxicities: tuple[Toxicity, ...] = ()
    discontinuation: Discontinuation | None = None
    times_on_drug: dict[str, Reported] = field(default_factory=dict)
    control_times: dict[str, Reported] = field(default_factory=dict)
    interactions: tuple[Interaction, ...] = ()
    washout: Reported
    note: str = ""
    formed: tuple["Drug", ...] = ()

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    def __hash__(self) -> int:
        """Hash the id; equal drugs have equal ones."""
        return hash(self.id)

    @property
    def moieties(self) -> tuple["Drug", ...]:
        """The drug itself and its active metabolites."""
        return (self, *self.formed)

    @property
    def acts_on(self) -> tuple[str, ...]:
        """What the drug and its metabolites act on, each once, in order of name."""
        return tuple(sorted({a.target for one in self.moieties for a in one.targets}))

    def actions(self, target: str) -> dict[str, TargetAction]:
        """Return what the drug and its metabolites do to a target, by their ids."""
        return {one.id: a for one in self.moieties if (a := one.action(target))}

    def action(self, target: str) -> TargetAction | None:
        """Return what the drug does to a target, or None."""
        return next((a for a in self.targets if a.target == target), None)
