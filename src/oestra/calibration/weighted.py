"""Survival statistics of weighted patients, smooth enough to be differentiated.

Calibration follows every eligible patient under every arm, weighted to the trial's
case-mix, instead of sampling a few hundred: the same patients serve both arms, and
estimates move smoothly with the parameters.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

__all__ = ["expected_log_median", "log_hazard_ratio", "percent_met", "survival_at"]

Array = NDArray[np.float64]
_STEPS, _CLOSE = 25, 1e-6


def percent_met(
    met: NDArray[np.bool_], among: NDArray[np.bool_], weight: Array
) -> float:
    """Return the weighted percent of patients who met a condition.

    Parameters
    ----------
    met, among : ndarray of bool, shape (n,)
        Who met it, and who is counted.
    weight : ndarray, shape (n,)
        Weight of each patient.
    """
    of = weight[among]
    return 100.0 * float(np.sum(of * met[among]) / max(of.sum(), 1e-12))


def survival_at(
    day: Array, event: NDArray[np.bool_], weight: Array, at: Array
) -> Array:
    """Return the weighted Kaplan-Meier survival just after given days.

    Parameters
    ----------
    day : ndarray, shape (n,)
        Time to event or censoring.
    event : ndarray of bool, shape (n,)
        True where the event was seen.
    weight : ndarray, shape (n,)
        Weight of each patient.
    at : ndarray, shape (k,)
        Days.

    Returns
    -------
    ndarray, shape (k,)
        Survival.
    """
    time, curve = _curve(day, event, weight)
    before = np.concatenate([[1.0], curve])
    return before[np.searchsorted(time, at, side="right")]


def _curve(day: Array, event: NDArray[np.bool_], weight: Array) -> tuple[Array, Array]:
    """Return times and the weighted Kaplan-Meier survival just after them."""
    order = np.argsort(day, kind="stable")
    time, first = np.unique(day[order], return_index=True)
    w = weight[order]
    # Ties: everybody with the same time is at risk together.
    at_risk = np.cumsum(w[::-1])[::-1][first]
    lost = np.add.reduceat(w * event[order], first)
    with np.errstate(divide="ignore"):
        drop = np.log1p(-np.minimum(lost / at_risk, 1.0))
    return time, np.exp(np.cumsum(drop))


def expected_log_median(
    day: Array, event: NDArray[np.bool_], weight: Array, error: float
) -> float:
    """Return the mean log of the medians that trials of a given size would print.

    A printed median is the first visit at which the curve of that trial, which differs
    from the true one by sampling, is at or below one half: it jumps from visit to
    visit, while its mean moves smoothly.

    Parameters
    ----------
    day : ndarray, shape (n,)
        Time to event or censoring, positive.
    event : ndarray of bool, shape (n,)
        True where the event was seen.
    weight : ndarray, shape (n,)
        Weight of each patient.
    error : float
        Standard error of survival near one half.

    Returns
    -------
    float
        Log of days; where half never progress, the last day counts.
    """
    time, curve = _curve(day, event, weight)
    passed = np.maximum.accumulate(ndtr((0.5 - curve) / error))
    passed[-1] = 1.0
    share = np.diff(np.concatenate([[0.0], passed]))
    return float(np.sum(share * np.log(np.maximum(time, 1.0))))


def log_hazard_ratio(
    day: Array, event: NDArray[np.bool_], treated: NDArray[np.bool_], weight: Array
) -> float:
    """Return the log hazard ratio of Cox's model for weighted patients.

    Parameters
    ----------
    day : ndarray, shape (n,)
        Time to event or censoring.
    event, treated : ndarray of bool, shape (n,)
        Event seen; in the experimental arm.
    weight : ndarray, shape (n,)
        Weight of each patient.

    Returns
    -------
    float
        Log hazard ratio with Breslow's ties; within -5 to 5.
    """
    order = np.argsort(-day, kind="stable")
    time, w = day[order], weight[order]
    x, seen = treated[order], event[order]
    last = np.searchsorted(-time, -time, side="right") - 1
    risk_all, risk_one = np.cumsum(w)[last], np.cumsum(w * x)[last]
    d, n1, n0 = w[seen], risk_one[seen], (risk_all - risk_one)[seen]
    total = float(np.sum(d * x[seen]))
    beta = 0.0
    for _ in range(_STEPS):
        share = n1 * np.exp(beta) / (n1 * np.exp(beta) + n0)
        slope = total - float(np.sum(d * share))
        curvature = float(np.sum(d * share * (1.0 - share)))
        if curvature <= 0:
            break
        move = float(np.clip(slope / curvature, -1.0, 1.0))
        beta = float(np.clip(beta + move, -5.0, 5.0))
        if abs(move) < _CLOSE:
            break
    return beta
