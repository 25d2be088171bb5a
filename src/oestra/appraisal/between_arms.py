"""One arm against another, across trials, replicate by replicate."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oestra.core.units import DAYS_PER_MONTH
from oestra.survival.cox import hazard_ratio
from oestra.survival.product_limit import product_limit
from oestra.trial.endpoints import HAZARD_RATIO
from oestra.trial.estimate import Estimate, summarize
from oestra.trial.result import TrialResult
from oestra.trial.scale import Scale
from oestra.trial.statistic import ratio_value
from oestra.trial.value import Value

__all__ = ["Times", "arm_times", "median_gain", "ratio_between"]

Times = tuple[NDArray[np.float64], NDArray[np.bool_]]
"""Months to an event or censoring, and which of these were events."""
_DIFFERENCE = Scale("difference", float, float, -np.inf, np.inf)


def arm_times(result: TrialResult, endpoint: str, arm: str) -> list[Times]:
    """Return the times of an arm, replicate by replicate.

    Parameters
    ----------
    result : TrialResult
        What was simulated.
    endpoint : str
        A time to an event, such as ``pfs``.
    arm : str
        Id of the arm.
    """
    every = result.patients
    mine = (every["PARAMCD"] == endpoint.upper()) & (every["TRTP"] == arm)
    rows = every.loc[mine]
    days = rows["AVAL"].to_numpy(dtype=float) / DAYS_PER_MONTH
    events = rows["CNSR"].to_numpy() == 0
    number = rows["REPLICATE"].to_numpy()
    trials = [number == one for one in range(result.replicates)]
    return [(days[one], events[one]) for one in trials]


def ratio_between(
    arm: Sequence[Times], other: Sequence[Times], sets: Sequence[int]
) -> Estimate:
    """Return the hazard ratio of an arm to another of the same or another trial.

    Parameters
    ----------
    arm, other : sequence of Times
        Replicate by replicate.
    sets : sequence of int
        Number of the parameter set of each replicate.
    """
    found = [_ratio(*pair) for pair in zip(arm, other, strict=True)]
    return summarize(found, scale=HAZARD_RATIO.scale, sets=sets)


def median_gain(
    arm: Sequence[Times], other: Sequence[Times], sets: Sequence[int]
) -> Estimate:
    """Return the median of an arm less that of another, in months.

    Parameters
    ----------
    arm, other, sets
        As in `ratio_between`.
    """
    found = [_gain(*pair) for pair in zip(arm, other, strict=True)]
    return summarize(found, scale=_DIFFERENCE, sets=sets)


def _ratio(arm: Times, other: Times) -> Value:
    if not arm[0].size or not other[0].size:
        return Value(None, "an arm without patients")
    group = np.arange(arm[0].size + other[0].size) < arm[0].size
    found = hazard_ratio(
        np.concatenate([arm[0], other[0]]), np.concatenate([arm[1], other[1]]), group
    )
    return ratio_value(found)


def _gain(arm: Times, other: Times) -> Value:
    medians = [product_limit(*one).median for one in (arm, other)]
    mine, its = medians
    if mine is not None and its is not None:
        return Value(mine - its)
    if mine is its:
        return Value(None, "both medians not reached")
    return Value(None, "a median not reached", np.inf if mine is None else -np.inf)
