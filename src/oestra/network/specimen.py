"""A cell as it stands at the start of an experiment: its numbers and its state."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oestra.core.library import SHIPPED, Library

__all__ = ["Specimen", "TimeCourse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """All that makes one simulation of the composed cell differ from another.

    Parameters
    ----------
    title : str
        What it is, such as ``"MCF-7 in estradiol 0.1 nM, with fulvestrant 100 nM"``.
    values : mapping of str to float
        Parameters of the cell that differ from those composed.
    states : mapping of str to float
        Where every state starts; empty for the composed initial state.
    line : str
        Cell line; empty for the reference cell.
    drugs : mapping of str to tuple of str
        Drugs by the parameters through which they act.
    remarks : tuple of str
        What a reader of an exported model should know besides.
    library : Library
        Whose cell it is.
    """

    title: str
    values: Mapping[str, float]
    states: Mapping[str, float] = field(default_factory=dict)
    line: str = ""
    drugs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    library: Library = SHIPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCourse:
    """One simulation of a specimen.

    Parameters
    ----------
    id : str
        Identifier, as SBML and SED-ML allow them.
    specimen : Specimen
        The cells as it starts.
    days : float
        Length.
    """

    id: str
    specimen: Specimen
    days: float
