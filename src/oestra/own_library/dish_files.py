"""Faults of the files that say what a dish holds: media, room, amounts of proteins."""

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import Library
from oestra.core.quantity import Quantity
from oestra.culture.amount import Amount
from oestra.culture.confluence import NamedDish
from oestra.culture.mixed_medium import MixedMedium
from oestra.culture.substance import substances
from oestra.own_library.cell_files import listed_entries
from oestra.own_library.document import Document
from oestra.own_library.fault import Fault
from oestra.own_library.record_faults import checked
from oestra.own_library.shelf import Shelf, tell

__all__ = ["amounts", "dishes", "media"]


def media(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with sera and media: what they hold, and its units."""
    found: list[Fault] = []
    for i, entry in listed_entries(document, found, "media"):
        one: MixedMedium | None = checked(document, (i,), entry, MixedMedium, found)
        if one is None:
            continue
        if not one.contents:
            found.append(document.fault((i,), "'contents' names no substance"))
        for name, level in one.contents.items():
            at = (i, "contents", name)
            found += tell(document, at, _check_substance, name, shelf.library)
            found += tell(document, at, _check_unit, level, "nM")
        if one.percent is not None and not 0.0 < one.percent <= 100.0:
            told = (
                f"a serum is described at more than 0 % to 100 %, got {one.percent:g}"
            )
            found.append(document.fault((i, "percent"), told))
    return found


def dishes(document: Document, _shelf: Shelf) -> list[Fault]:
    """Return what is wrong with dishes: their room, and how many are seeded."""
    found: list[Fault] = []
    for i, entry in listed_entries(document, found, "dishes"):
        here: list[Fault] = []
        one: NamedDish | None = checked(document, (i,), entry, NamedDish, here)
        for key in ("capacity", "seeded") if one is not None else ():
            here += tell(document, (i, key), _check_unit, getattr(one, key), "1")
        if one is not None and not here:
            here += tell(document, (i, "seeded"), getattr, one, "dish")
        found += here
    return found


def amounts(document: Document, shelf: Shelf) -> list[Fault]:
    """Return what is wrong with amounts: parameters that the cell lacks."""
    found: list[Fault] = []
    for i, entry in listed_entries(document, found, "amounts"):
        one: Amount | None = checked(document, (i,), entry, Amount, found)
        if one is None:
            continue
        if not (one.scale or one.refused):
            told = "'scale' names no parameter, and no 'refused' says why"
            at = (i, "scale") if "scale" in entry else (i,)
            found.append(document.fault(at, told))
        for name in one.scale:
            at = (i, "scale", name)
            found += tell(document, at, shelf.check_parameter, name)
    return found


def _check_substance(name: str, library: Library) -> None:
    known = substances(library)
    if name not in known:
        raise unknown_name("substance", name, known)


def _check_unit(number: Quantity, unit: str) -> None:
    if number.unit != unit:
        raise InputError(f"it must be in {unit!r}, not in {number.unit!r}")
