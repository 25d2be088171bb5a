"""The Kaplan-Meier curve in numpy alone, for loops over many trials.

References
----------
.. [1] Kaplan EL, Meier P (1958). J Am Stat Assoc 53:457-481.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.survival.sample import times_and_events

__all__ = ["ProductLimit", "product_limit", "restricted_mean"]

_ROUND = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLimit:
    """A step curve of survival.

    Parameters
    ----------
    times : ndarray of float64, shape (k,)
        Distinct observed times, ascending.
    survival : ndarray of float64, shape (k,)
        Survival just after each time.
    at_risk, events : ndarray of int64, shape (k,)
        Patients at risk just before, and events at, each time.
    """

    times: NDArray[np.float64]
    survival: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]

    @property
    def median(self) -> float | None:
        """First time at which survival is one half or less; None if never."""
        below = np.flatnonzero(self.survival <= 0.5 + _ROUND)
        return float(self.times[below[0]]) if below.size else None

    def at(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the survival at given times; it is flat after the last one."""
        index = np.searchsorted(self.times, np.atleast_1d(time), side="right")
        return np.concatenate([[1.0], self.survival])[index]


def product_limit(durations: ArrayLike, event_observed: ArrayLike) -> ProductLimit:
    """Estimate a survival curve.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Time to event or censoring.
    event_observed : array_like of bool, shape (n,)
        True where the event was seen.

    Returns
    -------
    ProductLimit
        The curve; without patients it has no times.

    Raises
    ------
    InputError
        If shapes differ or a time is negative or not finite.
    """
    times, events = times_and_events(durations, event_observed)
    distinct, index = np.unique(times, return_inverse=True)
    dead = np.bincount(index[events], minlength=distinct.size)
    leaving = np.bincount(index, minlength=distinct.size)
    at_risk = times.size - np.concatenate([[0], np.cumsum(leaving)[:-1]])
    at_risk = at_risk[: distinct.size]
    survival = np.cumprod(1.0 - dead / np.maximum(at_risk, 1)).astype(np.float64)
    return ProductLimit(
        times=distinct,
        survival=survival,
        at_risk=at_risk.astype(np.int64),
        events=dead.astype(np.int64),
    )


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
        Area under the Kaplan-Meier curve; None if follow-up ends before the
        horizon while patients are still event-free.

    References
    ----------
    .. [1] Royston P, Parmar MKB (2013). BMC Med Res Methodol 13:152.
       doi:10.1186/1471-2288-13-152
    """
    curve = product_limit(durations, event_observed)
    if not curve.times.size:
        return None
    if curve.times[-1] < horizon and curve.survival[-1] > _ROUND:
        return None
    inside = curve.times < horizon
    edges = np.concatenate([[0.0], curve.times[inside], [horizon]])
    heights = np.concatenate([[1.0], curve.survival[inside]])
    return float(np.sum(np.diff(edges) * heights))
