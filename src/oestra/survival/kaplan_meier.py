"""The Kaplan-Meier curve with its confidence limits.

References
----------
.. [1] Brookmeyer R, Crowley J (1982). A confidence interval for the median survival
   time. Biometrics 38:29-41.
.. [2] Kalbfleisch JD, Prentice RL (1980). The Statistical Analysis of Failure Time
   Data. Wiley. Limits by the log and the log-minus-log transformation.
.. [3] Therneau TM. survfit, in the R package survival (3.5-3): limits, weights and the
   infinitesimal jackknife.
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from oestra.core.errors import InputError, nearest, shown
from oestra.survival.number import level_of, numbers
from oestra.survival.product_limit import ProductLimit, product_limit
from oestra.survival.quantile import crossing
from oestra.survival.sample import times_and_events, weights_of

__all__ = ["KaplanMeier", "Limits", "kaplan_meier"]

Limits = Literal["log-log", "log", "plain"]
"""Scale on which limits are symmetric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KaplanMeier:
    """A survival curve with its limits, and its median.

    Parameters
    ----------
    times : ndarray of float64, shape (k,)
        Times of the curve, in the unit of the durations.
    survival, lower, upper : ndarray of float64, shape (k,)
        Survival and its pointwise limits; nan where the curve is zero and has no
        variance, 1 before the first event.
    at_risk : ndarray, shape (k,)
        Patients at risk just before each time: int64, or sums of weights as float64.
    median, median_low, median_high : float or None
        Median and its Brookmeyer-Crowley interval; None where not reached.
    reason : str
        Why the median is None, empty otherwise.
    level : float
        Confidence level.
    """

    times: NDArray[np.float64]
    survival: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    at_risk: NDArray[Any]
    median: float | None
    median_low: float | None
    median_high: float | None
    reason: str = ""
    level: float = 0.95


def _robust_variance(
    curve: ProductLimit,
    times: NDArray[np.float64],
    events: NDArray[np.bool_],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the infinitesimal jackknife variance of log survival, shape (k,)."""
    n, d = curve.at_risk, curve.events
    left = np.where(n - d > 1e-12 * n, n - d, np.nan)
    risen = np.cumsum(np.where(d > 0, d / (n * left), 0.0))
    place = np.searchsorted(curve.times, times)
    # Who left by a time pulls by what stood then; who is still there by what stands.
    pull = np.where(events, 1.0 / left[place], 0.0) - risen[place]
    gone, square = np.zeros(n.size), np.zeros(n.size)
    np.add.at(gone, place, (weight * pull) ** 2)
    np.add.at(square, place, weight**2)
    staying = np.append(np.cumsum(square[::-1])[::-1][1:], 0.0)
    return np.cumsum(gone) + staying * risen**2


def _limits(
    curve: ProductLimit, variance: NDArray[np.float64], kind: Limits, level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    half = float(ndtri(0.5 + level / 2))
    s = np.where(curve.survival > 1e-12, curve.survival, np.nan)
    before = np.cumsum(curve.events) == 0
    s = np.where(before, np.nan, s)
    error = np.sqrt(variance)
    if kind == "plain":
        low, high = s - half * s * error, s + half * s * error
    elif kind == "log":
        low, high = s * np.exp(-half * error), s * np.exp(half * error)
    else:
        log = np.log(s)
        low, high = (np.exp(log * np.exp(x * half * error / log)) for x in (-1, 1))
    low, high = np.maximum(low, 0.0), np.minimum(high, 1.0)
    return np.where(before, 1.0, low), np.where(before, 1.0, high)


def _asked(times: ArrayLike) -> NDArray[np.float64]:
    grid = numbers(times, "Times")
    if np.isnan(grid).any():
        place = int(np.isnan(grid).argmax())
        raise InputError(f"Times must be numbers, got nan at position {place}.")
    return grid


def _from_one(first: float, steps: NDArray[Any], index: NDArray[np.intp]) -> Any:
    return np.concatenate([[first], steps])[index]


def kaplan_meier(  # noqa: PLR0913
    durations: ArrayLike,
    event_observed: ArrayLike,
    times: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    limits: Limits = "log-log",
    level: float = 0.95,
    robust: bool | None = None,
) -> KaplanMeier:
    """Estimate a survival curve with its limits.

    Assumes censoring that is independent of the event.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Time to event or censoring.
    event_observed : array_like of bool, or of 0 and 1, shape (n,)
        True where the event was seen.
    times : array_like of float, shape (k,), optional
        Where to report the curve; zero and all observed times by default.
    weights : array_like of float, shape (n,), optional
        Positive case weights.
    limits : {"log-log", "log", "plain"}
        Scale on which the limits are symmetric.
    level : float
        Confidence level.
    robust : bool, optional
        Whether the variance is that of the infinitesimal jackknife instead of
        Greenwood's; by default where a weight is no whole number.

    Returns
    -------
    KaplanMeier
        The curve. Without patients or without events its median is None and ``reason``
        says why.

    Raises
    ------
    InputError
        If the data cannot be used, or ``limits`` or ``level`` is not valid.
    """
    if limits not in get_args(Limits):
        near = nearest(str(limits), get_args(Limits))
        hint = f"; nearest is {near!r}" if near else ""
        raise InputError(
            f"Limits must be one of {', '.join(get_args(Limits))}, got "
            f"{shown(str(limits))}{hint}."
        )
    level = level_of(level)
    observed, events = times_and_events(durations, event_observed)
    curve = product_limit(observed, events, weights)
    grid = np.unique(np.append(observed, 0.0)) if times is None else _asked(times)
    index = np.searchsorted(curve.times, grid, side="right")
    ahead = np.searchsorted(curve.times, grid, side="left")
    case = weights_of(weights, observed.size)
    if robust or (robust is None and bool((case != np.floor(case)).any())):
        variance = _robust_variance(curve, observed, events, case)
    else:
        variance = curve.greenwood
    lower, upper = _limits(curve, variance, limits, level)
    median = curve.median
    why = "" if median is not None else "median not reached"
    if not events.any():
        why = "no events" if observed.size else "no patients"
    ends = [
        None if not events.any() else crossing(curve.times, side, 0.5)
        for side in (lower, upper)
    ]
    return KaplanMeier(
        times=grid,
        survival=_from_one(1.0, curve.survival, index),
        lower=_from_one(1.0, lower, index),
        upper=_from_one(1.0, upper, index),
        at_risk=np.append(curve.at_risk, curve.at_risk[:0].dtype.type(0))[ahead],
        median=median,
        median_low=ends[0],
        median_high=ends[1],
        reason=why,
        level=level,
    )
