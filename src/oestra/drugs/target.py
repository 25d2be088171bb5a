"""Targets of drugs, and where each takes hold of the cell, read from a library."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.library_file import read_mapping

__all__ = ["Lever", "Maximum", "find_lever", "levers"]


class Maximum(StrEnum):
    """What limits how much of a target's activity a drug can take away."""

    DRUG = "drug"
    """The drug: its sheet says how much."""
    CELL = "cell"
    """The cell: parameters of its equations say how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """Where the drugs of one target take hold of the cell.

    Parameters
    ----------
    target : str
        The target and the manner.
    text : str
        What it is.
    parameter : str
        Parameter of the cell that is set, empty for none: the load, free concentration
        over potency, where its name begins with ``load_``, else the share held.
    accumulation : str
        Parameter that scales free concentration in a tumor; empty for none.
    kill : str
        Parameter of the cell for killing, where the drug also kills in a patient; in a
        culture there are no immune cells that could.
    kill_rate : str
        Parameter that holds the rate of killing of a target held in full.
    maximum : Maximum
        What limits the effect.
    limited_by : tuple of str
        Parameters of the cell that do, where the cell does.
    outside : str
        What the target moves outside the tumor, where it sets nothing in the cell.
    """

    target: str
    text: str
    parameter: str = ""
    accumulation: str = ""
    kill: str = ""
    kill_rate: str = ""
    maximum: Maximum = Maximum.DRUG
    limited_by: tuple[str, ...] = ()
    outside: str = ""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    @property
    def is_load(self) -> bool:
        """Whether drugs of the target compete and enter by their load."""
        return self.parameter.startswith("load_")


def _entries(file: Traversable) -> Mapping[str, Any]:
    return read_mapping(file, "targets by name")


def _read(library: Library) -> Mapping[str, Lever]:
    check = TypeAdapter(Lever).validate_python
    found: dict[str, Lever] = {}
    for file in library.files(Kind.TARGETS, "oestra.drugs.targets"):
        for name, entry in _entries(file).items():
            if name in found:
                raise InputError(f"{file.name}: the target {name!r} exists already.")
            try:
                found[name] = check({"target": name, **entry})
            except (TypeError, ValidationError) as error:
                reason = " ".join(str(error).split())
                raise InputError(f"{file.name}: {name}: {reason}.") from None
    return MappingProxyType(found)


def levers(library: Library = SHIPPED) -> Mapping[str, Lever]:
    """Return every target of a library, by name."""
    return library.once(_read)


def find_lever(target: str, library: Library = SHIPPED) -> Lever:
    """Return where drugs of a target take hold.

    Raises
    ------
    InputError
        If there is no such target; names the nearest.
    """
    known = levers(library)
    if target not in known:
        raise unknown_name("target", target, known, where="targets")
    return known[target]
