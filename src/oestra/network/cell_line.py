"""Cell lines: who they are, what they carry, and how fast they grow.

A line may descend from another, whose entries it keeps unless it says otherwise. Its
pace is not written down: it follows from the doubling time measured in its own medium.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from oestra.core.errors import InputError, OestraError, unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.library_file import read_mapping
from oestra.core.quantity import Quantity

__all__ = [
    "Aromatase",
    "CellLine",
    "Trait",
    "cell_lines",
    "find_line",
    "line_faults",
    "read_line",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait(Quantity):
    """A parameter of the cell that a line has its own value of.

    Parameters
    ----------
    parameter : str
        Its name in the pathways.
    lesion : bool
        Whether it belongs to an alteration of the gene, and goes when the gene is set
        to something else.
    """

    parameter: str
    lesion: bool = False

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aromatase:
    """Estradiol that a line makes from androstenedione.

    Parameters
    ----------
    capacity : Quantity
        Estradiol around the cells with saturating androstenedione, nM.
    michaelis : Quantity
        Androstenedione that gives half of it, nM.
    """

    capacity: Quantity
    michaelis: Quantity

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLine:
    """One cell line, with all it has from its ancestors.

    Parameters
    ----------
    id : str
        Name under which everything else knows it.
    aliases : tuple of str
        Other names.
    description : str
        What it is, in a sentence.
    parent : CellLine, optional
        The line it was made from.
    alterations : mapping of str to str
        Allele or change of each altered gene.
    traits : mapping of str to Trait
        Own values of parameters, by the gene they belong to.
    aromatase : Aromatase, optional
        For lines that make estradiol.
    medium : mapping of str to Quantity
        Concentrations, nM, in which the line is kept.
    pretreatment : tuple of str
        What made the line from its parent, such as ``"estradiol 0 nM for 180 days"``.
    doubling_time : Quantity, optional
        Hours, of an untreated culture; None where growth follows from the parent's.
    apoptosis_rate : Quantity, optional
        Deaths a day in that culture.
    ki67 : Quantity, optional
        Percent of its cells in cycle.
    """

    id: str
    aliases: tuple[str, ...] = ()
    description: str
    parent: "CellLine | None" = None
    alterations: Mapping[str, str] = field(default_factory=dict)
    traits: Mapping[str, Trait] = field(default_factory=dict)
    aromatase: Aromatase | None = None
    medium: Mapping[str, Quantity] = field(default_factory=dict)
    pretreatment: tuple[str, ...] = ()
    doubling_time: Quantity | None = None
    apoptosis_rate: Quantity | None = None
    ki67: Quantity | None = None

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    @property
    def founder(self) -> "CellLine":
        """The ancestor whose growth was measured; the line itself if it has none."""
        if self.parent is None or self.doubling_time is not None:
            return self
        return self.parent.founder

    @property
    def untouched(self) -> "CellLine":
        """The last ancestor before any pretreatment; the line itself if it had none."""
        if self.parent is None or not self.pretreatment:
            return self
        return self.parent.untouched


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c not in " -_/.")


def _inherit(own: dict[str, Any], parent: CellLine) -> dict[str, Any]:
    """Add what a line has from its parent to what its file says."""
    full = {"aromatase": parent.aromatase, **own, "parent": parent}
    for name in ("alterations", "traits", "medium"):
        full[name] = {**getattr(parent, name), **own.get(name, {})}
    full["pretreatment"] = (*parent.pretreatment, *own.get("pretreatment", ()))
    return full


def read_line(file: Traversable, ancestors: Mapping[str, CellLine]) -> CellLine:
    """Read one file of a cell line.

    Parameters
    ----------
    file : Traversable
        A YAML file as in ``oestra/network/cell_lines``.
    ancestors : mapping of str to CellLine
        Lines it may descend from, by id.

    Returns
    -------
    CellLine
        The line it describes.

    Raises
    ------
    InputError
        If the file describes no line; names the file, the field and the fault.
    """
    data = read_mapping(file, "the fields of one cell line")
    try:
        parent = data.get("parent")
        if parent is not None:
            if parent not in ancestors:
                raise unknown_name("parent line", str(parent), ancestors)
            data = _inherit(data, ancestors[parent])
        line = TypeAdapter(CellLine).validate_python(data)
        _check(line)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg'][0].lower()}{e['msg'][1:]}"
            for e in error.errors()
        )
        raise InputError(f"{file.name}: {faults}.") from None
    except OestraError as error:
        raise InputError(f"{file.name}: {error}") from None
    return line


def _check(line: CellLine) -> None:
    for _, fault in line_faults(line):
        raise InputError(fault)


def line_faults(line: CellLine) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what is wrong with the growth and the medium of a line.

    Parameters
    ----------
    line : CellLine
        With all it has from its ancestors.

    Yields
    ------
    place : tuple of str
        Keys of the file that lead there.
    fault : str
        What is wrong.
    """
    growth = {
        "doubling_time": (line.doubling_time, "hour"),
        "apoptosis_rate": (line.apoptosis_rate, "1/day"),
        "ki67": (line.ki67, "%"),
    }
    given = [name for name, (quantity, _) in growth.items() if quantity is not None]
    if line.parent is None and len(given) < len(growth):
        yield ("id",), f"A line without a parent needs {', '.join(growth)}."
    for name, (quantity, unit) in growth.items():
        most = 100.0 if unit == "%" else math.inf
        if quantity is None or (quantity.unit == unit and 0 < quantity.value <= most):
            continue
        bound = "" if most == math.inf else f", at most {most:g},"
        got = f"got {quantity.value:g} {quantity.unit}"
        yield (name,), f"{name} must be a positive number{bound} of {unit}, {got}."
    for name, quantity in line.medium.items():
        if quantity.unit != "nM":
            told = f"medium: {name} must be in nM, not {quantity.unit!r}."
            yield ("medium", name), told


