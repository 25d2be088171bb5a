"""One call of generated code: its arguments checked, its arrays held, its threads."""

import ctypes
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.environment import THREADS, whole_number
from oestra.core.errors import InputError, unknown_name
from oestra.solve.advance import Advance
from oestra.solve.event import Event
from oestra.solve.expression import Expression
from oestra.solve.job import Job
from oestra.solve.model import OdeModel
from oestra.solve.processor import Linked
from oestra.solve.schedule import Schedule
from oestra.solve.shape import Shape
from oestra.solve.workers import threads_here

__all__ = ["Call", "Code"]

Floats = NDArray[np.float64]
_MOST_THREADS = 1024
_ALIGNMENT = 64
_MANY_TURNS, _STILL_TURNING = 40, 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Compiled code and what it was compiled from.

    Parameters
    ----------
    model : OdeModel
        The model.
    outputs : tuple of str
        Names of what is recorded.
    jumps : dict of str to Expression
        What states or parameters become at the start of a segment.
    shape : Shape
        Sizes of what it works on.
    linked : Linked
        The code.
    width : int
        Lanes in a vector.
    events : tuple of Event or None
        Events, if the code looks for them.
    """

    model: OdeModel
    outputs: tuple[str, ...]
    jumps: dict[str, Expression]
    shape: Shape
    linked: Linked
    width: int
    events: tuple[Event, ...] | None = None


class Call:
    """The job of one call, with the arrays its addresses point into.

    Parameters
    ----------
    code : Code
        What is called.
    y : ndarray, shape (lanes, n)
        Initial states.
    p : ndarray, shape (lanes, m)
        Parameters.
    """

    def __init__(self, code: Code, y: Floats, p: Floats) -> None:
        self.code = code
        self.lanes = len(y)
        self.job = Job(lanes=self.lanes)
        self.arrays: dict[str, NDArray[Any]] = {}
        self.keep("y", y)
        self.keep("p", p)
        self.keep("next", np.zeros(1, dtype=np.int64))

    def keep(self, name: str, array: NDArray[Any]) -> NDArray[Any]:
        """Point the job at an array that lives as long as the call."""
        array = np.ascontiguousarray(array)
        self.arrays[name] = array
        setattr(self.job, name, array.ctypes.data)
        return array

    def _rows(self, name: str, array: Floats, tail: int) -> bool:
        """Point the job at an array given once or per lane; tell which."""
        per_lane = array.ndim > tail
        if per_lane and len(array) != self.lanes:
            raise InputError(
                f"{name} has {len(array)} rows for {self.lanes} lanes; give one for "
                "each, or one for all."
            )
        self.keep(name, array)
        return per_lane

    def set_schedule(self, schedule: Schedule) -> None:
        """Set boundaries and what changes at them."""
        times = np.asarray(schedule.times, dtype=float)
        self.times = times
        self.job.segments = segments = schedule.segments
        per_lane = self._rows("boundaries", times, 1)
        self.job.boundary_stride = per_lane * (segments + 1)
        names = self.code.model.parameters
        changed = bool(schedule.names)
        place = {name: k for k, name in enumerate(names)} if changed else {}
        for name in schedule.names:
            if name not in place:
                raise unknown_name("parameter", name, names, where="schedule")
        columns = np.array([place[name] for name in schedule.names], dtype=np.int64)
        self.keep("columns", columns)
        self.job.changes = changes = len(columns)
        self.job.jumps = int(self.code.shape.jumps)
        per_lane = self._rows("values", schedule.rows(), 2)
        self.job.value_stride = per_lane * segments * changes

    def set_tolerances(self, rtol: float, atol: ArrayLike) -> None:
        """Set the relative tolerance and one absolute tolerance per state."""
        absolute = np.asarray(atol, dtype=float)
        if not rtol > 0 or not np.all(absolute > 0):
            raise InputError("rtol and atol must be positive.")
        n = self.code.shape.states
        if absolute.ndim and absolute.shape != (n,):
            raise InputError(f"atol must be a number or have length {n}.")
        self.job.relative = rtol
        self.keep("tolerance", np.broadcast_to(absolute, (n,)))

    def set_points(self, at: ArrayLike | None) -> None:
        """Set the times at which outputs are recorded."""
        points = np.asarray([] if at is None else at, dtype=float)
        if points.ndim not in (1, 2):
            raise InputError("at must have shape (points,) or (lanes, points).")
        count = points.shape[-1]
        self.job.count = count if self.code.outputs else 0
        per_lane = self._rows("points", points, 1)
        self.job.point_stride = per_lane * count
        if count:
            first, last = points[..., 0], points[..., -1]
            if not np.all(np.diff(points, axis=-1) >= 0):
                raise InputError("The times in `at` must ascend.")
            start, end = self.times[..., 0], self.times[..., -1]
            if np.any(first < start) or np.any(last > end):
                raise InputError("The times in `at` must lie within the interval.")
        shape = (self.lanes, count, len(self.code.outputs))
        self.keep("record", np.full(shape, np.nan))

    def set_luck(self, keys: ArrayLike | None) -> None:
        """Set the keys of the order of events of equal priority."""
        given = np.asarray(0 if keys is None else keys, dtype=np.int64)
        if given.shape not in ((), (self.lanes,)):
            raise InputError(f"luck must be {self.lanes} whole numbers, one a lane.")
        self.keep("luck", np.broadcast_to(given, (self.lanes,)))

    def set_results(self, step: ArrayLike | None, max_steps: int) -> None:
        """Set first steps and make room for the results."""
        lanes = (self.lanes,)
        first = np.zeros(lanes) if step is None else np.asarray(step, dtype=float)
        if first.shape not in ((), lanes) or not np.all(np.isfinite(first)):
            raise InputError(f"step must be {self.lanes} finite numbers, one a lane.")
        self.keep("step", np.broadcast_to(first, lanes))
        self.job.max_steps = max_steps
        n = self.code.shape.states
        self.keep("y_out", np.empty((self.lanes, n)))
        self.job.changed = changed = bool(self.job.changes or self.job.jumps)
        parameters = self.arrays["p"]
        self.keep("p_out", np.empty(parameters.shape) if changed else parameters)
        self.keep("weights", np.cos(2.4 * np.arange(n)))
        for name in ("step_out", "reached", "turned"):
            self.keep(name, np.empty(lanes))
        for name in ("outcome", "steps", "rejected", "turns"):
            self.keep(name, np.zeros(lanes, dtype=np.int64))

    def run(self, entry: str, threads: int | None) -> None:
        """Run the code in threads that share one queue of lanes."""
        width = self.code.width
        given = whole_number(THREADS, least=1, most=_MOST_THREADS)
        wanted = threads or threads_here() or given or os.cpu_count() or 1
        count = max(1, min(wanted, -(-self.lanes // width)))
        if count == 1:
            self._run_one(entry)
            return
        with ThreadPoolExecutor(count) as pool:
            for done in [pool.submit(self._run_one, entry) for _ in range(count)]:
                done.result()

    def _run_one(self, entry: str) -> None:
        size = self.code.shape.memory
        memory = np.zeros(size + _ALIGNMENT, dtype=np.uint8)
        address = -(-memory.ctypes.data // _ALIGNMENT) * _ALIGNMENT
        self.code.linked.functions[entry](ctypes.addressof(self.job), address)

    def result(self) -> Advance:
        """Return what the code wrote."""
        a = self.arrays
        return Advance(
            y=a["y_out"],
            p=a["p_out"],
            outcome=a["outcome"].astype(np.int8),
            reached=a["reached"],
            steps=a["steps"],
            rejected=a["rejected"],
            step=a["step_out"],
            outputs=a["record"],
            oscillating=self._oscillating(),
        )

    def _oscillating(self) -> NDArray[np.bool_]:
        """Tell which lanes turned often in their last segment, and still do."""
        if not self.code.shape.autonomous:
            return np.zeros(self.lanes, dtype=bool)
        a = self.arrays
        began = self.times[..., -2]
        quiet, span = a["reached"] - a["turned"], a["reached"] - began
        return (a["turns"] >= _MANY_TURNS) & (quiet < _STILL_TURNING * span)
