"""Rules that a design breaks beside values that are invalid in themselves.

Rules look at a design as a whole, which there is only where every part is valid. So
what is invalid is left out, or where it must be given replaced by something neutral,
and what is broken then is told, apart from what may be broken for that alone.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from oestra.core.at_place import at_place
from oestra.trial.arms_by_group import place_as_written
from oestra.trial.design import TrialDesign
from oestra.trial.fault import Fault

__all__ = ["errors_as_written", "faults_beside"]

Place = tuple[str | int, ...]
_TRIES = 4
"""What is put in may in turn lack something; no part of a file is nested deeper."""
_LATE = 400.0
"""Months after which no planned time of a trial comes."""
_TESTS = frozenset({"looks", "final_events", "efficacy", "futility", "hypotheses"})
"""Words of an analysis that go with each other."""
_NEUTRAL: Mapping[str, Any] = {
    "id": "stand-in",
    "label": "stand-in",
    "title": "stand-in",
    "arms": None,
    "visits": {"interval_weeks": 8.0},
    "interval_weeks": 8.0,
    "criteria": "RECIST-1.1",
    "accrual_months": 0.0,
    "data_cut_months": _LATE,
    "percent": 50.0,
    "regimen": "none",
    "where": "true",
    "until": {"event": "rising_esr1"},
    "event": "rising_esr1",
}
"""What stands in for a key that must be given, where what it holds is invalid."""


def errors_as_written(
    error: ValidationError, data: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return what is wrong with a design, at the places of its file.

    Parameters
    ----------
    error : ValidationError
        Of the design.
    data : mapping of str to Any
        The design, as its file has it.

    Returns
    -------
    list of dict
        As pydantic has them.
    """
    found: list[dict[str, Any]] = []
    for one in error.errors():
        told = dict(one) | {"loc": place_as_written(data, one["loc"])}
        if one["type"] == "rules":
            faults = [
                fault._replace(place=place_as_written(data, fault.place))
                for fault in one.get("ctx", {})["faults"]
            ]
            told["ctx"] = {"faults": faults}
        found.append(told)
    return found


def faults_beside(data: Mapping[str, Any], invalid: Sequence[Place]) -> list[Fault]:
    """Find rules that the valid parts of a design break.

    Parameters
    ----------
    data : mapping of str to Any
        The design, as its file has it.
    invalid : sequence of tuple
        Places of what is invalid in itself.

    Returns
    -------
    list of Fault
        None that what is invalid may be the only reason for.
    """
    if not invalid or ("arms",) in invalid:
        return []
    rest = deepcopy(dict(data))
    for place in sorted(invalid, key=len, reverse=True):
        _leave_out(rest, place)
    found: list[Fault] = []
    for _ in range(_TRIES):
        try:
            TrialDesign.model_validate(rest)
        except ValidationError as left:
            errors = errors_as_written(left, rest)
        else:
            return []
        missing = [one["loc"] for one in errors if one["type"] == "missing"]
        if not missing:
            found = [
                fault
                for one in errors
                if one["type"] == "rules"
                for fault in one.get("ctx", {})["faults"]
            ]
            break
        for place in missing:
            _put_in(rest, place)
    return [fault for fault in found if not _spoiled(fault.place, invalid)]


def _spoiled(place: Place, invalid: Sequence[Place]) -> bool:
    """Tell whether a rule may be broken only by what was left out or put in."""
    heads = {one[:1] for one in invalid}
    alike = [one for one in invalid if one[:1] == place[:1]]
    if any(place[:2] == one[:2] or len(one) < 2 for one in alike):
        return True
    # A whole word that is left out takes from others what they go with.
    beside = place[:1] == ("analysis",) and place[1] in _TESTS
    if beside and any(len(one) == 2 and one[1] in _TESTS for one in alike):
        return True
    names = any(one[0] == "arms" and (len(one) < 3 or one[2] == "id")
                for one in invalid)  # fmt: skip
    if names and place[0] in ("groups", "analysis"):
        return True
    return place[0] == "arms" and ("groups",) in heads


def _leave_out(data: Any, place: Place) -> None:
    """Take out the innermost key that leads to a place, if it is there."""
    *path, last = place
    data = at_place(data, path)
    if isinstance(data, dict):
        data.pop(last, None)
    elif isinstance(data, list) and isinstance(last, int) and last < len(data):
        data[last] = {} if path[-1:] == ["arms"] else data[last]


def _put_in(data: Any, place: Place) -> None:
    """Put something neutral where a key is missing, if that can be."""
    *path, last = place
    whole, data = data, at_place(data, path)
    if not isinstance(data, dict):
        return
    if last == "n":
        data[last] = _patients(whole, path, data)
    elif last in _NEUTRAL:
        told = deepcopy(_NEUTRAL[str(last)])
        number = next((step for step in path if isinstance(step, int)), None)
        own = last in ("id", "label") and number is not None
        data[last] = f"{told} {number}" if own else told


def _patients(whole: Any, path: Sequence[str | int], own: Mapping[str, Any]) -> Any:
    """Return a number of patients that fits those of the other arms."""
    if "arms" not in path:
        return 100_000 if "run_in" in path else {}
    each = [
        arm["n"] / arm.get("allocation", 1)
        for arm in whole["arms"]
        if isinstance(arm, dict) and isinstance(arm.get("n"), int)
    ]
    most = own.get("allocation", 1)
    return max(1, round(most * sum(each) / len(each))) if each else 100
