"""Response at each visit and best response, from what was seen (WHO and RECIST).

Arrays have one row per patient and one column per visit; the baseline is not a visit.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from oestra.trial.criteria import CriteriaRules

__all__ = [
    "BestResponse",
    "Code",
    "Reading",
    "best_response",
    "confirmed",
    "first_progression",
    "overall_response",
    "target_response",
]

_ROUND = 1e-9


class Code(IntEnum):
    """Response as a number, from worst known to best."""

    NE = 0
    PD = 1
    SD = 2
    NON_CR_NON_PD = 3
    PR = 4
    CR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the reader saw.

    Parameters
    ----------
    day : ndarray of float64, shape (n, v)
        Day of each visit from randomization.
    assessed : ndarray of bool, shape (n, v)
        False where a visit was missed or could not be evaluated.
    baseline : ndarray of float64, shape (n,)
        Sum over target lesions before treatment; 0 without measurable disease.
    target : ndarray of float64, shape (n, v)
        Sum over target lesions (mm or mm^2).
    target_cleared : ndarray of bool, shape (n, v)
        All target lesions gone (or nodes normal).
    nontarget_cleared, nontarget_worse, new_lesion : ndarray of bool, shape (n, v)
        Non-target lesions all gone (also where there are none), unequivocally
        worse; a lesion seen that was not there before.
    """

    day: NDArray[np.float64]
    assessed: NDArray[np.bool_]
    baseline: NDArray[np.float64]
    target: NDArray[np.float64]
    target_cleared: NDArray[np.bool_]
    nontarget_cleared: NDArray[np.bool_]
    nontarget_worse: NDArray[np.bool_]
    new_lesion: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class BestResponse:
    """Best overall response.

    Parameters
    ----------
    code : ndarray of int8, shape (n,)
        Best response as `Code`.
    start : ndarray of float64, shape (n,)
        Day the first counted CR or PR was seen; inf without response.
    """

    code: NDArray[np.int8]
    start: NDArray[np.float64]


def nadir_before(reading: Reading) -> NDArray[np.float64]:
    """Return the smallest sum seen before each visit, baseline included.

    Parameters
    ----------
    reading : Reading
        What was seen.

    Returns
    -------
    ndarray of float64, shape (n, v)
        The nadir; visits not assessed do not lower it.
    """
    seen = np.where(reading.assessed, reading.target, np.inf)
    series = np.concatenate([reading.baseline[:, None], seen[:, :-1]], axis=1)
    return np.minimum.accumulate(series, axis=1)


def target_response(reading: Reading, rules: CriteriaRules) -> NDArray[np.int8]:
    """Read the target lesions alone.

    Parameters
    ----------
    reading : Reading
        What was seen.
    rules : CriteriaRules
        The rule set.

    Returns
    -------
    ndarray of int8, shape (n, v)
        CR, PR, SD, PD or NE; meaningless for patients without targets.
    """
    nadir = nadir_before(reading)
    rise = reading.target - nadir
    worse = (
        (reading.target >= rules.progression_ratio * nadir - _ROUND)
        & (rise >= rules.absolute_rise - _ROUND)
        & (rise > _ROUND)
        & ~reading.target_cleared
    )
    smaller = reading.target <= rules.partial_ratio * reading.baseline[:, None] + _ROUND
    code = np.select(
        [~reading.assessed, worse, reading.target_cleared, smaller],
        [Code.NE, Code.PD, Code.CR, Code.PR],
        default=Code.SD,
    )
    return code.astype(np.int8)


