"""Mean times to an event up to a horizon, by arm and between arms, over replicates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oestra.core.units import DAYS_PER_MONTH
from oestra.survival.proportion import Proportion, clopper_pearson
from oestra.survival.restricted_mean import (
    RestrictedMean,
    restricted_mean_difference,
    restricted_mean_time,
)
from oestra.trial.analysis import Analysis
from oestra.trial.estimate import Estimate, summarize
from oestra.trial.scale import Scale
from oestra.trial.statistic import Times
from oestra.trial.value import Value

__all__ = ["RestrictedResult", "means_apart", "means_of", "summarize_means"]

Means = Mapping[float, RestrictedMean]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedResult:
    """A mean time up to a horizon, or the difference of two, over replicates.

    Parameters
    ----------
    months : Estimate
        Mean or difference.
    standard_error : float or None
        That a trial of this size prints, in months: the median of the replicates.
    won : Proportion or None
        Of a difference, the share of replicates in which the arm has the longer mean
        at the level of the trial; None for the mean of one arm.
    """

    months: Estimate
    standard_error: float | None
    won: Proportion | None = None

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        shown = self.months.to_json_dict() | {"standard_error": self.standard_error}
        if self.won is None:
            return shown
        return shown | {"won_percent": self.won.percent | {"level": 0.95}}


def means_of(times: Times, analysis: Analysis) -> dict[float, RestrictedMean]:
    """Return the means of one arm in one replicate, in months, by horizon.

    Parameters
    ----------
    times : Times
        To the primary endpoint.
    analysis : Analysis
        Which names the horizons.
    """
    months = times.day / DAYS_PER_MONTH
    return {
        horizon: restricted_mean_time(months, times.event, horizon)
        for horizon in analysis.restricted_mean_months
    }


def means_apart(
    arm: Times, control: Times, analysis: Analysis
) -> dict[float, RestrictedMean]:
    """Return the differences of the means of two arms in one replicate, by horizon.

    Parameters
    ----------
    arm, control : Times
        To the primary endpoint.
    analysis : Analysis
        Which names the horizons.
    """
    if not analysis.restricted_mean_months:
        return {}
    months = np.concatenate([arm.day, control.day]) / DAYS_PER_MONTH
    event = np.concatenate([arm.event, control.event])
    group = np.arange(months.size) < arm.day.size
    return {
        horizon: restricted_mean_difference(months, event, group, horizon)
        for horizon in analysis.restricted_mean_months
    }


def summarize_means(
    found: Sequence[Means],
    analysis: Analysis,
    sets: Sequence[int],
    *,
    apart: bool = False,
) -> dict[float, RestrictedResult]:
    """Sum up the means, or differences, of replicates.

    Parameters
    ----------
    found : sequence of mapping of float to RestrictedMean
        One a replicate.
    analysis : Analysis
        Which says at which level a difference is won.
    sets : sequence of int
        Number of the parameter set of each.
    apart : bool
        Whether they are differences.

    Returns
    -------
    dict of float to RestrictedResult
        By horizon.
    """
    return {
        horizon: _summed([one[horizon] for one in found], analysis, sets, apart=apart)
        for horizon in (found[0] if found else ())
    }


def _summed(
    means: Sequence[RestrictedMean],
    analysis: Analysis,
    sets: Sequence[int],
    *,
    apart: bool,
) -> RestrictedResult:
    horizon = means[0].horizon
    errors = [one.standard_error for one in means if one.standard_error is not None]
    return RestrictedResult(
        months=summarize(
            [Value(one.estimate, one.reason if one.estimate is None else "")
             for one in means],
            scale=_between(-horizon if apart else 0.0, horizon),
            sets=sets,
        ),
        standard_error=float(np.median(errors)) if errors else None,
        won=_won(means, analysis) if apart else None,
    )  # fmt: skip


def _between(low: float, high: float) -> Scale:
    """Return the scale of months as they are, which end at the horizon."""

    def inside(months: float) -> float:
        return float(np.clip(months, low, high))

    return Scale("months", float, inside, low, high)


def _won(means: Sequence[RestrictedMean], analysis: Analysis) -> Proportion | None:
    if all(one.p is None for one in means):
        return None
    most = analysis.alpha * (2 if analysis.sided == 1 else 1)
    won = [
        one.p is not None and one.p <= most and (one.estimate or 0.0) > 0
        for one in means
    ]
    return clopper_pearson(sum(won), len(won))
