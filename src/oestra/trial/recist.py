"""Response at each visit and best response, from what was seen (WHO and RECIST).

Arrays have one row per patient and one column per visit; the baseline is not a visit.

References
----------
.. [1] Eisenhauer EA et al. (2009). New response evaluation criteria in solid tumours:
   revised RECIST guideline (version 1.1). Eur J Cancer 45:228-247: Table 1 (with
   target lesions), Table 2 (without), Table 3 (best response with confirmation).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.trial.confirm import confirmed, relapsed
from oestra.trial.criteria import CriteriaRules
from oestra.trial.reading import Reading, nadir_before
from oestra.trial.response_code import Code

__all__ = [
    "BestResponse",
    "Code",
    "Reading",
    "best_response",
    "confirmed",
    "first_progression",
    "nadir_before",
    "overall_response",
    "target_response",
]

_ROUND = 1e-9
"""Sums of decimals miss a border by their last bits; scans never by so little."""


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


def target_response(reading: Reading, rules: CriteriaRules) -> NDArray[np.int8]:
    """Read the target lesions alone.

    Where not all of them could be evaluated, the visit is NE, unless those that could
    have grown enough for progression whatever the others did.

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
    if reading.target_worse is not None:
        worse |= reading.target_worse
    smaller = reading.target <= rules.partial_ratio * reading.baseline[:, None] + _ROUND
    code = np.select(
        [
            ~reading.assessed,
            worse,
            ~reading.targets_seen,
            reading.target_cleared,
            smaller,
        ],
        [Code.NE, Code.PD, Code.NE, Code.CR, Code.PR],
        default=Code.SD,
    )
    return code.astype(np.int8)


def overall_response(reading: Reading, rules: CriteriaRules) -> NDArray[np.int8]:
    """Combine targets, non-targets and new lesions into the response at each visit.

    A new lesion and unequivocal growth of non-targets are progression also where the
    rest could not be evaluated; so is any disease after a complete response. Where
    none is seen after one, but not all could be evaluated, the visit is NE.

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
    seen = np.where(has_target, target != Code.NE, reading.nontargets_seen)
    if reading.diseased is not None:
        seen &= reading.diseased[:, None]
    cleared = reading.nontarget_cleared & reading.nontargets_seen
    partial = has_target & ((target == Code.PR) | (target == Code.CR))
    code = np.select(
        [
            ~reading.assessed,
            worse,
            ~seen,
            (target == Code.CR) & cleared,
            partial,
            has_target,
        ],
        [Code.NE, Code.PD, Code.NE, Code.CR, Code.PR, Code.SD],
        default=rules.neither,
    )
    return _after_complete(code.astype(np.int8), reading.disease_seen)


def _after_complete(
    code: NDArray[np.int8], disease: NDArray[np.bool_] | None
) -> NDArray[np.int8]:
    """Tell relapse after a complete response from scans that could not tell."""
    if disease is not None:
        complete = np.logical_or.accumulate(code == Code.CR, axis=1)
        open_ = complete & (code != Code.CR) & (code != Code.PD)
        code = np.where(open_, np.where(disease, Code.PD, Code.NE), code)
    return relapsed(code.astype(np.int8))


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
        Day of progression; disease after a complete response is progression.
    """
    worse = relapsed(response) == Code.PD
    return np.where(worse, day, np.inf).min(axis=1, initial=np.inf)


def best_response(  # noqa: PLR0913
    response: NDArray[np.int8],
    day: NDArray[np.float64],
    *,
    confirmation_weeks: float | None,
    stable_weeks: float = 6.0,
    window_days: float = 7.0,
    inevaluable_between: int = 1,
    stable_between: int = 0,
    otherwise: NDArray[np.int8] | Code = Code.SD,
) -> BestResponse:
    """Return the best overall response up to progression.

    Parameters
    ----------
    response : ndarray of int8, shape (n, v)
        Overall response at each visit.
    day : ndarray of float64, shape (n, v)
        Day of each visit, ascending.
    confirmation_weeks : float or None
        Weeks after which a response must be seen again, None if never.
    stable_weeks : float
        Least time from baseline at which stable disease counts.
    window_days : float
        How early a visit may fall and still count as its week.
    inevaluable_between, stable_between : int
        Most visits that may be inevaluable, or read SD, between a response and the
        visit that confirms it; see `confirmed`.
    otherwise : ndarray of int8, shape (n,), or Code
        What a response that is not confirmed counts as; see `confirmed`.

    Returns
    -------
    BestResponse
        Code and start of the response.
    """
    response, day = np.asarray(response), np.asarray(day, dtype=float)
    progression = first_progression(response, day)
    before = day < progression[:, None]
    counted = confirmed(
        response,
        day,
        confirmation_weeks,
        inevaluable_between=inevaluable_between,
        stable_between=stable_between,
        otherwise=otherwise,
    )
    kept = np.where(before, counted, Code.NE)
    early = (kept > Code.PD) & (kept < Code.PR) & (day < 7 * stable_weeks - window_days)
    kept = np.where(early, Code.NE, kept)
    best = kept.max(axis=1, initial=Code.NE)
    # Stable targets say more than the word for having none.
    stable = (best == Code.NON_CR_NON_PD) & np.any(kept == Code.SD, axis=1)
    best = np.where(stable, Code.SD, best)
    best = np.where((best == Code.NE) & np.isfinite(progression), Code.PD, best)
    start = np.where(kept >= Code.PR, day, np.inf).min(axis=1, initial=np.inf)
    return BestResponse(code=best.astype(np.int8), start=start)
