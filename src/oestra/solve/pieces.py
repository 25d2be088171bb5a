"""Integration without events, in pieces between the switches of the clock."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.solve.kernel import Kernel
from oestra.solve.large import LargeKernel
from oestra.solve.outcome import Outcome
from oestra.solve.switches import SIDE, switch_times, switches

__all__ = ["failed_lanes", "integrate_pieces"]

Floats = NDArray[np.float64]


def failed_lanes(outcome: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Tell which outcomes leave no usable end state, shape (lanes,)."""
    return ~np.isin(outcome, [code for code in Outcome if code.usable])


def integrate_pieces(
    kernel: Kernel | LargeKernel,
    y: Floats,
    p: Floats,
    times: Floats,
    options: Mapping[str, Any],
) -> tuple[Floats, NDArray[np.int8]]:
    """Integrate and record.

    Parameters
    ----------
    kernel : Kernel or LargeKernel
        Equations, with what is to be recorded.
    y, p : ndarray, shape (lanes, n) and (lanes, m)
        Initial states and parameters.
    times : ndarray, shape (points,)
        Times to record, from the beginning to the end.
    options : mapping
        Tolerances and limits, as the kernel takes them.

    Returns
    -------
    values : ndarray, shape (lanes, points, outputs)
        What was recorded; NaN once a lane failed.
    outcome : ndarray of int8, shape (lanes,)
        Code of the `Outcome` of each lane.
    """
    stops = switches([*kernel.model.rhs, *kernel.model.outputs.values()])
    if not stops:
        end = kernel.advance(y, p, times[0], times[-1], at=times, **options)
        return end.outputs, end.outcome
    lanes = len(y)
    values = np.full((lanes, len(times), len(kernel.outputs)), np.nan)
    outcome = np.full(lanes, Outcome.REACHED_END, dtype=np.int8)
    start = np.full(lanes, times[0])
    for switch in (*switch_times(stops, p, times[-1]).T, None):
        last = switch is None
        stop = times[-1] if last else np.maximum(switch * (1.0 - SIDE), start)
        stop = np.broadcast_to(stop, (lanes,))
        at = np.clip(times, start[:, None], stop[:, None])
        end = kernel.advance(y, p, start, stop, at=at, **options)
        inside = (times >= start[:, None]) & (times <= stop[:, None])
        values[inside] = end.outputs[inside]
        failed = failed_lanes(end.outcome)
        outcome = np.where(outcome == Outcome.REACHED_END, end.outcome, outcome)
        y = np.where(failed[:, None], np.nan, end.y)
        if not last:
            start = np.maximum(switch * (1.0 + SIDE), start)
            start = np.minimum(start, times[-1])
            lane, point = np.nonzero((times > stop[:, None]) & (times < start[:, None]))
            values[lane, point] = kernel.evaluate(y[lane], p[lane], times[point])
    return values, outcome
