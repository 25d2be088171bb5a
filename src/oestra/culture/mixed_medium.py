"""Sera and named media: what they bring of the substances that the cell knows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.quantity import Quantity
from oestra.culture.records import find_record, names_of, read_records
from oestra.culture.substance import substances

__all__ = ["MixedMedium", "brought_by", "find_mixed_medium", "mixed_media"]

_PERCENT = re.compile(
    r"(?P<name>.*?\S)\s+(?P<amount>[-+]?(?:\d+\.?\d*|\.\d+))\s*%", re.IGNORECASE
)
_MOST = 50.0
"""Percent of serum in a medium."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedMedium:
    """A serum, or a medium with all that is in it.

    Parameters
    ----------
    id : str
        Its name.
    aliases : tuple of str
        Other names.
    percent : float, optional
        For a serum, how much of it the contents are those of.
    contents : mapping of str to Quantity
        Concentrations by substance, nM.
    """

    id: str
    aliases: tuple[str, ...] = ()
    percent: float | None = None
    contents: Mapping[str, Quantity] = field(default_factory=dict)


def _read(library: Library) -> Mapping[str, MixedMedium]:
    found = read_records(library, Kind.MEDIA, MixedMedium, lambda one: one.id)
    known = substances(library)
    for one in found.values():
        for name in one.contents:
            if name not in known:
                raise unknown_name("substance", name, known, where=f"medium {one.id}")
    return found


def mixed_media(library: Library = SHIPPED) -> Mapping[str, MixedMedium]:
    """Return every serum and named medium by its name."""
    return library.once(_read)


def find_mixed_medium(name: str, library: Library = SHIPPED) -> MixedMedium | None:
    """Find a serum or medium by any of its names, or None if it is not one."""
    return find_record(mixed_media(library), name)


def brought_by(
    part: str, text: str, library: Library = SHIPPED
) -> tuple[str, dict[str, float]] | None:
    """Return what a serum or a named medium brings.

    Parameters
    ----------
    part : str
        Such as ``"fetal bovine serum 10 %"`` or ``"growth medium"``.
    text : str
        What it was written in, for errors.
    library : Library
        Whose sera and media.

    Returns
    -------
    tuple of str and dict of str to float, or None
        Its name and concentrations, nM; None where it is neither a serum nor a
        medium.

    Raises
    ------
    InputError
        If something is given in percent that is no serum, or too much of it.
    """
    found = _PERCENT.fullmatch(part.strip())
    one = find_mixed_medium(found["name"] if found else part, library)
    if found is None:
        if one is None:
            return None
        if one.percent is not None:
            raise InputError(
                f"{one.id} is given in percent, such as '{one.id} {one.percent:g} %', "
                f"got {text!r}."
            )
        return one.id, {name: level.value for name, level in one.contents.items()}
    if one is None:
        sera = names_of(mixed_media(library))
        raise unknown_name("serum", found["name"], sera, where=repr(text))
    if one.percent is None:
        raise InputError(f"{one.id} is a whole medium, without percent (in {text!r}).")
    amount = float(found["amount"])
    if not 0.0 <= amount <= _MOST:
        raise InputError(
            f"A medium holds 0 to {_MOST:g} % of serum, got {amount:g} % in {text!r}."
        )
    share = amount / one.percent
    return one.id, {name: share * level.value for name, level in one.contents.items()}
