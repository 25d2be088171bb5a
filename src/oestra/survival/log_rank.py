"""The log-rank test, stratified or not.

References
----------
.. [1] Mantel N (1966). Evaluation of survival data and two new rank order statistics
   arising in its consideration. Cancer Chemother Rep 50:163-170.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.survival.sample import two_groups

__all__ = ["LogRank", "log_rank", "score_sums"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """Result of a log-rank test on one degree of freedom.

    Parameters
    ----------
    statistic : float or None
        Chi-square; None if it cannot be estimated.
    p : float or None
        Two-sided p value.
    observed, expected : float
        Events in the group of interest, seen and expected under no difference.
    reason : str
        Why the test cannot be done, empty otherwise.
    """

    statistic: float | None
    p: float | None
    observed: float
    expected: float
    reason: str = ""


def score_sums(
    durations: NDArray[np.float64],
    event_observed: NDArray[np.bool_],
    group: NDArray[np.bool_],
    strata: NDArray[np.int64],
    ratio: float = 1.0,
) -> tuple[float, float, float]:
    """Return what the score of a hazard ratio is made of.

    Parameters
    ----------
    durations : ndarray of float64, shape (n,)
        Time to event or censoring.
    event_observed, group : ndarray of bool, shape (n,)
        True where the event was seen; true in the group of interest.
    strata : ndarray of int64, shape (n,)
        Strata with a baseline hazard each.
    ratio : float
        Hazard ratio under the null hypothesis; 1 is the log-rank test.

    Returns
    -------
    tuple of float
        Events in the group seen, those expected, and the variance of the difference.
    """
    order = np.lexsort((durations, strata))
    time, stratum = durations[order], strata[order]
    event, group = event_observed[order], group[order]
    first = np.r_[True, (np.diff(time) != 0) | (np.diff(stratum) != 0)]
    start = np.flatnonzero(first)
    # At risk at a time: all later rows of the same stratum.
    end = np.searchsorted(stratum, stratum[start], side="right")
    before = np.r_[0, np.cumsum(group)]
    n, n1 = (end - start).astype(float), (before[end] - before[start]).astype(float)
    d = np.add.reduceat(event.astype(float), start)
    d1 = np.add.reduceat((event & group).astype(float), start)
    # At risk in the group and in all, each patient weighed by her hazard.
    own, whole = ratio * n1, ratio * n1 + (n - n1)
    share = own / whole
    variance = d * share * (1 - share) * (n - d) / np.maximum(n - 1, 1)
    return float(d1.sum()), float((d * own / whole).sum()), float(variance.sum())


def log_rank(
    durations: ArrayLike,
    event_observed: ArrayLike,
    group: ArrayLike,
    strata: ArrayLike | None = None,
) -> LogRank:
    """Test whether two groups have the same hazard.

    The hypothesis is equal hazards at all times within every stratum; the test is
    most powerful under proportional hazards.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Time to event or censoring.
    event_observed : array_like of bool, or of 0 and 1, shape (n,)
        True where the event was seen.
    group : array_like of bool, or of 0 and 1, shape (n,)
        True in the group of interest.
    strata : array_like, shape (n,), optional
        Labels; observed minus expected and variances are summed over them.

    Returns
    -------
    LogRank
        Statistic and p, or None with a reason.

    Raises
    ------
    InputError
        If shapes differ, a time is negative or not finite, or a mark of an event or
        group is neither true nor false.
    """
    sample = two_groups(durations, event_observed, group, strata)
    why = sample.why_not()
    if why:
        return LogRank(statistic=None, p=None, observed=0.0, expected=0.0, reason=why)
    observed, expected, variance = score_sums(
        sample.durations, sample.event_observed, sample.group, sample.stratum
    )
    if variance <= 0:
        return LogRank(
            statistic=None,
            p=None,
            observed=observed,
            expected=expected,
            reason="no event happened while both groups were at risk",
        )
    statistic = (observed - expected) ** 2 / variance
    p = math.erfc(math.sqrt(statistic / 2))
    return LogRank(statistic=statistic, p=p, observed=observed, expected=expected)
