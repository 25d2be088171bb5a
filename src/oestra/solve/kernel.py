"""A compiled model: thousands of lanes advanced in one call."""

import ctypes
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError, unknown_name
from oestra.solve.cache import remembered
from oestra.solve.expression import Expression, fingerprint
from oestra.solve.generate import generate, workspace
from oestra.solve.layout import Job, Workspace
from oestra.solve.model import OdeModel
from oestra.solve.outcome import Outcome
from oestra.solve.processor import Linked, host, link, translate
from oestra.solve.program import Program, prepare
from oestra.solve.tableau import TABLEAUS

__all__ = ["Advance", "Kernel", "Schedule", "compile_model"]

Floats = NDArray[np.float64]
_ENTRIES = (*(f"advance_{name}" for name in TABLEAUS), "sweep_rates", "sweep_outputs")
_ALIGNMENT = 64
_MANY_TURNS, _STILL_TURNING = 40, 0.25


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Where lanes arrived.

    Parameters
    ----------
    y : ndarray, shape (lanes, n)
        States at the end, or where the lane stopped.
    outcome : ndarray of int8, shape (lanes,)
        Code of the `Outcome` of each lane.
    reached : ndarray, shape (lanes,)
        Times of `y`.
    steps, rejected : ndarray of int64, shape (lanes,)
        Accepted and rejected steps.
    step : ndarray, shape (lanes,)
        Proposed next step sizes, to continue from.
    outputs : ndarray, shape (lanes, points, outputs)
        Recorded outputs; NaN after the end of a lane that failed.
    p : ndarray, shape (lanes, m)
        Parameters at the end, as schedules and jumps left them.
    oscillating : ndarray of bool, shape (lanes,)
        Lanes that turned at least 40 times in their last segment and had not stopped:
        see `Outcome.OSCILLATING`. Always false for models that depend on time.
    """

    y: Floats
    outcome: NDArray[np.int8]
    reached: Floats
    steps: NDArray[np.int64]
    rejected: NDArray[np.int64]
    step: Floats
    outputs: Floats
    p: Floats
    oscillating: NDArray[np.bool_]

    def failures(self) -> dict[Outcome, int]:
        """Count the lanes that did not reach their end, by outcome."""
        codes, counts = np.unique(self.outcome, return_counts=True)
        found = zip(codes.tolist(), counts.tolist(), strict=True)
        return {Outcome(c): k for c, k in found if not Outcome(c).usable}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """Compiled code of one model.

    Parameters
    ----------
    model : OdeModel
        The model.
    outputs : tuple of str
        Names of what is recorded.
    program : Program
        Its simplified equations.
    layout : Workspace
        Memory a thread needs.
    linked : Linked
        The code.
    width : int
        Lanes in a vector.
    """

    model: OdeModel
    outputs: tuple[str, ...]
    program: Program
    layout: Workspace
    linked: Linked
    width: int

    def advance(  # noqa: PLR0913
        self,
        y: ArrayLike,
        p: ArrayLike,
        t0: ArrayLike | None = None,
        t1: ArrayLike | None = None,
        *,
        schedule: Schedule | None = None,
        rtol: float = 1e-4,
        atol: ArrayLike = 1e-7,
        step: ArrayLike | None = None,
        at: ArrayLike | None = None,
        max_steps: int = 100_000,
        threads: int | None = None,
        method: str = "rodas4",
    ) -> Advance:
        """Integrate every lane over its own interval.

        Parameters
        ----------
        y : array_like, shape (lanes, n)
            Initial states.
        p : array_like, shape (lanes, m)
            Parameters.
        t0, t1 : array_like, scalar or shape (lanes,)
            Beginning and end of the interval, unless a schedule is given.
        schedule : Schedule, optional
            Segments with their own parameters, instead of an interval.
        rtol : float
            Relative tolerance.
        atol : array_like, scalar or shape (n,)
            Absolute tolerance.
        step : array_like, shape (lanes,), optional
            First step sizes, such as those of an `Advance` that is continued; zero
            where they are to be estimated.
        at : array_like, shape (points,) or (lanes, points), optional
            Ascending times within the interval at which outputs are recorded. Steps
            end exactly there; at a boundary they are recorded before it is passed.
        max_steps : int
            Steps a lane may try.
        threads : int, optional
            Threads, by default one per processor core. No result depends on it.
        method : str
            ``"rodas4"``, or ``"rodas5p"`` for tolerances below 1e-6.

        Returns
        -------
        Advance
            End states, recorded outputs and what each lane cost.

        Raises
        ------
        InputError
            If shapes do not match, times do not ascend, or tolerances are not positive.
        """
        states, values = self._lanes(y, p)
        if method not in TABLEAUS:
            raise unknown_name("method", method, TABLEAUS)
        if schedule is None:
            if t0 is None or t1 is None:
                raise InputError("advance needs t0 and t1, or a schedule.")
            schedule = _interval(t0, t1, len(states))
        call = _Call(self, states, values)
        call.set_schedule(schedule)
        call.set_tolerances(rtol, atol)
        call.set_points(at)
        call.set_results(step, max_steps)
        call.run(f"advance_{method}", threads)
        return call.result()

    def evaluate(self, y: ArrayLike, p: ArrayLike, t: ArrayLike = 0.0) -> Floats:
        """Return the outputs of given states, shape (lanes, outputs)."""
        return self._sweep("sweep_outputs", len(self.outputs), y, p, t)

    def rates(self, y: ArrayLike, p: ArrayLike, t: ArrayLike = 0.0) -> Floats:
        """Return the time derivatives of given states, shape (lanes, n)."""
        return self._sweep("sweep_rates", self.program.states, y, p, t)

    def _sweep(
        self, name: str, size: int, y: ArrayLike, p: ArrayLike, t: ArrayLike
    ) -> Floats:
        states, values = self._lanes(y, p)
        call = _Call(self, states, values)
        record = call.keep("record", np.empty((len(states), size)))
        times = np.asarray(t, dtype=float)
        call.keep("boundaries", np.broadcast_to(times, (len(states),)))
        if len(states) and size:
            call.run(name, 1)
        return record

    def _lanes(self, y: ArrayLike, p: ArrayLike) -> tuple[Floats, Floats]:
        states = np.ascontiguousarray(np.atleast_2d(np.asarray(y, dtype=float)))
        values = np.ascontiguousarray(np.atleast_2d(np.asarray(p, dtype=float)))
        n, m = self.program.states, self.program.parameters
        if states.ndim != 2 or states.shape[1] != n:
            raise InputError(
                f"y has shape {states.shape}; model {self.model.name} has {n} states, "
                f"so (lanes, {n}) is needed."
            )
        if values.ndim != 2 or values.shape[1] != m:
            raise InputError(
                f"p has shape {values.shape}; model {self.model.name} has {m} "
                f"parameters, so (lanes, {m}) is needed."
            )
        if len(values) == 1 and len(states) > 1:
            values = np.repeat(values, len(states), axis=0)
        if len(states) == 1 and len(values) > 1:
            states = np.repeat(states, len(values), axis=0)
        if len(states) != len(values):
            raise InputError(
                f"y has {len(states)} lanes and p has {len(values)}; they must agree."
            )
        return states, values


def _interval(t0: ArrayLike, t1: ArrayLike, lanes: int) -> Schedule:
    try:
        start = np.broadcast_to(np.asarray(t0, dtype=float), (lanes,))
        end = np.broadcast_to(np.asarray(t1, dtype=float), (lanes,))
    except ValueError as error:
        raise InputError(
            f"t0 and t1 must be numbers or have one number for each of {lanes} lanes."
        ) from error
    return Schedule(times=np.stack([start, end], axis=1))


class _Call:
    """The job of one call, with the arrays its addresses point into."""

    def __init__(self, kernel: Kernel, y: Floats, p: Floats) -> None:
        self.kernel = kernel
        self.lanes = len(y)
        self.job = Job(lanes=self.lanes)
        self.arrays: dict[str, NDArray[np.generic]] = {}
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
        if times.ndim not in (1, 2) or times.shape[-1] < 2:
            raise InputError("times needs at least a beginning and an end.")
        if not np.all(np.isfinite(times)) or np.any(np.diff(times, axis=-1) < 0):
            raise InputError("The times of a schedule must be finite and ascend.")
        self.job.segments = segments = times.shape[-1] - 1
        per_lane = self._rows("boundaries", times, 1)
        self.job.boundary_stride = per_lane * (segments + 1)
        self.times = times
        names = self.kernel.model.parameters
        place = {name: k for k, name in enumerate(names)}
        for name in schedule.names:
            if name not in place:
                raise unknown_name("parameter", name, names, where="schedule")
        columns = np.array([place[name] for name in schedule.names], dtype=np.int64)
        self.keep("columns", columns)
        self.job.changes = changes = len(columns)
        self.job.jumps = int(bool(self.kernel.program.jumps) and segments > 0)
        if schedule.values is None:
            values = np.zeros((segments, 0))
        else:
            values = np.asarray(schedule.values, dtype=float)
        if values.shape[-2:] != (segments, changes):
            raise InputError(
                f"values has shape {values.shape}; {segments} segments of {changes} "
                f"parameters need (..., {segments}, {changes})."
            )
        per_lane = self._rows("values", values, 2)
        self.job.value_stride = per_lane * segments * changes

    def set_tolerances(self, rtol: float, atol: ArrayLike) -> None:
        """Set the relative tolerance and one absolute tolerance per state."""
        absolute = np.asarray(atol, dtype=float)
        if not rtol > 0 or not np.all(absolute > 0):
            raise InputError("rtol and atol must be positive.")
        n = self.kernel.program.states
        if absolute.ndim and absolute.shape != (n,):
            raise InputError(f"atol must be a number or have length {n}.")
        self.job.relative = rtol
        self.keep("tolerance", np.broadcast_to(absolute, (n,)))

    def set_points(self, at: ArrayLike | None) -> None:
        """Set the times at which outputs are recorded."""
        points = np.asarray([] if at is None else at, dtype=float)
        if points.ndim not in (1, 2):
            raise InputError("at must have shape (points,) or (lanes, points).")
        self.job.count = count = points.shape[-1]
        per_lane = self._rows("points", points, 1)
        self.job.point_stride = per_lane * count
        if count:
            first, last = points[..., 0], points[..., -1]
            if not np.all(np.diff(points, axis=-1) >= 0):
                raise InputError("The times in `at` must ascend.")
            start, end = self.times[..., 0], self.times[..., -1]
            if np.any(first < start) or np.any(last > end):
                raise InputError("The times in `at` must lie within the interval.")
        shape = (self.lanes, count, len(self.kernel.outputs))
        self.keep("record", np.full(shape, np.nan))

    def set_results(self, step: ArrayLike | None, max_steps: int) -> None:
        """Set first steps and make room for the results."""
        lanes = (self.lanes,)
        first = np.zeros(lanes) if step is None else np.asarray(step, dtype=float)
        self.keep("step", np.broadcast_to(first, lanes))
        self.job.max_steps = max_steps
        n = self.kernel.program.states
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
        width = self.kernel.width
        wanted = threads or cpu_count() or 1
        count = max(1, min(wanted, -(-self.lanes // width)))
        if count == 1:
            self._run_one(entry)
            return
        with ThreadPoolExecutor(count) as pool:
            for done in [pool.submit(self._run_one, entry) for _ in range(count)]:
                done.result()

    def _run_one(self, entry: str) -> None:
        size = self.kernel.layout.size(self.kernel.width)
        memory = np.zeros(size + _ALIGNMENT, dtype=np.uint8)
        address = -(-memory.ctypes.data // _ALIGNMENT) * _ALIGNMENT
        self.kernel.linked.functions[entry](ctypes.addressof(self.job), address)

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
        if not self.kernel.program.autonomous:
            return np.zeros(self.lanes, dtype=bool)
        a = self.arrays
        began = self.times[..., -2]
        quiet, span = a["reached"] - a["turned"], a["reached"] - began
        return (a["turns"] >= _MANY_TURNS) & (quiet < _STILL_TURNING * span)


def compile_model(
    model: OdeModel,
    outputs: Sequence[str] = (),
    *,
    jumps: Mapping[str, Expression] | None = None,
) -> Kernel:
    """Compile a model for this processor.

    Object code is kept in the user's cache folder, so the second time is fast.

    Parameters
    ----------
    model : OdeModel
        The model.
    outputs : sequence of str
        Names of outputs, states or parameters to record.
    jumps : mapping of str to Expression, optional
        What a state or parameter becomes, from the values before, at the start of each
        segment of a schedule.

    Returns
    -------
    Kernel
        The compiled model.

    Raises
    ------
    InputError
        If an output or a target of a jump is not known.
    """
    jumps = jumps or {}
    processor = host()
    program = prepare(model, outputs, jumps)
    identity = f"{processor.identity} {_identity(program)}"
    code = remembered(
        identity, lambda: translate(generate(program, processor.width), processor)
    )
    return Kernel(
        model=model,
        outputs=tuple(outputs),
        program=program,
        layout=workspace(program),
        linked=link(code, _ENTRIES, processor),
        width=processor.width,
    )


def _identity(program: Program) -> str:
    roots = (*program.rhs, *program.outputs, *program.jumps.values())
    targets = " ".join(map(str, program.jumps))
    counts = f"{program.states} {program.parameters} {len(program.outputs)}"
    return f"{counts} {targets} {fingerprint(roots)}"
