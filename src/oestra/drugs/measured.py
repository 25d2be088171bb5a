"""What was measured in patients and must come out of the kinetics."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from oestra.drugs.reported import STRICT, Reported

__all__ = ["EstrogenSuppression", "Exposure", "Matrix", "Measure"]


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

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


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

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
