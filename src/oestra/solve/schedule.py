"""Piecewise inputs: segments of time with their own parameters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError

__all__ = ["Schedule", "interval"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Segments of time with constant parameters.

    Parameters
    ----------
    times : ndarray, shape (segments + 1,) or (lanes, segments + 1)
        Boundaries of the segments.
    names : tuple of str, length c
        Parameters that are set at the start of each segment.
    values : ndarray, shape (segments, c) or (lanes, segments, c)
        What they are set to, before the kernel's jumps are evaluated.
    """

    times: Floats
    names: tuple[str, ...] = ()
    values: Floats | None = None

    def __post_init__(self) -> None:
        """Check that times ascend and values fit them."""
        times = np.asarray(self.times, dtype=float)
        if times.ndim not in (1, 2) or times.shape[-1] < 2:
            raise InputError("A schedule needs at least a beginning and an end.")
        if not np.all(np.isfinite(times)) or np.any(np.diff(times, axis=-1) < 0):
            raise InputError("The times of a schedule must be finite and ascend.")
        shape = (times.shape[-1] - 1, len(self.names))
        given = shape if self.values is None else np.shape(self.values)[-2:]
        if given != shape or (self.values is None and self.names):
            raise InputError(
                f"A schedule of {shape[0]} segments and {shape[1]} parameters needs "
                f"values of shape (..., {shape[0]}, {shape[1]})."
            )

    @property
    def segments(self) -> int:
        """Number of segments."""
        return int(np.shape(self.times)[-1]) - 1

    def rows(self) -> Floats:
        """Return the values, shape (segments, c) or (lanes, segments, c)."""
        if self.values is None:
            return np.zeros((self.segments, 0))
        return np.asarray(self.values, dtype=float)

    def of_lane(self, lane: int) -> "Schedule":
        """Return the schedule of one lane."""
        times, rows = np.asarray(self.times), self.rows()
        return Schedule(
            times=times[lane] if times.ndim == 2 else times,
            names=self.names,
            values=rows[lane] if rows.ndim == 3 else rows,
        )

    def after(self, moment: float) -> "tuple[int, Schedule | None]":
        """Return the segment of a moment, and what follows that segment.

        Only for the schedule of one lane.
        """
        last = self.segments - 1
        segment = int(np.searchsorted(self.times, moment, side="right")) - 1
        segment = min(max(segment, 0), last)
        if segment == last:
            return segment, None
        rest = Schedule(
            times=self.times[segment + 1 :],
            names=self.names,
            values=self.rows()[segment + 1 :],
        )
        return segment, rest


def interval(t0: ArrayLike, t1: ArrayLike, lanes: int) -> Schedule:
    """Return the schedule of one segment for each lane, or for all alike."""
    if np.ndim(t0) == np.ndim(t1) == 0:
        return Schedule(times=np.array([t0, t1], dtype=float))
    try:
        start = np.broadcast_to(np.asarray(t0, dtype=float), (lanes,))
        end = np.broadcast_to(np.asarray(t1, dtype=float), (lanes,))
    except ValueError as error:
        raise InputError(
            f"t0 and t1 must be numbers or have one number for each of {lanes} lanes."
        ) from error
    return Schedule(times=np.stack([start, end], axis=1))
