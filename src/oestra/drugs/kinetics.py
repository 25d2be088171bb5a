"""The numbers behind concentrations: model, metabolites, interactions."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from oestra.drugs.measured import Matrix
from oestra.drugs.reported import STRICT, Reported

__all__ = ["Cyp2d6", "Interaction", "Kinetics", "Metabolite"]


class Cyp2d6(StrEnum):
    """Phenotype of the enzyme that makes endoxifen."""

    POOR = "PM"
    INTERMEDIATE = "IM"
    NORMAL = "NM"
    """Also called extensive."""
    ULTRARAPID = "UM"


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

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


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

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


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

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
