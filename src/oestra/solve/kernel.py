"""A compiled model: thousands of lanes advanced in one call."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError, unknown_name
from oestra.solve.advance import Advance
from oestra.solve.by_radau import RADAU, run_by_radau
from oestra.solve.call import Call, Code
from oestra.solve.model import OdeModel
from oestra.solve.outcome import Outcome
from oestra.solve.program import Program, prepare
from oestra.solve.rescue import rescue
from oestra.solve.schedule import Schedule, interval
from oestra.solve.tableau import TABLEAUS

__all__ = ["METHODS", "Kernel"]

Floats = NDArray[np.float64]
METHODS = (*TABLEAUS, RADAU)
"""Names of the methods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """Compiled code of one model.

    Parameters
    ----------
    code : Code
        The code and what it was compiled from.
    """

    code: Code

    @property
    def model(self) -> OdeModel:
        """The model."""
        return self.code.model

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of what is recorded."""
        return self.code.outputs

    @property
    def program(self) -> Program:
        """The simplified equations, derived anew from the model."""
        return prepare(self.model, self.outputs, self.code.jumps)

    @property
    def autonomous(self) -> bool:
        """Whether time is absent from the right-hand side."""
        return self.code.shape.autonomous

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
            ``"rodas4"``; ``"rodas5p"`` for tolerances below 1e-6; or ``"radau"``, slow
            and sturdy, which takes no schedule.

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
        if method not in METHODS:
            raise unknown_name("method", method, METHODS)
        if schedule is None:
            if t0 is None or t1 is None:
                raise InputError("advance needs t0 and t1, or a schedule.")
            schedule = interval(t0, t1, len(states))
        call = Call(self.code, states, values)
        call.set_schedule(schedule)
        call.set_tolerances(rtol, atol)
        call.set_points(at)
        call.set_results(step, max_steps)
        if method == RADAU:
            run_by_radau(call, self.rates, self.evaluate)
            return call.result()
        call.run(f"advance_{method}", threads)
        result = call.result()
        options = {"rtol": rtol, "atol": atol, "max_steps": max_steps}
        for lane in np.flatnonzero(result.outcome == Outcome.NON_FINITE):
            points = np.asarray([] if at is None else at, dtype=float)
            self._retry(result, int(lane), (schedule, points), options)
        return result

    def evaluate(self, y: ArrayLike, p: ArrayLike, t: ArrayLike = 0.0) -> Floats:
        """Return the outputs of given states, shape (lanes, outputs)."""
        return self._sweep("sweep_outputs", len(self.outputs), y, p, t)

    def rates(self, y: ArrayLike, p: ArrayLike, t: ArrayLike = 0.0) -> Floats:
        """Return the time derivatives of given states, shape (lanes, n)."""
        return self._sweep("sweep_rates", self.code.shape.states, y, p, t)

    def _sweep(
        self, name: str, size: int, y: ArrayLike, p: ArrayLike, t: ArrayLike
    ) -> Floats:
        states, values = self._lanes(y, p)
        call = Call(self.code, states, values)
        record = call.keep("record", np.empty((len(states), size)))
        times = np.asarray(t, dtype=float)
        call.keep("boundaries", np.broadcast_to(times, (len(states),)))
        if len(states) and size:
            call.run(name, 1)
        return record

    def _lanes(self, y: ArrayLike, p: ArrayLike) -> tuple[Floats, Floats]:
        states = np.ascontiguousarray(np.atleast_2d(np.asarray(y, dtype=float)))
        values = np.ascontiguousarray(np.atleast_2d(np.asarray(p, dtype=float)))
        n, m = self.code.shape.states, self.code.shape.parameters
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

    def _retry(
        self,
        result: Advance,
        lane: int,
        plan: tuple[Schedule, Floats],
        options: dict[str, Any],
    ) -> None:
        """Carry a lane on whose rates are finite after all."""
        schedule, points = plan[0].of_lane(lane), plan[1]
        points = points[lane] if points.ndim == 2 else points
        begin, p = float(result.reached[lane]), result.p[lane]
        segment, rest = schedule.after(begin)
        end = float(schedule.times[segment + 1])
        here = (points > begin) & (points <= end)
        done = rescue(
            lambda t, y: self.rates(y, p, t)[0],
            result.y[lane],
            (begin, end),
            points[here],
            (options["rtol"], options["atol"]),
        )
        if done is None:
            return
        result.steps[lane] += done.steps
        result.y[lane], result.reached[lane] = done.y, end
        result.outcome[lane] = Outcome.REACHED_END
        if np.any(here):
            result.outputs[lane, here] = self.evaluate(done.path, p, points[here])
        if rest is not None:
            later = points > end
            more = self.advance(
                done.y, p, schedule=rest, at=points[later], threads=1, **options
            )
            result.replace_lane(lane, more, later)