def overall_response(reading: Reading, rules: CriteriaRules) -> NDArray[np.int8]:
    """Combine targets, non-targets and new lesions into the response at each visit.

    Parameters
    ----------
    reading : Reading
        What was seen.
    rules : CriteriaRules
        The rule set.

    Returns
    -------
    ndarray of int8, shape (n, v)
        Overall response as `Code`.
    """
    has_target = (reading.baseline > 0)[:, None]
    target = np.where(has_target, target_response(reading, rules), Code.CR)
    worse = (target == Code.PD) | reading.nontarget_worse | reading.new_lesion
    complete = (target == Code.CR) & reading.nontarget_cleared
    partial = has_target & ((target == Code.PR) | (target == Code.CR))
    code = np.select(
        [~reading.assessed, worse, complete, partial, has_target],
        [Code.NE, Code.PD, Code.CR, Code.PR, Code.SD],
        default=Code.NON_CR_NON_PD,
    )
    return code.astype(np.int8)


def first_progression(
    response: NDArray[np.int8], day: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the day of the first visit that reads PD, inf without one.

    Parameters
    ----------
    response : ndarray of int8, shape (n, v)
        Overall response.
    day : ndarray of float64, shape (n, v)
        Day of each visit.

    Returns
    -------
    ndarray of float64, shape (n,)
        Day of progression.
    """
    return np.where(response == Code.PD, day, np.inf).min(axis=1, initial=np.inf)


def confirmed(
    response: NDArray[np.int8], day: NDArray[np.float64], weeks: float | None
) -> NDArray[np.int8]:
    """Downgrade responses that no later visit confirms.

    The next evaluable visit must come at least ``weeks`` later and show the response
    again (visits not evaluable in between are passed over). A CR that is only followed
    by PR counts as PR; a response not confirmed counts as SD.

    Parameters
    ----------
    response : ndarray of int8, shape (n, v)
        Overall response.
    day : ndarray of float64, shape (n, v)
        Day of each visit.
    weeks : float or None
        Least interval; None if the trial asks for no confirmation.

    Returns
    -------
    ndarray of int8, shape (n, v)
        Response after confirmation.
    """
    if weeks is None:
        return response
    out = response.copy()
    follower = np.full(response.shape[0], Code.NE, dtype=np.int8)
    follower_day = np.full(response.shape[0], -np.inf)
    for visit in range(response.shape[1] - 1, -1, -1):
        now, when = response[:, visit], day[:, visit]
        ok = np.where(follower_day - when >= 7 * weeks - _ROUND, follower, Code.NE)
        is_response = now >= Code.PR
        out[:, visit] = np.where(
            is_response, np.where(ok >= Code.PR, np.minimum(now, ok), Code.SD), now
        )
        # The visit that may confirm an earlier one: the next evaluable, far enough.
        use = now != Code.NE
        follower = np.where(use, now, follower)
        follower_day = np.where(use, when, follower_day)
    return out


def best_response(
    response: NDArray[np.int8],
    day: NDArray[np.float64],
    *,
    confirmation_weeks: float | None,
    stable_weeks: float = 6.0,
    window_days: float = 7.0,
) -> BestResponse:
    """Return the best overall response up to progression.

    Parameters
    ----------
    response : ndarray of int8, shape (n, v)
        Overall response at each visit.
    day : ndarray of float64, shape (n, v)
        Day of each visit.
    confirmation_weeks : float or None
        Weeks after which a response must be seen again, None if never.
    stable_weeks : float
        Least time from baseline at which stable disease counts.
    window_days : float
        How early a visit may fall and still count as its week.

    Returns
    -------
    BestResponse
        Code and start of the response.
    """
    progression = first_progression(response, day)
    before = day < progression[:, None]
    kept = np.where(before, confirmed(response, day, confirmation_weeks), Code.NE)
    early = (kept > Code.PD) & (kept < Code.PR) & (day < 7 * stable_weeks - window_days)
    kept = np.where(early, Code.NE, kept)
    best = kept.max(axis=1, initial=Code.NE)
    best = np.where((best == Code.NE) & np.isfinite(progression), Code.PD, best)
    start = np.where(kept >= Code.PR, day, np.inf).min(axis=1, initial=np.inf)
    return BestResponse(code=best.astype(np.int8), start=start)
