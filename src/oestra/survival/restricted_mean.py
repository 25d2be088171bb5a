"""Mean survival up to a horizon, of one arm and between two.

References
----------
.. [1] Royston P, Parmar MKB (2013). BMC Med Res Methodol 13:152.
   doi:10.1186/1471-2288-13-152
.. [2] Uno H et al. (2014). Moving beyond the hazard ratio in quantifying the
   between-group difference in survival analysis. J Clin Oncol 32:2380-2385.
   doi:10.1200/JCO.2014.55.2208
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from oestra.core.errors import InputError
from oestra.core.number import number
from oestra.survival.number import level_of
from oestra.survival.product_limit import ProductLimit, product_limit
from oestra.survival.sample import ROUNDING, two_groups

__all__ = [
    "RestrictedMean",
    "restricted_mean",
    "restricted_mean_difference",
    "restricted_mean_time",
]

_ROUND = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedMean:
    """A mean time up to a horizon, or the difference of two.

    Parameters
    ----------
    estimate, standard_error, low, high : float or None
        Mean or difference with its error and limits, in the unit of the durations; None
        if it cannot be estimated.
    p : float or None
        Two-sided p of a difference from zero; None for the mean of one arm.
    horizon : float
        End of the window.
    level : float
        Confidence level of the limits.
    reason : str
        Why it cannot be estimated, empty otherwise.
    """

    estimate: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    p: float | None
    horizon: float
    level: float
    reason: str = ""


def _check(horizon: float, level: float) -> None:
    end = number(horizon, "A horizon")
    if not (math.isfinite(end) and end > 0):
        raise InputError(f"A horizon must be finite and positive, got {end:g}.")
    level_of(level)


def _why_not(curve: ProductLimit, horizon: float) -> str:
    if not curve.times.size:
        return "no patients"
    short = horizon - float(curve.times[-1])
    if short > ROUNDING * max(1.0, horizon) and curve.survival[-1] > _ROUND:
        return "follow-up ends before the horizon"
    return ""


def _area(curve: ProductLimit, horizon: float) -> tuple[float, float]:
    """Return the area under a curve up to a horizon, and its variance."""
    inside = curve.times <= horizon
    edges = np.concatenate([[0.0], curve.times[inside], [horizon]])
    strips = np.diff(edges) * np.concatenate([[1.0], curve.survival[inside]])
    beyond = np.cumsum(strips[::-1])[::-1][1:]
    n = curve.at_risk[inside].astype(np.float64)
    d = curve.events[inside].astype(np.float64)
    # Where the last at risk have the event nothing remains, and nothing varies.
    left = n - d
    share = np.where(left > 0, d / np.where(left > 0, n * left, 1.0), 0.0)
    return float(strips.sum()), float(np.sum(beyond**2 * share))


def _none(horizon: float, level: float, reason: str) -> RestrictedMean:
    return RestrictedMean(
        estimate=None,
        standard_error=None,
        low=None,
        high=None,
        p=None,
        horizon=horizon,
        level=level,
        reason=reason,
    )


def _normal(
    mean: float, variance: float, horizon: float, level: float
) -> RestrictedMean:
    """Return an estimate with the limits of the normal distribution."""
    error = math.sqrt(variance)
    half = float(ndtri(0.5 + level / 2)) * error
    return RestrictedMean(
        estimate=mean,
        standard_error=error,
        low=mean - half,
        high=mean + half,
        p=None,
        horizon=horizon,
        level=level,
    )


def restricted_mean_time(
    durations: ArrayLike,
    event_observed: ArrayLike,
    horizon: float,
    *,
    level: float = 0.95,
) -> RestrictedMean:
    """Estimate the mean survival time up to a horizon, with its error.

    Parameters
    ----------
    durations, event_observed : array_like, shape (n,)
        Times, and True where the event was seen.
    horizon : float
        End of the window, in the unit of the durations.
    level : float
        Confidence level.

    Returns
    -------
    RestrictedMean
        Area under the Kaplan-Meier curve with Greenwood's error; None with a reason if
        follow-up ends before the horizon while patients are still event-free.

    Raises
    ------
    InputError
        If the data, the horizon or the level cannot be used.
    """
    _check(horizon, level)
    curve = product_limit(durations, event_observed)
    why = _why_not(curve, horizon)
    if why:
        return _none(horizon, level, why)
    return _normal(*_area(curve, horizon), horizon, level)


def restricted_mean_difference(
    durations: ArrayLike,
    event_observed: ArrayLike,
    group: ArrayLike,
    horizon: float,
    *,
    level: float = 0.95,
) -> RestrictedMean:
    """Compare the mean survival times of two arms up to a horizon.

    The hypothesis is equal areas under both curves; hazards need not be proportional.

    Parameters
    ----------
    durations, event_observed : array_like, shape (n,)
        Times, and True where the event was seen.
    group : array_like of bool, shape (n,)
        True in the group of interest.
    horizon : float
        End of the window, in the unit of the durations.
    level : float
        Confidence level.

    Returns
    -------
    RestrictedMean
        Group of interest minus control, with the p value of a normal test; None with a
        reason if one of the two means cannot be estimated.

    Raises
    ------
    InputError
        If the data, the horizon or the level cannot be used.
    """
    _check(horizon, level)
    sample = two_groups(durations, event_observed, group)
    areas: list[tuple[float, float]] = []
    for who in (sample.group, ~sample.group):
        curve = product_limit(sample.durations[who], sample.event_observed[who])
        why = "one group has no patients" if not who.any() else _why_not(curve, horizon)
        if why:
            return _none(horizon, level, why)
        areas.append(_area(curve, horizon))
    (there, one), (here, other) = areas
    found = _normal(there - here, one + other, horizon, level)
    if one + other <= 0:
        return replace(found, reason="no event before the horizon varies the means")
    z = abs(there - here) / math.sqrt(one + other)
    return replace(found, p=math.erfc(z / math.sqrt(2)))


def restricted_mean(
    durations: ArrayLike, event_observed: ArrayLike, horizon: float
) -> float | None:
    """Estimate the mean survival time up to a horizon.

    Parameters
    ----------
    durations, event_observed : array_like, shape (n,)
        Times, and True where the event was seen.
    horizon : float
        End of the window, in the unit of the durations.

    Returns
    -------
    float or None
        The estimate of `restricted_mean_time`.

    Raises
    ------
    InputError
        If the data or the horizon cannot be used.
    """
    return restricted_mean_time(durations, event_observed, horizon).estimate
