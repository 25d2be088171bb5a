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

from oestra.survival.sample import Sample, two_groups

__all__ = ["LogRank", "log_rank"]


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


def _order(sample: Sample) -> NDArray[np.int64]:
    return np.lexsort((sample.durations, sample.stratum))


def _sums(sample: Sample) -> tuple[float, float, float]:
    order = _order(sample)
    time, stratum = sample.durations[order], sample.stratum[order]
    event, group = sample.event_observed[order], sample.group[order]
    first = np.r_[True, (np.diff(time) != 0) | (np.diff(stratum) != 0)]
    start = np.flatnonzero(first)
    # At risk at a time: all later rows of the same stratum.
    end = np.searchsorted(stratum, stratum[start], side="right")
    before = np.r_[0, np.cumsum(group)]
    n, n1 = (end - start).astype(float), (before[end] - before[start]).astype(float)
    d = np.add.reduceat(event.astype(float), start)
    d1 = np.add.reduceat((event & group).astype(float), start)
    variance = d * (n1 / n) * (1 - n1 / n) * (n - d) / np.maximum(n - 1, 1)
    return float(d1.sum()), float((d * n1 / n).sum()), float(variance.sum())


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
    observed, expected, variance = _sums(sample)
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
