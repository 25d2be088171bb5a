"""Endpoints of weighted patients: one estimator a statistic, none an endpoint.

What is counted of each patient is that of a trial (`oestra.trial.endpoints`); only the
reduction differs, for it weighs patients and moves smoothly with the parameters.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.calibration.weighted import (
    expected_log_median,
    log_hazard_ratio,
    percent_met,
    survival_at,
)
from oestra.core.errors import InputError
from oestra.core.units import DAYS_PER_MONTH
from oestra.evidence.target_row import TargetRow
from oestra.trial.analysis import Analysis, Denominator
from oestra.trial.endpoints import find_endpoint
from oestra.trial.observe import Observed
from oestra.trial.statistic import (
    Change,
    HazardRatio,
    Landmark,
    Median,
    Share,
    event_times,
)

__all__ = ["weighted_value"]

_FEW = 100
"""Patients of an arm where their number was not published."""
_BLUR = 0.03
"""Survival by which visits are blurred, so that a median far off still has a slope."""


def weighted_value(row: TargetRow, seen: Observed) -> float:
    """Estimate a published endpoint in weighted patients.

    Parameters
    ----------
    row : TargetRow
        The published endpoint.
    seen : Observed
        The trial's weighted patients under each arm.

    Returns
    -------
    float
        In the publication's unit.

    Raises
    ------
    InputError
        If the model cannot tell, or there is nobody to count.
    """
    endpoint = find_endpoint(str(row.endpoint))
    if endpoint.statistic is None:
        raise InputError(f"{endpoint.title} cannot be simulated: {endpoint.missing}.")
    return _ESTIMATORS[type(endpoint.statistic)](endpoint.statistic, row, seen)


def _sample(
    row: TargetRow, seen: Observed, arm: str
) -> tuple[pd.DataFrame, NDArray[np.float64], NDArray[np.bool_]]:
    """Return the patients of an arm, their weights, and who is of the stratum."""
    named = seen.strata[arm]
    return seen.arms[arm], seen.weight[arm], named.get(row.stratum, named["ITT"])


def _any(who: NDArray[np.bool_], row: TargetRow, why: str) -> None:
    if not who.any():
        raise InputError(f"{row.trial} has no {row.endpoint} of {row.arm}: {why}.")


def _median(statistic: Median, row: TargetRow, seen: Observed) -> float:
    """Compare with the median that a trial of the published size would print."""
    table, weight, who = _sample(row, seen, str(row.arm))
    times = statistic.times(table)
    who = who & times.among
    _any(who, row, statistic.nobody)
    interval = table["interval_weeks"].to_numpy()
    blur = float(np.sqrt(0.25 / (row.n or _FEW) + _BLUR**2))
    # A trial has one interval between scans, which may not be known.
    log_median = [
        expected_log_median(times.day[here], times.event[here], weight[here], blur)
        for here in (who & (interval == each) for each in np.unique(interval[who]))
    ]
    return float(np.exp(np.mean(log_median))) / DAYS_PER_MONTH


def _hazard_ratio(_: HazardRatio, row: TargetRow, seen: Observed) -> float:
    parts = []
    for treated, name in ((True, str(row.arm)), (False, str(row.control))):
        table, weight, who = _sample(row, seen, name)
        _any(who, row, "no patients")
        times = event_times(table, str(row.of))
        group = np.full(int(who.sum()), treated)
        parts.append((times.day[who], times.event[who], group, weight[who]))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return float(np.exp(log_hazard_ratio(*columns)))


def _landmark(_: Landmark, row: TargetRow, seen: Observed) -> float:
    table, weight, who = _sample(row, seen, str(row.arm))
    _any(who, row, "no patients")
    times = event_times(table, row.of or "pfs")
    when = np.array([(row.at_months or 0.0) * DAYS_PER_MONTH])
    share = survival_at(times.day[who], times.event[who], weight[who], when)
    return 100.0 * float(share[0])


def _rules(row: TargetRow, seen: Observed) -> Analysis:
    """Return the rules of the trial with the denominator of the published number."""
    printed = row.denominator == Denominator.MEASURABLE
    whom = Denominator.MEASURABLE if printed else Denominator.ITT
    return seen.analysis.model_copy(update={"response_denominator": whom})


def _share(statistic: Share, row: TargetRow, seen: Observed) -> float:
    table, weight, who = _sample(row, seen, str(row.arm))
    counted = statistic.count(table, _rules(row, seen))
    who = who & counted.among
    _any(who, row, statistic.nobody)
    return percent_met(counted.met, who, weight)


def _change(statistic: Change, row: TargetRow, seen: Observed) -> float:
    table, weight, who = _sample(row, seen, str(row.arm))
    pairs = statistic.pairs(table)
    among = who & pairs.among
    _any(among, row, statistic.nobody)
    mean = float(np.average(pairs.log_ratio(among), weights=weight[among]))
    return 100.0 * (np.exp(mean) - 1.0)


_ESTIMATORS: Mapping[type, Callable[..., float]] = {
    Median: _median,
    HazardRatio: _hazard_ratio,
    Landmark: _landmark,
    Share: _share,
    Change: _change,
}