def _parent_of(file: Traversable) -> str | None:
    """Return the parent that a file names; what is wrong is told when it is read."""
    try:
        return read_mapping(file, "the fields of one cell line").get("parent")
    except InputError:
        return None


def _read(library: Library) -> Mapping[str, CellLine]:
    """Read every line, parents before those that were made from them."""
    waiting = {
        file: _parent_of(file)
        for file in library.files(Kind.CELL_LINES, "oestra.network.cell_lines")
    }
    named = {file.name.removesuffix(".yaml"): file for file in waiting}
    lines: dict[str, CellLine] = {}
    names: dict[str, tuple[str, str]] = {}
    while waiting:
        ready = [
            file
            for file, parent in waiting.items()
            if parent is None or parent in lines or parent not in named
        ]
        if not ready:
            loop = ", ".join(sorted(file.name for file in waiting))
            raise InputError(f"Cell lines descend from each other: {loop}.")
        for file in ready:
            line = read_line(file, lines)
            if line.id in lines:
                raise InputError(f"{file.name}: the line {line.id!r} exists already.")
            here = (line.id, library.place(file))
            for name in (line.id, *line.aliases):
                taken = names.setdefault(_plain(name), here)
                if taken != here:
                    raise InputError(
                        f"{here[1]} names a cell line {name!r}, as {taken[1]} does; "
                        "choose another name."
                    )
            lines[line.id] = line
            del waiting[file]
    return MappingProxyType(dict(sorted(lines.items())))


def cell_lines(library: Library = SHIPPED) -> Mapping[str, CellLine]:
    """Return every cell line of a library by its id."""
    return library.once(_read)


def find_line(name: str, library: Library = SHIPPED) -> CellLine:
    """Find a cell line by its id or an alias, ignoring case, hyphens and spaces.

    Parameters
    ----------
    name : str
        Such as ``"MCF7"`` or ``"LTED"``.
    library : Library
        Where to look.

    Returns
    -------
    CellLine
        The line.

    Raises
    ------
    InputError
        If there is none; names the nearest.

    Examples
    --------
    >>> find_line("mcf7").id
    'MCF-7'
    """
    lines = cell_lines(library).values()
    for line in lines:
        if _plain(name) in map(_plain, (line.id, *line.aliases)):
            return line
    known = [known for line in lines for known in (line.id, *line.aliases)]
    raise unknown_name("cell line", name, known)
