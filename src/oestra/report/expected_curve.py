"""The expected curve of many trials, and the band that holds most of their curves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.survival.product_limit import product_limit

__all__ = ["LEVEL", "ExpectedCurve", "expected_curve"]

Array = NDArray[np.float64]
Times = tuple[Array, NDArray[np.bool_]]
LEVEL = 0.95
"""Share of trials within the band at any one time."""
_FEW, _FEW_PERCENT = 10, 10
"""At risk, at which a curve says little: so many, or so many percent if less."""
_POINTS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCurve:
    """Survival over all trials of one arm.

    Parameters
    ----------
    times : ndarray, shape (m,)
        Months, ascending from 0.
    mean, low, high : ndarray, shape (m,)
        Mean of the trials' curves, and where the central 95 % of them lie.
    """

    times: Array
    mean: Array
    low: Array
    high: Array


def expected_curve(trials: Sequence[Times]) -> ExpectedCurve:
    """Average the Kaplan-Meier curves of trials.

    Every trial weighs the same, so that with one trial a parameter set the curve is
    expected over what the fit leaves open. It ends where, in the trial that is
    followed the shortest, few patients are at risk.

    Parameters
    ----------
    trials : sequence of tuple of ndarray
        Times in months, and whether the event was seen, of each trial.

    Returns
    -------
    ExpectedCurve
        Trials without patients do not count.
    """
    full = [one for one in trials if one[0].size]
    if not full:
        none = np.array([0.0])
        return ExpectedCurve(times=none, mean=none + 1, low=none + 1, high=none + 1)
    ends = [np.sort(times)[-_few(times.size)] for times, _ in full]
    times = np.linspace(0.0, float(np.min(ends)), _POINTS)
    curves = np.stack([product_limit(*one).at(times) for one in full])
    tail = 0.5 * (1.0 - LEVEL)
    low, high = np.quantile(curves, [tail, 1.0 - tail], axis=0)
    return ExpectedCurve(times=times, mean=curves.mean(axis=0), low=low, high=high)


def _few(size: int) -> int:
    """Return how many at risk are few in an arm of that size."""
    return max(1, min(_FEW, size * _FEW_PERCENT // 100))
