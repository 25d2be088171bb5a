"""The times that a simulation records."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError
from oestra.core.number import number, whole

__all__ = ["recorded_times"]

_MOST = 250_000_000
"""Times that one call may ask for: 2 GB."""


def recorded_times(
    until: float | None, points: int | None, at: ArrayLike | None
) -> NDArray[np.float64]:
    """Return the times to record, behind time zero where that is not among them.

    Parameters
    ----------
    until : float or None
        The last time.
    points : int or None
        How many equal steps lead there, 100 by default.
    at : array_like or None
        The times themselves, in place of both.

    Returns
    -------
    ndarray of float64, shape (k,)
        Ascending.

    Raises
    ------
    InputError
        If they are given twice, or are no ascending times from 0.
    """
    if at is None:
        return _up_to(until, points)
    if until is not None or points is not None:
        raise InputError("Give times as `at`, or `until` and `points`, not both.")
    try:
        times = np.asarray(at, dtype=float)
    except (TypeError, ValueError, OverflowError):
        times = np.array(math.nan)
    if times.ndim != 1 or not len(times) or not np.all(np.isfinite(times)):
        raise InputError("The times in `at` are a list of finite numbers.")
    if times[0] < 0 or times[-1] == 0 or not np.all(np.diff(times) > 0):
        raise InputError(
            "The times in `at` ascend from zero or later, and end after it."
        )
    return times if times[0] == 0 else np.append(0.0, times)


def _up_to(until: float | None, points: int | None) -> NDArray[np.float64]:
    end = math.nan if until is None else number(until, "The end time")
    if not (math.isfinite(end) and end > 0):
        raise InputError(f"The end time must be positive and finite, got {until!r}.")
    steps = 100 if points is None else whole(points, "points")
    if steps < 1:
        raise InputError(f"At least 1 point is needed, got {steps}.")
    if steps > _MOST:
        raise InputError(f"{steps:,} points are too many; at most {_MOST:,}.")
    return np.linspace(0.0, end, steps + 1)
