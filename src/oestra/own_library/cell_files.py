"""Faults of the files that make cells and what is read from them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import Kind, Library
from oestra.core.quantity import Quantity
from oestra.core.units import convert, is_unit
from oestra.culture.medium import parse_condition, parse_step
from oestra.culture.readout import Readout
from oestra.culture.substance import Substance
from oestra.drugs.target import Lever, levers
from oestra.model.quantities import quantities
from oestra.network.alteration import Alteration, find_alteration
from oestra.network.cell_line import CellLine, line_faults
from oestra.network.cell_line import cell_lines as cell_lines_of
from oestra.network.parameter import UNITS, parameter_table
from oestra.own_library.document import Document
from oestra.own_library.fault import Fault
from oestra.own_library.record_faults import checked
from oestra.own_library.shelf import Shelf, tell

__all__ = [
    "alterations",
    "cell_lines",
    "listed_entries",
    "named_entries",
    "parameters",
    "readouts",
    "substances",
    "targets",
]


def named_entries(
    document: Document, found: list[Fault], what: str
) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a file that holds them by name."""
    if not isinstance(document.data, dict):
        found.append(document.fault((), f"The file must hold {what} by name."))
        return
    yield from ((str(name), entry) for name, entry in document.data.items())


def listed_entries(
    document: Document, found: list[Fault], what: str
) -> Iterator[tuple[int, Any]]:
    """Yield the entries of a file that lists them."""
    if not isinstance(document.data, list):
        found.append(document.fault((), f"The file must list {what}, each after '-'."))
        return
    yield from enumerate(document.data)


def parameters(document: Document, _shelf: Shelf) -> list[Fault]:
    """Return what is wrong with numbers of own pathways."""
    found: list[Fault] = []
    for name, entry in named_entries(document, found, "parameters"):
        number: Quantity | None = checked(document, (name,), entry, Quantity, found)
        if number is not None and number.unit not in UNITS:
            told = f"{name} has unit {number.unit!r}; the cell is written in "
            found.append(document.fault((name, "unit"), told + ", ".join(UNITS)))
    return found


