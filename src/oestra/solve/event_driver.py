"""Events: instantaneous changes when a condition turns true.

The order of execution follows SBML Level 3 Version 2 core, section 4.11: events that
fire together go by priority, each may fire or cancel others, and a trigger must turn
false before it can fire again.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.solve.evaluate import Evaluator
from oestra.solve.kernel import Kernel
from oestra.solve.pieces import failed_lanes
from oestra.solve.sbml import Event, SbmlModel
from oestra.solve.settings import Settings
from oestra.solve.switches import SIDE, switch_times, switches

__all__ = ["EventDriver"]

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

_SAMPLES = 200
_PRECISION = 1e-13
_LONGEST_CASCADE = 10_000


@dataclass(slots=True, kw_only=True)
class _Lanes:
    """Where the lanes of a run stand.

    Parameters
    ----------
    y, p : ndarray, shape (lanes, n) and (lanes, m)
        States and parameters.
    time : ndarray, shape (lanes,)
        Time reached.
    truth : ndarray, shape (lanes, events)
        Triggers at that time.
    outcome : ndarray, shape (lanes,)
        Codes.
    step : ndarray, shape (lanes,)
        Step sizes to continue with.
    """

    y: Floats
    p: Floats
    time: Floats
    truth: Truths
    outcome: NDArray[np.int8]
    step: Floats


class EventDriver:
    """Integrates a model with events.

    Parameters
    ----------
    model : SbmlModel
        The model.
    kernel : Kernel
        Its compiled equations, with what is to be recorded.
    settings : Settings
        Tolerances and limits.
    """

    def __init__(self, *, model: SbmlModel, kernel: Kernel, settings: Settings) -> None:
        self.model = model
        self.kernel = kernel
        self.settings = settings
        self._triggers = Evaluator(e.trigger for e in model.events)
        self._news = [Evaluator(e.assignments.values()) for e in model.events]
        self._priorities = [
            None if e.priority is None else Evaluator([e.priority])
            for e in model.events
        ]

    def run(
        self, y: Floats, p: Floats, times: Floats
    ) -> tuple[Floats, NDArray[np.int8]]:
        """Integrate and record.

        Parameters
        ----------
        y, p : ndarray, shape (lanes, n) and (lanes, m)
            Initial states and parameters.
        times : ndarray, shape (points,)
            Times to record, from the beginning to the end.

        Returns
        -------
        values : ndarray, shape (lanes, points, outputs)
            What was recorded, after events of the same time; NaN once a lane failed.
        outcome : ndarray of int8, shape (lanes,)
            Code of the `Outcome` of each lane.

        Raises
        ------
        InputError
            If events fire each other without end.
        """
        count = len(y)
        lanes = _Lanes(
            y=np.array(y),
            p=p,
            time=np.full(count, times[0]),
            truth=np.tile([e.initially for e in self.model.events], (count, 1)),
            outcome=np.zeros(count, dtype=np.int8),
            step=np.zeros(count),
        )
        values = np.full((count, len(times), len(self.kernel.outputs)), np.nan)
        self._fire(lanes, np.arange(count), self._truth(lanes.time, lanes.y, p))
        recorded = {time: k for k, time in enumerate(times)}
        for target, jump in self._stops(times, p):
            if jump:
                self._jump(lanes, target)
            else:
                self._march(lanes, target)
            if target in recorded:
                good = np.flatnonzero(~failed_lanes(lanes.outcome))
                values[good, recorded[target]] = self.kernel.evaluate(
                    lanes.y[good], p[good], np.full(len(good), target)
                )
        return values, lanes.outcome

    def _stops(self, times: Floats, p: Floats) -> list[tuple[float, bool]]:
        """Return times to record, to sample triggers at, and of switches.

        True stands by those that are reached without integration, across a switch.
        """
        parts = max(1, -(-_SAMPLES // (len(times) - 1)))
        between = times[:-1, None] + np.diff(times)[:, None] * (
            np.arange(parts) / parts
        )
        triggers = (event.trigger for event in self.model.events)
        watched = switches([*self.kernel.model.rhs, *triggers])
        around = np.unique(switch_times(watched, p, times[-1]))
        around = around[around < times[-1]]
        before, after = around * (1.0 - SIDE), around * (1.0 + SIDE)
        jumps = {*around.tolist(), *after.tolist()}
        stops = np.concatenate([between.ravel(), times, before, around, after])
        return [(stop, stop in jumps) for stop in np.unique(stops).tolist()]

    def _truth(self, time: Floats, y: Floats, p: Floats) -> Truths:
        return self._triggers(time, y, p) != 0.0

    def _jump(self, lanes: _Lanes, target: float) -> None:
        """Pass a switch of the clock."""
        active = np.flatnonzero(~failed_lanes(lanes.outcome))
        lanes.time[active] = target
        truth = self._truth(lanes.time[active], lanes.y[active], lanes.p[active])
        self._fire(lanes, active, truth)

    def _march(self, lanes: _Lanes, target: float) -> None:
        """Bring every lane to a time, firing events on the way."""
        while True:
            behind = (lanes.time < target) & ~failed_lanes(lanes.outcome)
            active = np.flatnonzero(behind)
            if not len(active):
                return
            time, y, p = lanes.time[active], lanes.y[active], lanes.p[active]
            end = self.kernel.advance(
                y, p, time, target, step=lanes.step[active], **self.settings.arguments()
            )
            lanes.outcome[active] = end.outcome
            goal = np.full(len(active), target)
            truth = self._truth(goal, end.y, p)
            risen = (truth & ~lanes.truth[active]).any(axis=1)
            found = np.flatnonzero(risen & ~failed_lanes(end.outcome))
            goal[found], end.y[found] = self._locate(
                lanes, active[found], target, end.y[found]
            )
            lanes.time[active], lanes.y[active] = goal, end.y
            lanes.step[active] = end.step
            truth[found] = self._truth(goal[found], end.y[found], p[found])
            self._fire(lanes, active, truth)

    def _locate(
        self, lanes: _Lanes, rows: NDArray[np.intp], target: float, y_high: Floats
    ) -> tuple[Floats, Floats]:
        """Bisect to the first time at which a trigger has turned true."""
        low, y_low = lanes.time[rows], lanes.y[rows]
        high, y_high = np.full(len(rows), target), np.array(y_high)
        # The intervals are so short that starting threads would cost more.
        options = replace(self.settings, threads=1).arguments()
        while True:
            wide = np.flatnonzero(high - low > _PRECISION * np.maximum(abs(high), 1e-9))
            if not len(wide):
                return high, y_high
            middle = 0.5 * (low[wide] + high[wide])
            p = lanes.p[rows[wide]]
            end = self.kernel.advance(y_low[wide], p, low[wide], middle, **options)
            truth = self._truth(middle, end.y, p)
            hit = (truth & ~lanes.truth[rows[wide]]).any(axis=1)
            high[wide[hit]], y_high[wide[hit]] = middle[hit], end.y[hit]
            low[wide[~hit]], y_low[wide[~hit]] = middle[~hit], end.y[~hit]

    def _fire(self, lanes: _Lanes, rows: NDArray[np.intp], truth: Truths) -> None:
        """Execute what fires in some lanes and take over their triggers."""
        risen = (truth & ~lanes.truth[rows]).any(axis=1)
        lanes.truth[rows[~risen]] = truth[~risen]
        for row in rows[risen]:
            self._cascade(lanes, int(row))
            lanes.step[row] = 0.0

    def _cascade(self, lanes: _Lanes, row: int) -> None:
        """Execute all events that are due in one lane, and those they fire."""
        time, y, p = lanes.time[row], lanes.y[row], lanes.p[row]
        before, due = lanes.truth[row], {}
        for _ in range(_LONGEST_CASCADE):
            now = self._triggers(time, y, p) != 0.0
            for k in np.flatnonzero(now & ~before):
                due[int(k)] = self._news[k](time, y, p)
            before[:] = now
            events = self.model.events
            due = {k: new for k, new in due.items() if now[k] or events[k].persistent}
            if not due:
                return
            chosen = max(due, key=lambda k: self._rank(k, time, y, p))
            new = due.pop(chosen)
            self._execute(events[chosen], chosen, new, (time, y, p))
        raise InputError(
            f"Events of model {self.model.ode.name!r} fire each other without end at "
            f"time {time:g}."
        )

    def _rank(self, event: int, time: float, y: Floats, p: Floats) -> tuple[float, int]:
        evaluate = self._priorities[event]
        priority = -np.inf if evaluate is None else evaluate(time, y, p)[0]
        return float(priority), -event

    def _execute(
        self,
        event: Event,
        position: int,
        new: Floats,
        point: tuple[float, Floats, Floats],
    ) -> None:
        if not event.early:
            new = self._news[position](*point)
        point[1][list(event.assignments)] = new
