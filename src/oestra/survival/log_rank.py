"""The log-rank test, stratified or not.

References
----------
.. [1] Mantel N (1966). Evaluation of survival data and two new rank order statistics
   arising in its consideration. Cancer Chemother Rep 50:163-170.
.. [2] Harrington DP, Fleming TR (1982). A class of rank test procedures for censored
   survival data. Biometrika 69:553-566. doi:10.1093/biomet/69.3.553
.. [3] Lin DY, Wei LJ (1989). The robust inference for the Cox proportional hazards
   model. J Am Stat Assoc 84:1074-1078. doi:10.1080/01621459.1989.10478874
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError
from oestra.core.number import number
from oestra.survival.sample import Sample, two_groups

__all__ = ["EVEN", "FlemingHarrington", "LogRank", "log_rank", "score_sums"]


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
        Events in the group of interest, seen and expected under no difference, or the
        sums of their weights.
    reason : str
        Why the test cannot be done, empty otherwise.
    """

    statistic: float | None
    p: float | None
    observed: float
    expected: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FlemingHarrington:
    """Weights of events by the share of patients who were free of one before.

    An event at ``t`` weighs ``S(t-)**rho * (1 - S(t-))**gamma``, where ``S`` is the
    Kaplan-Meier curve of both groups of a stratum. With ``rho`` early events count for
    more, with ``gamma`` late ones; ``rho`` 1 alone is the test of Peto and Peto.

    Parameters
    ----------
    rho, gamma : float
        Powers, 0 or more; both 0 is the log-rank test.
    """

    rho: float = 0.0
    gamma: float = 0.0

    def __post_init__(self) -> None:
        """Refuse powers that are none."""
        for name, power in (("rho", self.rho), ("gamma", self.gamma)):
            found = number(power, name)
            if not (math.isfinite(found) and found >= 0):
                raise InputError(f"{name} must be 0 or more, got {found:g}.")

    @property
    def even(self) -> bool:
        """Whether all events weigh the same."""
        return self.rho == 0 and self.gamma == 0


