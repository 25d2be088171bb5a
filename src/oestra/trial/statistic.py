"""What is computed of the patients of an arm, each statistic of its own sample.

A statistic says which patients count and what is read of each, so that equally and
unequally weighted patients are reduced from one sample: by `estimate` in a trial, by
`oestra.calibration.estimate` in the fit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.units import DAYS_PER_MONTH
from oestra.survival.cox import CoxResult
from oestra.survival.product_limit import product_limit
from oestra.trial.analysis import Analysis, TimeToEvent
from oestra.trial.value import Value

__all__ = [
    "ArmStatistic",
    "Change",
    "Counted",
    "HazardRatio",
    "Landmark",
    "Median",
    "Pairs",
    "Share",
    "Statistic",
    "Times",
    "event_times",
    "free_at",
    "median_months",
    "ratio_value",
]

_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class Counted:
    """Who met a condition.

    Parameters
    ----------
    met, among : ndarray of bool, shape (n,)
        Patients who met it, and patients who are counted.
    """

    met: NDArray[np.bool_]
    among: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Times:
    """Times to an event or to censoring.

    Parameters
    ----------
    day : ndarray of float64, shape (n,)
        Days from the start of the time.
    event : ndarray of bool, shape (n,)
        Whether the event was seen.
    among : ndarray of bool, shape (n,)
        Patients who have such a time.
    """

    day: NDArray[np.float64]
    event: NDArray[np.bool_]
    among: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A marker before and under treatment.

    Parameters
    ----------
    before, after : ndarray of float64, shape (n,)
        Its values.
    among : ndarray of bool, shape (n,)
        Patients with both.
    """

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    among: NDArray[np.bool_]

    def log_ratio(self, who: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the log of after over before of some of those who have both."""
        return np.log(np.maximum(self.after[who], _SMALLEST) / self.before[who])


def event_times(table: pd.DataFrame, time: TimeToEvent | str) -> Times:
    """Return the times of all patients to an event.

    Parameters
    ----------
    table : DataFrame
        Patients, as `conduct` returns them.
    time : TimeToEvent or str
        Which event.
    """
    return Times(
        day=table[f"{time}_day"].to_numpy(),
        event=table[f"{time}_event"].to_numpy(dtype=bool),
        among=np.ones(len(table), dtype=bool),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Percentage of the patients counted who met a condition.

    Parameters
    ----------
    count : callable
        Who is counted and who met it, of patients and the rules of the trial.
    nobody : str
        Why there is no share where nobody is counted.
    """

    count: Callable[[pd.DataFrame, Analysis], Counted]
    nobody: str = "no patients"

    def estimate(self, table: pd.DataFrame, analysis: Analysis) -> Value:
        """Return the share of an arm."""
        counted = self.count(table, analysis)
        met = counted.met[counted.among]
        return (
            Value(100.0 * float(met.mean())) if met.size else Value(None, self.nobody)
        )


def median_months(
    day: NDArray[np.float64], event: NDArray[np.bool_], nobody: str = "no patients"
) -> Value:
    """Return a median by the product-limit estimator, in months.

    Parameters
    ----------
    day : ndarray of float64, shape (n,)
        Times to event or censoring.
    event : ndarray of bool, shape (n,)
        Whether the event was seen.
    nobody : str
        Why there is no median where nobody has a time.

    Returns
    -------
    Value
        The median; one that was not reached is beyond all others.
    """
    if not day.size:
        return Value(None, nobody)
    median = product_limit(day, event).median
    if median is None:
        return Value(None, "median not reached", np.inf)
    return Value(median / DAYS_PER_MONTH)


def ratio_value(found: CoxResult) -> Value:
    """Return a hazard ratio, or why there is none and where it stands.

    Parameters
    ----------
    found : CoxResult
        Of two arms; one without events is beyond all.
    """
    place = {"zero": 0.0, "infinity": np.inf}.get(found.toward)
    return Value(found.hazard_ratio, found.reason, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Median:
    """Median time, by the product-limit estimator.

    Parameters
    ----------
    times : callable
        The times of patients.
    nobody : str
        Why there is no median where nobody has a time.
    """

    times: Callable[[pd.DataFrame], Times]
    nobody: str = "no patients"

    def estimate(self, table: pd.DataFrame, analysis: Analysis) -> Value:  # noqa: ARG002
        """Return the median of an arm, in months."""
        times = self.times(table)
        day, event = times.day[times.among], times.event[times.among]
        return median_months(day, event, self.nobody)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Change of a marker in percent: the geometric mean of the ratios.

    Parameters
    ----------
    pairs : callable
        The marker of patients.
    nobody : str
        Why there is no change where nobody has a pair.
    """

    pairs: Callable[[pd.DataFrame], Pairs]
    nobody: str

    def estimate(self, table: pd.DataFrame, analysis: Analysis) -> Value:  # noqa: ARG002
        """Return the change in an arm."""
        pairs = self.pairs(table)
        ratio = pairs.log_ratio(pairs.among)
        if not ratio.size:
            return Value(None, self.nobody)
        return Value(100 * float(np.exp(ratio.mean()) - 1))


@dataclass(frozen=True, slots=True)
class Landmark:
    """Percentage of patients free of an event at a time, by `free_at`."""


@dataclass(frozen=True, slots=True)
class HazardRatio:
    """Hazard ratio of an arm against a control, from Cox's model."""


ArmStatistic = Share | Median | Change
"""How an endpoint with one number an arm is computed."""
Statistic = ArmStatistic | Landmark | HazardRatio
"""How an endpoint is computed."""


def free_at(times: Times, months: tuple[float, ...]) -> dict[float, Value]:
    """Return the shares of an arm that are free of an event, from Kaplan-Meier's curve.

    Parameters
    ----------
    times : Times
        Times to the event.
    months : tuple of float
        When.

    Returns
    -------
    dict of float to Value
        Percent by month.
    """
    if not times.day.size:
        return dict.fromkeys(months, Value(None, "no patients"))
    curve = product_limit(times.day, times.event)
    found: dict[float, Value] = {}
    for month in months:
        when = month * DAYS_PER_MONTH
        beyond = when > curve.times[-1] and curve.survival[-1] > 0
        found[month] = (
            Value(None, "follow-up ends earlier")
            if beyond
            else Value(100 * float(curve.at(when)[0]))
        )
    return found
