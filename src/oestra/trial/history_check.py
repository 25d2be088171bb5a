"""What a history of lesions cannot say: days out of order, one thing in two ways."""

from itertools import pairwise

from oestra.core.errors import InputError
from oestra.core.terms import Response
from oestra.trial.lesion_history import LesionHistory, Seen

__all__ = ["check_history"]


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


def _baseline_first(history: LesionHistory) -> None:
    """Refuse a visit on the day of the baseline, whose sizes come first."""
    for number, visit in enumerate(history.visits, 1):
        if visit.day == 0 and visit.response is None:
            raise InputError(
                f"Visit {number}: day 0 is that of the baseline, the first of the "
                "sizes; a visit comes after it, got day 0."
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
        if visit.nontarget not in (None, Seen.NOT_EVALUABLE, Seen.WORSE):
            raise InputError(
                f"Visit {number} is not evaluable, but its non-target lesions are "
                f"{visit.nontarget}; write NE, or leave evaluable out."
            )
        for lesion in history.lesions:
            if lesion.readings[number] is not Seen.NOT_EVALUABLE:
                raise InputError(
                    f"Visit {number} is not evaluable, but {lesion.name} has a reading "
                    "there; write NE for it, or leave evaluable out."
                )


def _named_once(history: LesionHistory) -> None:
    """Refuse two lesions of one name."""
    names = [lesion.name for lesion in history.lesions]
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                f"{names.count(name)} lesions have the name {name!r}; give each its "
                "own, or leave name out."
            )


def _merged(history: LesionHistory) -> None:
    """Refuse lesions that merged into none, so that nothing holds their size."""
    for number in range(1, 1 + len(history.visits)):
        into = {
            one.site
            for one in history.lesions
            if one.readings[number] is not Seen.MERGED
        }
        for lesion in history.lesions:
            if lesion.readings[number] is Seen.MERGED and lesion.site not in into:
                raise InputError(
                    f"{lesion.name}, visit {number}: no other lesion of this organ is "
                    "there that it could have merged into; write the size of both for "
                    "one of them, or gone."
                )


def check_history(history: LesionHistory) -> None:
    """Refuse a history whose parts contradict each other.

    Parameters
    ----------
    history : LesionHistory
        The patient.

    Raises
    ------
    InputError
        If they do, with the place and what is allowed.
    """
    for check in (
        _days_ascend, _baseline_first, _said_once, _evaluable, _named_once, _merged
    ):  # fmt: skip
        check(history)