def targets(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with targets: keys, and parameters the cell lacks."""
    found: list[Fault] = []
    for name, entry in named_entries(document, found, "targets"):
        given = {"target": name, **entry} if isinstance(entry, dict) else entry
        lever: Lever | None = checked(document, (name,), given, Lever, found)
        if lever is None:
            continue
        keys = ("parameter", "kill")
        for key in (*keys, "accumulation", "kill_rate"):
            symbol = getattr(lever, key)
            check = shelf.check_parameter if key in keys else _check_number
            if symbol:
                known = () if key in keys else (shelf,)
                found += tell(document, (name, key), check, symbol, *known)
            other = _held_by(symbol, key) if key in keys else ""
            if other and other != name:
                told = f"{symbol} is what {other} acts on; a drug can name that target"
                found.append(document.fault((name, key), told))
        for i, symbol in enumerate(lever.limited_by):
            at = (name, "limited_by", i)
            found += tell(document, at, _check_number, symbol, shelf)
    return found


def _held_by(symbol: str, key: str) -> str:
    """Return the target that ships and has a parameter, none for an empty one."""
    known = levers().items()
    return next((name for name, one in known if symbol == getattr(one, key) != ""), "")


def _check_number(name: str, shelf: Shelf) -> None:
    known = quantities(shelf.library)
    if name not in known:
        raise unknown_name("parameter", name, known)


def readouts(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with readouts: keys, units, symbols the cell lacks."""
    found: list[Fault] = []
    for name, entry in named_entries(document, found, "readouts"):
        given = {"name": name, **entry} if isinstance(entry, dict) else entry
        readout: Readout | None = checked(document, (name,), given, Readout, found)
        if readout is None:
            continue
        if readout.unit not in ("1", "%") and not is_unit(readout.unit):
            found.append(document.fault((name, "unit"), f"no unit {readout.unit!r}"))
        if not readout.symbols:
            found.append(document.fault((name, "symbols"), "no symbol is named"))
        for i, symbol in enumerate(readout.symbols):
            found += tell(document, (name, "symbols", i), shelf.check_symbol, symbol)
    return found


def substances(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with substances of media."""
    found: list[Fault] = []
    for i, entry in listed_entries(document, found, "substances"):
        one: Substance | None = checked(document, (i,), entry, Substance, found)
        if one is None:
            continue
        if one.parameter:
            at = (i, "parameter")
            found += tell(document, at, _check_concentration, one.parameter, shelf)
        mass = one.molar_mass
        at = (i, "molar_mass")
        found += tell(document, at, convert, mass.value, mass.unit, "g/mol")
    return found


def _check_concentration(name: str, shelf: Shelf) -> None:
    shelf.check_parameter(name)
    number = parameter_table(shelf.library).get(name)
    if number is not None and number.unit != "nM":
        raise InputError(
            f"{name} holds a concentration and must be in nM, not {number.unit!r}."
        )


def alterations(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with alterations of genes."""
    found: list[Fault] = []
    for i, entry in listed_entries(document, found, "alterations"):
        one: Alteration | None = checked(document, (i,), entry, Alteration, found)
        if one is None:
            continue
        if not (one.set or one.scale):
            found.append(document.fault((i,), "neither 'set' nor 'scale' is given"))
        for key, values in (("set", one.set), ("scale", one.scale)):
            for name in values:
                at = (i, key, name)
                found += tell(document, at, shelf.check_parameter, name)
        if not (one.source or one.reason):
            found.append(document.fault((i,), "a source or a reason is needed"))
    return found


def cell_lines(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with a cell line."""
    found: list[Fault] = []
    if not isinstance(document.data, dict):
        return [document.fault((), "The file must hold the fields of one cell line.")]
    own = {k: v for k, v in document.data.items() if k != "parent"}
    line: CellLine | None = checked(document, (), own, CellLine, found)
    if line is None:
        return found
    found += _parent(document, line, shelf)
    library = shelf.library
    for gene, name in line.alterations.items():
        at = ("alterations", gene)
        found += tell(document, at, find_alteration, gene, name, library)
    for gene, trait in line.traits.items():
        at = ("traits", gene, "parameter")
        found += tell(document, at, _check_trait, trait.parameter, trait.unit, shelf)
    for name in line.medium:
        text = f"{name} 0 nM"
        named: Mapping[str, Any] = {"drugs": False}
        found += tell(
            document, ("medium", name), parse_condition, text, library, **named
        )
    for i, step in enumerate(line.pretreatment):
        found += tell(document, ("pretreatment", i), parse_step, step, library)
    return found


def _parent(document: Document, line: CellLine, shelf: Shelf) -> Iterator[Fault]:
    """Yield what is wrong with the parent of a line, and with its growth."""
    parent = document.data.get("parent")
    known = cell_lines_of(Library(shelf.folders, frozenset(_files(shelf))))
    ids = {str(one.data.get("id")) for one in _documents(shelf) if _is_line(one)}
    if parent is not None and str(parent) == line.id:
        told = f"{line.id} cannot be its own parent; name the line it was made from"
        yield document.fault(("parent",), told)
    elif parent is not None and parent not in ids | known.keys():
        error = unknown_name("parent line", str(parent), ids | known.keys())
        yield document.fault(("parent",), error)
    # Whatever the parent is, a line that has one may leave its own growth out.
    full = line if parent is None else replace(line, parent=next(iter(known.values())))
    for place, fault in line_faults(full):
        yield document.fault(place, fault)


def _documents(shelf: Shelf) -> list[Document]:
    return shelf.documents.get(Kind.CELL_LINES, [])


def _files(shelf: Shelf) -> tuple[Path, ...]:
    return Library(shelf.folders).own(Kind.CELL_LINES)


def _is_line(document: Document) -> bool:
    return isinstance(document.data, dict)


def _check_trait(parameter: str, unit: str, shelf: Shelf) -> None:
    shelf.check_parameter(parameter)
    number = parameter_table(shelf.library).get(parameter)
    if number is not None and number.unit != unit:
        raise InputError(f"{parameter} is in {number.unit!r}, not in {unit!r}.")
