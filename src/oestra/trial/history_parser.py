"""Reading a patient's history from a mapping: what was meant, or one clear sentence."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from oestra.core.errors import InputError, nearest, shown
from oestra.core.name import plain_name
from oestra.core.terms import Response
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
_RESPONSES = {plain_name(one): one for one in Response} | {"nc": Response.SD}
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
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Sequence):
        raise InputError(f"{where} is a list, got {shown(given)}.")
    if len(given) > _MOST:
        raise InputError(f"{where} holds at most {_MOST} entries, got {len(given)}.")
    return list(given)


def _number(given: Any, where: str, most: float = math.inf) -> float:
    good = isinstance(given, int | float) and not isinstance(given, bool)
    if not good or not math.isfinite(given) or not 0 <= given <= most:
        upto = f" up to {most:g}" if math.isfinite(most) else ""
        raise InputError(f"{where} is a number of at least 0{upto}, "
                         f"got {shown(given)}.")  # fmt: skip
    return float(given)


def _yes(given: Any, where: str) -> bool:
    if not isinstance(given, bool):
        raise InputError(f"{where} is true or false, got {shown(given)}.")
    return given


def _word(given: Any, words: Mapping[str, Any], where: str) -> Any:
    found = words.get(plain_name(given)) if isinstance(given, str) else None
    if found is None:
        names = sorted({str(word) for word in words.values()})
        near = nearest(given, names) if isinstance(given, str) else None
        hint = f"nearest is {near!r}" if near else f"known are {', '.join(names)}"
        raise InputError(f"{where}: no reading {shown(given)}; {hint}.")
    return found


def _pair(given: Any, where: str) -> tuple[float, float]:
    """Return perpendicular diameters, longest first; one number is a round lesion."""
    if isinstance(given, list | tuple):
        if len(given) != 2:
            raise InputError(f"{where} has one or two diameters, got {shown(given)}.")
        one, other = (_number(size, where, _LARGEST_MM) for size in given)
        return max(one, other), min(one, other)
    size = _number(given, where, _LARGEST_MM)
    return size, size


def _reading(given: Any, where: str) -> LesionReading:
    if given is None:
        return Seen.NOT_EVALUABLE
    if isinstance(given, str):
        return _word(given, _SEEN, where)
    if isinstance(given, Mapping):
        parts = _list(_keys(given, ("split",), where, ("split",))["split"], where)
        if not parts:
            raise InputError(f"{where}: a lesion that split has parts, got none.")
        return tuple(_pair(part, where) for part in parts)
    sizes = _pair(given, where)
    return (sizes,) if sizes[0] > 0 else Seen.GONE


def _lesion(given: Any, number: int, visits: int) -> LesionSeries:
    where = f"Lesion {number}"
    parts = _keys(given, _LESION, where, ("site", "sizes"))
    site = parts["site"]
    if not isinstance(site, str) or not site.strip():
        raise InputError(f"{where}: site is the name of an organ, got {shown(site)}.")
    name = str(parts.get("name", f"lesion {number} ({site.strip()})"))
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
    words = site.casefold().replace("-", " ").replace("_", " ").split()
    target = parts.get("target")
    return LesionSeries(
        name=name,
        site="node" if {"node", "nodes"} & set(words) else " ".join(words),
        node=bool({"node", "nodes"} & set(words)),
        bone="bone" in words,
        target=None if target is None else _yes(target, f"{where}: target"),
        readings=readings,
    )


def _new(given: Any, where: str) -> New:
    if isinstance(given, bool):
        return New.YES if given else New.NO
    return _word(given, {plain_name(one): one for one in New}, where)


def _visit(given: Any, number: int) -> Visit:
    where = f"Visit {number}"
    if not isinstance(given, Mapping):
        return Visit(day=_number(given, f"{where}: day"))
    parts = _keys(given, _VISIT, where, ("day",))
    said, nontarget = parts.get("response"), parts.get("nontarget")
    return Visit(
        day=_number(parts["day"], f"{where}: day"),
        new_lesion=_new(parts.get("new_lesion", False), f"{where}, new_lesion"),
        evaluable=_yes(parts.get("evaluable", True), f"{where}: evaluable"),
        nontarget=None
        if nontarget is None
        else _word(nontarget, _SEEN, f"{where}, nontarget"),
        response=None
        if said is None
        else _word(said, _RESPONSES, f"{where}, response"),
    )


def _days_ascend(history: LesionHistory) -> None:
    """Refuse days that do not ascend, and visits after death."""
    days = [visit.day for visit in history.visits]
    for number, (before, after) in enumerate(pairwise(days), 2):
        if after <= before:
            raise InputError(
                f"Visit {number}: days ascend, but day {after:g} follows {before:g}."
            )
    if history.death_day is not None and history.death_day < max(days, default=0.0):
        raise InputError(
            f"death_day {history.death_day:g} comes before the last visit on day "
            f"{max(days):g}."
        )


def _said_once(history: LesionHistory) -> None:
    """Refuse what is said in two ways, or at some visits only."""
    judged = [visit.response is not None for visit in history.visits]
    if any(judged) and (history.lesions or not all(judged)):
        raise InputError(
            "A history holds either lesions or the response at every visit, got "
            f"{len(history.lesions)} lesions and {sum(judged)} responses at "
            f"{len(judged)} visits."
        )
    said = [visit.nontarget is not None for visit in history.visits]
    if any(said) and (any(judged) or not all(said)):
        raise InputError(
            "What non-target lesions do is said at every visit or at none, and not "
            f"beside a response, got it at {sum(said)} of {len(said)} visits; write "
            "nontarget: NE where they were not evaluated."
        )


def _evaluable(history: LesionHistory) -> None:
    """Refuse readings at visits that could not be evaluated."""
    for number, visit in enumerate(history.visits, 1):
        if visit.evaluable:
            continue
        if visit.response not in (None, Response.NE):
            raise InputError(
                f"Visit {number} is not evaluable, but its response is "
                f"{visit.response}; write NE, or leave evaluable out."
            )
        for lesion in history.lesions:
            if lesion.readings[number] is not Seen.NOT_EVALUABLE:
                raise InputError(
                    f"Visit {number} is not evaluable, but {lesion.name} has a reading "
                    "there; write NE for it, or leave evaluable out."
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
        measurable=_yes(parts.get("measurable", True), "measurable"),
        death_day=None if death is None else _number(death, "death_day"),
    )
    for check in (_days_ascend, _said_once, _evaluable):
        check(history)
    return history
