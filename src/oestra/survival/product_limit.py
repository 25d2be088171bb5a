"""The Kaplan-Meier curve in numpy alone, for loops over many trials.

References
----------
.. [1] Kaplan EL, Meier P (1958). J Am Stat Assoc 53:457-481.
.. [2] Greenwood M (1926). The natural duration of cancer. Reports on Public Health and
   Medical Subjects 33:1-26.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.survival.quantile import crossing
from oestra.survival.sample import times_and_events, weights_of

__all__ = ["ProductLimit", "product_limit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLimit:
    """A step curve of survival.

    Parameters
    ----------
    times : ndarray of float64, shape (k,)
        Distinct observed times, ascending.
    survival : ndarray of float64, shape (k,)
        Survival just after each time.
    at_risk, events : ndarray, shape (k,)
        Patients at risk just before, and events at, each time: int64, or sums of
        weights as float64.
    """

    times: NDArray[np.float64]
    survival: NDArray[np.float64]
    at_risk: NDArray[Any]
    events: NDArray[Any]

    @property
    def median(self) -> float | None:
        """Time at which survival falls to one half; None if never.

        Where the curve is exactly one half, the middle of that stretch.
        """
        return self.quantile(0.5)

    def quantile(self, share: float) -> float | None:
        """Return the time by which a share has had the event; None if never.

        Parameters
        ----------
        share : float
            Between 0 and 1.
        """
        return crossing(self.times, self.survival, 1.0 - share)

    def at(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the survival at given times; it is flat after the last one."""
        index = np.searchsorted(self.times, np.atleast_1d(time), side="right")
        return np.concatenate([[1.0], self.survival])[index]

    @property
    def greenwood(self) -> NDArray[np.float64]:
        """Greenwood's variance of log survival, shape (k,); inf where survival is 0."""
        n, d = self.at_risk.astype(np.float64), self.events.astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.cumsum(np.where(d > 0, d / (n * (n - d)), 0.0))


def product_limit(
    durations: ArrayLike,
    event_observed: ArrayLike,
    weights: ArrayLike | None = None,
) -> ProductLimit:
    """Estimate a survival curve.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Time to event or censoring.
    event_observed : array_like of bool, or of 0 and 1, shape (n,)
        True where the event was seen.
    weights : array_like of float, shape (n,), optional
        Positive case weights.

    Returns
    -------
    ProductLimit
        The curve; without patients it has no times.

    Raises
    ------
    InputError
        If shapes differ, a time is negative or not finite, a mark of an event is
        neither true nor false, or a weight is not positive.
    """
    times, events = times_and_events(durations, event_observed)
    weight = None if weights is None else weights_of(weights, times.size)
    distinct, index = np.unique(times, return_inverse=True)
    size, own = distinct.size, None if weight is None else weight[events]
    dead = np.bincount(index[events], own, minlength=size)
    leaving = np.bincount(index, weight, minlength=size)
    # From the last to the first: nothing is left of rounding where nobody is.
    at_risk = np.cumsum(leaving[::-1])[::-1]
    survival = np.cumprod(1.0 - dead / np.maximum(at_risk, np.finfo(float).tiny))
    kind = np.int64 if weight is None else np.float64
    return ProductLimit(
        times=distinct,
        survival=survival.astype(np.float64),
        at_risk=at_risk.astype(kind),
        events=dead.astype(kind),
    )
