"""Reading a patient's history from a mapping: what was meant, or one clear sentence."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from oestra.core.errors import InputError, nearest, shown
from oestra.core.name import is_label, plain_name
from oestra.core.number import is_number
from oestra.core.terms import Response
from oestra.trial.history_check import check_history
from oestra.trial.lesion_history import (
    LesionHistory,
    LesionReading,
    LesionSeries,
    New,
    Seen,
    Visit,
)

__all__ = ["parse_history"]

_LARGEST_MM = 1000.0
_LATEST_DAY = 36_500.0
"""A century."""
_MOST = 1000
"""Lesions or visits of a patient."""
_SEEN = {
    "gone": Seen.GONE, "absent": Seen.GONE, "disappeared": Seen.GONE, "cr": Seen.GONE,
    "present": Seen.PRESENT, "noncr/nonpd": Seen.PRESENT, "stable": Seen.PRESENT,
    "toosmall": Seen.TOO_SMALL, "toosmalltomeasure": Seen.TOO_SMALL,
    "merged": Seen.MERGED, "worse": Seen.WORSE, "pd": Seen.WORSE,
    "unequivocalprogression": Seen.WORSE, "ne": Seen.NOT_EVALUABLE,
    "notevaluable": Seen.NOT_EVALUABLE, "missed": Seen.NOT_EVALUABLE,
    "missing": Seen.NOT_EVALUABLE, "notdone": Seen.NOT_EVALUABLE,
}  # fmt: skip
_OTHERS = {
    word: seen
    for word, seen in _SEEN.items()
    if seen not in (Seen.MERGED, Seen.TOO_SMALL)
}
"""What all lesions together that are no targets can do."""
_RESPONSES = {plain_name(one): one for one in Response} | {"nc": Response.SD}
_NODES = frozenset(
    {
        "node",
        "nodes",
        "nodal",
        "ln",
        "lns",
        "lymphnode",
        "lymphnodes",
        "lymphadenopathy",
    }
)
_BONES = frozenset({"bone", "bones", "bony", "osseous", "skeletal", "skeleton"})
_UNMEASURABLE = frozenset(
    {"ascites", "effusion", "effusions", "leptomeningeal", "leptomeninges"}
    | {"lymphangitis", "lymphangitic"}
)
"""Disease that no criteria measure (RECIST 1.1, 3.1.1)."""
_WORD = re.compile(r"[^\W_]+")
"""Letters and digits, whatever stands between them: *node, axillary* is a node."""
_HISTORY = ("lesions", "visits", "measurable", "death_day")
_LESION = ("site", "sizes", "target", "name")
_VISIT = ("day", "new_lesion", "evaluable", "nontarget", "response")


def _keys(
    given: Any, allowed: Sequence[str], where: str, needed: Iterable[str] = ()
) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise InputError(f"{where} is a mapping of {', '.join(allowed)}, "
                         f"got {shown(given)}.")  # fmt: skip
    for key in given:
        if key not in allowed:
            near = nearest(str(key), allowed)
            known = (
                f"nearest is {near!r}" if near else f"known are {', '.join(allowed)}"
            )
            raise InputError(f"{where} has no key {shown(key)}; {known}.")
    for key in needed:
        if key not in given:
            raise InputError(f"{where} needs {key!r}.")
    return dict(given)


def _list(given: Any, where: str) -> list[Any]:
    if hasattr(given, "tolist") and not isinstance(given, np.generic):
        given = given.tolist()
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Sequence):
        raise InputError(f"{where} is a list, got {shown(given)}.")
    if len(given) > _MOST:
        raise InputError(f"{where} holds at most {_MOST} entries, got {len(given)}.")
    return list(given)


def _number(given: Any, where: str, most: float) -> float:
    if not is_number(given) or not 0 <= given <= most:
        raise InputError(f"{where} is a number of at least 0 up to {most:g}, "
                         f"got {shown(given)}.")  # fmt: skip
    return float(given)


def _yes(given: Any, where: str) -> bool:
    if not isinstance(given, bool | np.bool_):
        raise InputError(f"{where} is true or false, got {shown(given)}.")
    return bool(given)


def _word(given: Any, words: Mapping[str, Any], where: str, or_: str = "") -> Any:
    found = words.get(plain_name(given)) if isinstance(given, str) else None
    if found is None:
        names = sorted({str(word) for word in words.values()})
        near = nearest(given, names) if isinstance(given, str) else None
        hint = f"nearest is {near!r}" if near else f"known are {', '.join(names)}{or_}"
        raise InputError(f"{where}: no reading {shown(given)}; {hint}.")
    return found


def _pair(given: Any, where: str) -> tuple[float, float]:
    """Return perpendicular diameters, longest first; one number is a round lesion."""
    if isinstance(given, list | tuple):
        if len(given) != 2:
            raise InputError(f"{where} has one or two diameters, got {shown(given)}.")
        one, other = (_number(size, where, _LARGEST_MM) for size in given)
        if not one * other and one + other:
            raise InputError(
                f"{where}: both diameters of a lesion are above 0, or it is gone, "
                f"got {shown(given)}."
            )
        return max(one, other), min(one, other)
    size = _number(given, where, _LARGEST_MM)
    return size, size


def _reading(given: Any, where: str) -> LesionReading:
    if given is None:
        return Seen.NOT_EVALUABLE
    if isinstance(given, float) and math.isnan(given):
        raise InputError(f"{where}: a size is missing, got nan; write NE, or None.")
    if isinstance(given, str):
        return _word(given, _SEEN, where, ", or a number of mm without a unit")
    if isinstance(given, Mapping):
        parts = _list(_keys(given, ("split",), where, ("split",))["split"], where)
        if not parts:
            raise InputError(f"{where}: a lesion that split has parts, got none.")
        pairs = tuple(_pair(part, where) for part in parts)
        if not all(size for size, _ in pairs):
            raise InputError(
                f"{where}: parts of a lesion that split have sizes above 0; leave out "
                f"what is gone, got {shown(parts)}."
            )
        return pairs
    sizes = _pair(given, where)
    return (sizes,) if sizes[0] > 0 else Seen.GONE


def _lesion(given: Any, number: int, visits: int) -> LesionSeries:
    where = f"Lesion {number}"
    parts = _keys(given, _LESION, where, ("site", "sizes"))
    site = parts["site"]
    if not isinstance(site, str) or not site.strip():
        raise InputError(f"{where}: site is the name of an organ, got {shown(site)}.")
    name = parts.get("name", f"lesion {number} ({' '.join(site.split())})")
    if "name" in parts and not (isinstance(name, str) and is_label(name)):
        raise InputError(f"{where}: name is a line of text, got {shown(name)}.")
    sizes = _list(parts["sizes"], f"{where}: sizes")
    if len(sizes) != 1 + visits:
        raise InputError(
            f"{where}: sizes holds the baseline and one reading a visit, {1 + visits} "
            f"in all, got {len(sizes)}."
        )
    readings = tuple(
        _reading(size, f"{where}, {f'visit {at}' if at else 'baseline'}")
        for at, size in enumerate(sizes)
    )
    if readings[0] in (Seen.GONE, Seen.MERGED, Seen.WORSE, Seen.NOT_EVALUABLE):
        raise InputError(
            f"{where}, baseline: a lesion is there before treatment, with a size or as "
            f"'present', got {shown(sizes[0])}."
        )
    if isinstance(sizes[0], Mapping):
        raise InputError(
            f"{where}, baseline: what is in parts before treatment is so many lesions; "
            "write one for each."
        )
    words = _WORD.findall(site.casefold())
    node = not _NODES.isdisjoint(words)
    target = parts.get("target")
    return LesionSeries(
        name=name,
        site="node" if node else " ".join(words),
        node=node,
        bone=not _BONES.isdisjoint(words),
        unmeasurable=not _UNMEASURABLE.isdisjoint(words),
        target=None if target is None else _yes(target, f"{where}: target"),
        readings=readings,
    )


def _new(given: Any, where: str) -> New:
    if isinstance(given, bool | np.bool_):
        return New.YES if given else New.NO
    return _word(given, {plain_name(one): one for one in New}, where)


def _visit(given: Any, number: int) -> Visit:
    where = f"Visit {number}"
    if not isinstance(given, Mapping):
        return Visit(day=_number(given, f"{where}: day", _LATEST_DAY))
    parts = _keys(given, _VISIT, where, ("day",))
    said, nontarget = parts.get("response"), parts.get("nontarget")
    return Visit(
        day=_number(parts["day"], f"{where}: day", _LATEST_DAY),
        new_lesion=_new(parts.get("new_lesion", False), f"{where}, new_lesion"),
        evaluable=_yes(parts.get("evaluable", True), f"{where}: evaluable"),
        nontarget=None
        if nontarget is None
        else _word(nontarget, _OTHERS, f"{where}, nontarget"),
        response=None
        if said is None
        else _word(said, _RESPONSES, f"{where}, response"),
    )


def parse_history(given: Any) -> LesionHistory:
    """Read a history.

    Parameters
    ----------
    given : mapping or LesionHistory
        As `oestra.trial.lesion_history` describes it.

    Returns
    -------
    LesionHistory
        The patient.

    Raises
    ------
    InputError
        If something in it cannot be read or meant, with the place and what is allowed.
    """
    if isinstance(given, LesionHistory):
        return given
    parts = _keys(given, _HISTORY, "A history", ("visits",))
    visits = [
        _visit(one, number)
        for number, one in enumerate(_list(parts["visits"], "visits"), 1)
    ]
    given_lesions = parts.get("lesions", [])
    if isinstance(given_lesions, Mapping):
        given_lesions = [
            {"site": site, "sizes": sizes} for site, sizes in given_lesions.items()
        ]
    lesions = [
        _lesion(one, number, len(visits))
        for number, one in enumerate(_list(given_lesions, "lesions"), 1)
    ]
    death = parts.get("death_day")
    history = LesionHistory(
        lesions=tuple(lesions),
        visits=tuple(visits),
        measurable=None
        if parts.get("measurable") is None
        else _yes(parts["measurable"], "measurable"),
        death_day=None if death is None else _number(death, "death_day", _LATEST_DAY),
    )
    check_history(history)
    return history