EVEN = FlemingHarrington()
"""Weights of the log-rank test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _AtRisk:
    """Who is at risk and who has the event at each time of each stratum.

    Parameters
    ----------
    order : ndarray of int64, shape (n,)
        Patients by stratum and time.
    start : ndarray of int64, shape (m,)
        Where each time begins.
    stratum : ndarray of int64, shape (m,)
        Stratum of each time.
    n, n1, d, d1 : ndarray of float64, shape (m,)
        At risk and events, in all and in the group of interest, or their weights.
    """

    order: NDArray[np.int64]
    start: NDArray[np.int64]
    stratum: NDArray[np.int64]
    n: NDArray[np.float64]
    n1: NDArray[np.float64]
    d: NDArray[np.float64]
    d1: NDArray[np.float64]

    def weighed(self, by: FlemingHarrington) -> NDArray[np.float64]:
        """Return the weight of an event at each time, shape (m,)."""
        before = np.ones(self.start.size)
        for one in np.unique(self.stratum):
            here = self.stratum == one
            left = np.cumprod(np.maximum(1 - self.d[here] / self.n[here], 0.0))
            before[here] = np.r_[1.0, left[:-1]]
        return before**by.rho * (1 - before) ** by.gamma


def _at_risk(
    durations: NDArray[np.float64],
    event_observed: NDArray[np.bool_],
    group: NDArray[np.bool_],
    strata: NDArray[np.int64],
    weight: NDArray[np.float64] | None = None,
) -> _AtRisk:
    order = np.lexsort((durations, strata))
    time, stratum = durations[order], strata[order]
    event, group = event_observed[order], group[order]
    first = np.r_[True, (np.diff(time) != 0) | (np.diff(stratum) != 0)]
    start = np.flatnonzero(first)
    # At risk at a time: all later rows of the same stratum.
    end = np.searchsorted(stratum, stratum[start], side="right")
    each = np.ones(time.size) if weight is None else weight[order]

    def from_here(values: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.r_[0.0, np.cumsum(values)]
        return total[end] - total[start]

    return _AtRisk(
        order=order,
        start=start,
        stratum=stratum[start],
        n=from_here(each),
        n1=from_here(each * group),
        d=np.add.reduceat(each * event, start),
        d1=np.add.reduceat(each * (event & group), start),
    )


def score_sums(
    durations: NDArray[np.float64],
    event_observed: NDArray[np.bool_],
    group: NDArray[np.bool_],
    strata: NDArray[np.int64],
    *,
    events: FlemingHarrington = EVEN,
    weight: NDArray[np.float64] | None = None,
) -> tuple[float, float, float]:
    """Return what the log-rank test is made of.

    Parameters
    ----------
    durations : ndarray of float64, shape (n,)
        Time to event or censoring.
    event_observed, group : ndarray of bool, shape (n,)
        True where the event was seen; true in the group of interest.
    strata : ndarray of int64, shape (n,)
        Strata with a baseline hazard each.
    events : FlemingHarrington
        What an event weighs; all the same by default.
    weight : ndarray of float64, shape (n,), optional
        Patients for whom each stands, in whole numbers.

    Returns
    -------
    tuple of float
        Events in the group seen, those expected, and the variance of the difference.
    """
    at = _at_risk(durations, event_observed, group, strata, weight)
    share = at.n1 / at.n
    variance = at.d * share * (1 - share) * (at.n - at.d) / np.maximum(at.n - 1, 1)
    seen, expected = at.d1, at.d * share
    if not events.even:
        by = at.weighed(events)
        seen, expected, variance = by * seen, by * expected, by**2 * variance
    return float(seen.sum()), float(expected.sum()), float(variance.sum())


def _robust_sums(
    sample: Sample, events: FlemingHarrington
) -> tuple[float, float, float]:
    """Return seen, expected and the variance by Lin and Wei, from each patient's pull.

    Weights are no numbers of patients here, and counts tell no variance.
    """
    group = sample.group
    at = _at_risk(
        sample.durations, sample.event_observed, group, sample.stratum, sample.weight
    )
    by, share = at.weighed(events), at.n1 / at.n
    hazard = by * at.d / at.n
    # What everybody at risk and what the group had to expect, up to each time.
    whole, own = np.cumsum(hazard), np.cumsum(hazard * share)
    first = np.searchsorted(at.stratum, at.stratum)
    whole -= (whole - hazard)[first]
    own -= (own - hazard * share)[first]
    moment = np.repeat(
        np.arange(at.start.size), np.diff(np.append(at.start, at.order.size))
    )
    x = group[at.order].astype(float)
    event = sample.event_observed[at.order]
    pull = np.where(event, by[moment] * (x - share[moment]), 0.0)
    pull -= x * whole[moment] - own[moment]
    variance = ((sample.weight[at.order] * pull) ** 2).sum()
    expected = (by * at.d * share).sum()
    return float((by * at.d1).sum()), float(expected), float(variance)


def log_rank(
    durations: ArrayLike,
    event_observed: ArrayLike,
    group: ArrayLike,
    strata: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    events: FlemingHarrington = EVEN,
) -> LogRank:
    """Test whether two groups have the same hazard.

    The hypothesis is equal hazards at all times within every stratum; the test is
    most powerful under proportional hazards, and with weights of events [2]_ where
    hazards differ early or late.

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
    weights : array_like of float, shape (n,), optional
        Positive case weights. Whole numbers count patients; others weigh them, and the
        variance is that of Lin and Wei [3]_, as in R's ``coxph``.
    events : FlemingHarrington
        What an event weighs; all the same by default.

    Returns
    -------
    LogRank
        Statistic and p, or None with a reason.

    Raises
    ------
    InputError
        If shapes differ, a time is negative or not finite, a mark of an event or group
        is neither true nor false, or a weight is not positive.
    """
    sample = two_groups(durations, event_observed, group, strata, weights)
    why = sample.why_not()
    if why:
        return LogRank(statistic=None, p=None, observed=0.0, expected=0.0, reason=why)
    if (sample.weight != np.floor(sample.weight)).any():
        observed, expected, variance = _robust_sums(sample, events)
    else:
        observed, expected, variance = score_sums(
            sample.durations,
            sample.event_observed,
            sample.group,
            sample.stratum,
            events=events,
            weight=sample.weight,
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
