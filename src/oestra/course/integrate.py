"""Integrate the clones of patients under a regimen, period by period.

The order of events stands in `oestra.trial.order`.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.course.stage import Stage, relative_load
from oestra.course.tumors import Period, Tumors
from oestra.course.twins import Twins
from oestra.tumor.burden import log_total

__all__ = ["Doses", "Record", "Trajectory", "integrate", "periods"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
_PERIOD_DAYS = 28.0
_OVERGROWN = 1.5
"""Log of the rise over the nadir, past any progression, after which growth goes on."""
_FIRST_PERIOD = 10_000
"""Mutations on trial draw numbers that no period of the history used."""


def periods(days: Array) -> list[tuple[float, Array]]:
    """Split output days into periods of four weeks.

    Parameters
    ----------
    days : ndarray, shape (T,)
        Output days, ascending from 0.

    Returns
    -------
    list of tuple of float and ndarray
        Start of each period and the days in it; the last of them ends it.
    """
    ends = np.arange(_PERIOD_DAYS, days[-1] + _PERIOD_DAYS, _PERIOD_DAYS)
    found = []
    start = 0.0
    for end in np.minimum(ends, days[-1]):
        inside = days[(days > start) & (days < end)]
        if end > start:
            found.append((start, np.append(inside, end)))
        start = float(end)
    return found


def _middle(start: float, end: float) -> float:
    return start + 0.5 * (end - start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """What the clones of n patients live under.

    Parameters
    ----------
    on, off : ndarray, shape (n, clones, parameters)
        Parameters with the drugs at steady state, and without drugs.
    ramps : dict of int to ndarray, shape (n, periods)
        Load over load at steady state, by column of the parameters.
    stop_day : ndarray, shape (n,)
        Day on which each stops the drugs, ``inf`` for never.
    lower : ndarray or None
        Parameters with lower doses at steady state; None where nobody takes less.
    lower_day : ndarray or None
        Day from which each takes less, ``inf`` for never.
    alike : ndarray of int or None, shape (n,)
        Patients with one number are alike in all but the days on which doses change,
        and have the same states at the start; None where nothing is known of that.
    until_day : ndarray or None, shape (n,)
        Day up to which anybody looks at each, who is integrated no further than to the
        end of its period; None for all days.
    stages : tuple of Stage
        Regimens that follow, each in the place of the one before.
    settles : bool
        Whether the course of who has grown past any progression is settled; it is not
        where her treatment may still change.
    """

    on: Array
    off: Array
    ramps: dict[int, Array]
    stop_day: Array
    lower: Array | None = None
    lower_day: Array | None = None
    alike: Rows | None = None
    until_day: Array | None = None
    stages: tuple[Stage, ...] = ()
    settles: bool = True

    def changes(self, middles: Array) -> list[Rows]:
        """Return, for each kind of change, before how many middles of periods it is."""
        days = [self.stop_day, *([] if self.lower_day is None else [self.lower_day])]
        days += [stage.day for stage in self.stages]
        return [np.searchsorted(middles, day) for day in days]

    def during(self, rows: Rows, number: int, start: float, end: float) -> Array:
        """Return the parameters of some patients in a period, (k, clones, names)."""
        middle = _middle(start, end)
        untreated = self.stop_day[rows] <= middle
        p = self.on[rows]
        if self.lower is not None and self.lower_day is not None:
            less = self.lower_day[rows] <= middle
            p[less] = self.lower[rows[less]]
        taken = [(stage, stage.day[rows] <= middle) for stage in self.stages]
        for stage, who in taken:
            p[who] = stage.on[rows[who]]
        p[untreated] = self.off[rows[untreated]]
        for column in dict.fromkeys(
            (*self.ramps, *(name for stage in self.stages for name in stage.ramps))
        ):
            ramp = relative_load(column, self.ramps, taken, rows, number)
            # Without drugs ovaries are as they were.
            ramp = np.where(untreated, 1.0, ramp)
            p[:, :, column] *= ramp[:, None]
        return p


@dataclass(slots=True)
class Trajectory:
    """States that clones went through; from each of them a course can go on.

    Parameters
    ----------
    parts : list of tuple of float, ndarray and ndarray
        Day, patients integrated up to it, shape (k,), and the states of their clones,
        float32 of shape (k, clones, states); everybody on day 0 first.
    """

    parts: list[tuple[float, Rows, NDArray[np.float32]]] = field(default_factory=list)

    def add(self, day: float, rows: Rows, y: Array) -> None:
        """Add the states of some patients on a day."""
        self.parts.append((day, rows, y[rows].astype(np.float32)))

    def on(self, day: Array) -> Array:
        """Return the last states recorded up to a day of each patient.

        Parameters
        ----------
        day : ndarray, shape (n,)
            Days, not before 0.

        Returns
        -------
        ndarray, shape (n, clones, states)
            The states.
        """
        found = self.parts[0][2].astype(float)
        for when, rows, y in self.parts[1:]:
            past = when <= day[rows]
            found[rows[past]] = y[past]
        return found


@dataclass(frozen=True, slots=True)
class Record:
    """Clones over time.

    Parameters
    ----------
    ki67, slc2a1, log_cells : ndarray, shape (n, T, clones)
        Share of cycling cells, glucose transporters of a cell, natural log of cell
        numbers.
    lanes, lost : int
        Lanes integrated and lanes the solver lost.
    kept : Trajectory or None
        States, where they were asked for.
    """

    ki67: Array
    slc2a1: Array
    log_cells: Array
    lanes: int
    lost: int
    kept: Trajectory | None


class _Course:
    """The record of n patients while it is being written."""

    def __init__(self, tumors: Tumors, days: Array, *, settles: bool = True) -> None:
        n = len(tumors.ids)
        shape = (len(days), *tumors.log_cells.shape)
        self.tumors, self.days, self.settles = tumors, days, settles
        self.marker = {name: tumors.cell.states[name] for name in ("ki67", "slc2a1")}
        # Days first, so that the days of a period lie together.
        self.log_cells = np.empty(shape)
        self.log_cells[0] = tumors.log_cells
        self.markers = {name: np.empty(shape) for name in self.marker}
        self._record_markers(slice(0, 1))
        self.nadir = log_total(tumors.log_cells)
        self.rate = np.zeros(tumors.log_cells.shape)
        self.rows = np.arange(n)
        self.alike: Rows | None = None
        self.lanes = self.lost = 0

    def _record_markers(self, seen: slice) -> None:
        """Record the markers as they stand."""
        for name, state in self.marker.items():
            self.markers[name][seen] = self.tumors.y[:, :, state]

    def extrapolate(self, seen: slice, start: float, end: float) -> None:
        """Let the tumors that are not integrated any more grow on as they did."""
        tumors = self.tumors
        elapsed = self.days[seen, None, None] - start
        self.log_cells[seen] = tumors.log_cells + elapsed * self.rate
        self._record_markers(seen)
        went = self.rate * (end - start)
        went[self.rows] = 0.0
        tumors.log_cells += went

    def write(
        self, period: Period, began: Array, seen: slice, start: float, at: Array
    ) -> None:
        """Record a period of the tumors that were integrated."""
        rows = self.rows
        self.lanes += began.size
        self.lost += period.failures
        self.rate[rows] = period.growth[:, -1] / (at[-1] - start)
        point = np.searchsorted(at, self.days[seen])
        growth = period.growth[:, point]
        self.log_cells[seen, rows] = began + growth.transpose(1, 0, 2)
        for name, values in (("ki67", period.ki67), ("slc2a1", period.slc2a1)):
            self.markers[name][seen, rows] = values[:, point].transpose(1, 0, 2)

    def drop_overgrown(self) -> None:
        """Leave out who is so far past progression that her course is settled."""
        if not self.settles:
            return
        total = log_total(self.tumors.log_cells)
        np.minimum(self.nadir, total, out=self.nadir)
        with np.errstate(invalid="ignore"):
            grown = np.nan_to_num(total - self.nadir) > _OVERGROWN
        self.rows = np.flatnonzero(~grown)
        if self.alike is not None:
            # Who is left out is like nobody any more, should she come back.
            self.alike[grown] = len(grown) + np.flatnonzero(grown)


def integrate(
    tumors: Tumors,
    doses: Doses,
    days: Array,
    p: ParameterSet,
    streams: Streams,
    *,
    keep: bool = False,
) -> Record:
    """Integrate the clones of patients over the output days.

    Parameters
    ----------
    tumors : Tumors
        Clones of n patients; changed.
    doses : Doses
        What they live under.
    days : ndarray, shape (T,)
        Output days, ascending from 0.
    p : ParameterSet
        Mutation rates.
    streams : Streams
        Source of chance.
    keep : bool
        Whether to keep the states gone through.

    Returns
    -------
    Record
        Clones on the output days.
    """
    course = _Course(tumors, days, settles=doses.settles)
    plan = periods(days)
    middles = np.array([_middle(start, float(at[-1])) for start, at in plan])
    changes = doses.changes(middles)
    if doses.alike is not None:
        _, course.alike = np.unique(doses.alike, return_inverse=True)
    trajectory = Trajectory() if keep else None
    if trajectory is not None:
        trajectory.add(0.0, course.rows, tumors.y)
    for number, (start, at) in enumerate(plan):
        end = float(at[-1])
        seen = slice(*np.searchsorted(days, [start, end], side="right"))
        if doses.until_day is not None:
            course.rows = course.rows[doses.until_day[course.rows] > start]
        course.extrapolate(seen, start, end)
        rows = course.rows
        if not len(rows):
            continue
        began = tumors.log_cells[rows]
        twins = None
        if course.alike is not None:
            happened = [np.minimum(one[rows], number + 1) for one in changes]
            twins = Twins.of(course.alike[rows], *happened)
        some = rows if twins is None else rows[twins.first]
        grown = tumors.grow(
            doses.during(some, number, start, end), rows, at - start, twins
        )
        course.write(grown, began, seen, start, at)
        tumors.mutate(rows, _FIRST_PERIOD + number, p, streams)
        if trajectory is not None:
            trajectory.add(end, rows, tumors.y)
        course.drop_overgrown()
    return Record(
        ki67=course.markers["ki67"].transpose(1, 0, 2),
        slc2a1=course.markers["slc2a1"].transpose(1, 0, 2),
        log_cells=course.log_cells.transpose(1, 0, 2),
        lanes=course.lanes,
        lost=course.lost,
        kept=trajectory,
    )
