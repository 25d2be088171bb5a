"""The Kaplan-Meier curve with its confidence limits, through lifelines."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.survival.product_limit import product_limit
from oestra.survival.sample import times_and_events

__all__ = ["KaplanMeier", "kaplan_meier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KaplanMeier:
    """A survival curve with 95 % limits, and its median.

    Parameters
    ----------
    times : ndarray of float64, shape (k,)
        Times of the curve, in the unit of the durations.
    survival, lower, upper : ndarray of float64, shape (k,)
        Survival and its pointwise limits (log-minus-log transformation).
    at_risk : ndarray of int64, shape (k,)
        Patients at risk just before each time.
    median, median_low, median_high : float or None
        Median and its Brookmeyer-Crowley interval; None where not reached.
    reason : str
        Why the median is None, empty otherwise.
    """

    times: NDArray[np.float64]
    survival: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    median: float | None
    median_low: float | None
    median_high: float | None
    reason: str = ""


def _first_below_half(
    times: NDArray[np.float64], curve: NDArray[np.float64]
) -> float | None:
    found = np.flatnonzero(curve <= 0.5 + 1e-12)
    return float(times[found[0]]) if found.size else None


def _flat(times: NDArray[np.float64], n: NDArray[np.int64], why: str) -> KaplanMeier:
    one = np.ones(times.size)
    return KaplanMeier(
        times=times,
        survival=one,
        lower=one,
        upper=one,
        at_risk=n,
        median=None,
        median_low=None,
        median_high=None,
        reason=why,
    )


def kaplan_meier(
    durations: ArrayLike, event_observed: ArrayLike, times: ArrayLike | None = None
) -> KaplanMeier:
    """Estimate a survival curve with Greenwood's variance.

    Assumes censoring that is independent of the event.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Time to event or censoring.
    event_observed : array_like of bool, shape (n,)
        True where the event was seen.
    times : array_like of float, shape (k,), optional
        Where to report the curve; zero and all observed times by default.

    Returns
    -------
    KaplanMeier
        The curve. Without patients or without events its median is None and
        ``reason`` says why.

    Raises
    ------
    InputError
        If shapes differ or a time is negative or not finite.

    References
    ----------
    .. [1] Brookmeyer R, Crowley J (1982). A confidence interval for the median
       survival time. Biometrics 38:29-41.
    """
    observed, events = times_and_events(durations, event_observed)
    grid = np.unique(np.append(observed, 0.0)) if times is None else np.asarray(times)
    grid = np.asarray(grid, dtype=float)
    at_risk = (observed[None, :] >= grid[:, None]).sum(axis=1)
    if not observed.size:
        return _flat(grid, at_risk, "no patients")
    if not events.any():
        return _flat(grid, at_risk, "no events")
    from lifelines import KaplanMeierFitter  # noqa: PLC0415 - heavy, loaded late

    fitter = KaplanMeierFitter().fit(observed, events)
    limits = fitter.confidence_interval_survival_function_
    steps = limits.index.to_numpy(dtype=float)
    index = np.searchsorted(steps, grid, side="right") - 1
    lower, upper = (
        limits.iloc[:, side].fillna(1.0 - side).to_numpy() for side in (0, 1)
    )
    # Before the first event lifelines has no variance: both limits are one.
    before = fitter.survival_function_.to_numpy()[:, 0] >= 1.0
    lower, upper = np.where(before, 1.0, lower), np.where(before, 1.0, upper)
    curve = product_limit(observed, events)
    return KaplanMeier(
        times=grid,
        survival=curve.at(grid),
        lower=lower[index],
        upper=upper[index],
        at_risk=at_risk,
        median=curve.median,
        median_low=_first_below_half(steps, lower),
        median_high=_first_below_half(steps, upper),
        reason="" if curve.median is not None else "median not reached",
    )
