"""After a trial: later lines as practice chooses them, and death.

Each line lasts until practice sees progression; the same clones go on from the state
in which the therapy of the trial left them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.course.death import background_death, fatal_log_cells
from oestra.course.events import Follow
from oestra.course.tumors import Tumors
from oestra.course.twins import Twins
from oestra.drugs.regimen import Regimen
from oestra.engagement.load_table import load_table
from oestra.follow.choices import Choices, Crossing, choices
from oestra.history.cohort import Cohort
from oestra.history.practice import sees_progression
from oestra.network.cell import cell

__all__ = ["After", "clones_on", "live_on"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
_PERIOD_DAYS = 56.0
_FIRST_PERIOD = 20_000
"""Mutations after a trial draw numbers that no period on it used."""
_MOST_LINES = 16
"""More lines than anybody takes; each has its own luck with new lesions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """When the therapy of a trial ended, and what follows.

    Parameters
    ----------
    day : ndarray, shape (n,)
        Day from randomization on which it ended, ``inf`` where it goes on.
    until : ndarray, shape (n,)
        Day up to which anybody asks.
    regimen : Regimen
        What was taken on trial.
    year : float
        Calendar year whose practice follows.
    crossing : Crossing, optional
        What some of the patients take next.
    """

    day: Array
    until: Array
    regimen: Regimen
    year: float
    crossing: Crossing | None = None


@dataclass(slots=True, kw_only=True)
class _Status:
    """What is known of k patients while they are simulated."""

    day: Array
    last: Array
    death: Array
    code: Rows
    line: Rows
    nadir: Array
    new_lesion: Array
    active: NDArray[np.bool_]

    def bury(self, rows: Rows, before: Array, total: Array, fatal: float) -> None:
        """Note who died of the burden in a period, and who has no tumor left."""
        dead = total >= fatal
        rise = np.maximum(total[dead] - before[dead], 1e-300)
        share = np.clip((fatal - before[dead]) / rise, 0.0, 1.0)
        day = self.day[rows[dead]] + share * _PERIOD_DAYS
        self.death[rows[dead]] = np.minimum(self.death[rows[dead]], day)
        self.active[rows[dead | ~np.isfinite(total)]] = False


def clones_on(followed: Follow, rows: Rows, day: Array) -> Array:
    """Return log cell numbers of clones of some patients on a day of each.

    Parameters
    ----------
    followed : Follow
        Courses of n patients.
    rows : ndarray of int, shape (k,)
        Whose.
    day : ndarray, shape (k,)
        The day of each; between output days on a line, from a clone's first on.

    Returns
    -------
    ndarray, shape (k, clones)
        Natural logarithms, ``-inf`` for none.
    """
    days = followed.days
    after = np.clip(np.searchsorted(days, day), 1, len(days) - 1)
    share = (day - days[after - 1]) / (days[after] - days[after - 1])
    left = followed.clone_log_cells[rows, :, after - 1].astype(float)
    right = followed.clone_log_cells[rows, :, after].astype(float)
    both = np.isfinite(left) & np.isfinite(right)
    with np.errstate(invalid="ignore"):
        return np.where(both, left + (right - left) * share[:, None], left)


def live_on(
    cohort: Cohort,
    rows: Rows,
    followed: Follow,
    after: After,
    *,
    streams: Streams,
    log_growth_effect: float = 0.0,
) -> Array:
    """Follow patients of a trial beyond its therapy until they die.

    Parameters
    ----------
    cohort : Cohort
        The pool.
    rows : ndarray of int, shape (n,)
        Decision points of the pool at which the patients were randomized.
    followed : Follow
        Their courses on trial, with the states they went through.
    after : After
        When the therapy ended, and what follows.
    streams : Streams
        Source of chance of their courses on trial.
    log_growth_effect : float
        Log factor on the pace of every tumor of the trial.

    Returns
    -------
    ndarray, shape (n,)
        Days of death from randomization; that of the course on trial where its
        therapy did not end before, ``inf`` for none until the last day asked for.

    Raises
    ------
    InputError
        If the courses were followed without keeping states.
    """
    if followed.kept is None:
        raise InputError("Later lines start from states; follow with keep=True.")
    death = followed.death_day.copy()
    gone = np.flatnonzero(after.day < np.minimum(after.until, death))
    if not len(gone):
        return death
    day, here = after.day[gone], rows[gone]
    ids = cohort.patients(here).index.to_numpy()
    luck = streams.spawn(Stream.LATER)
    tumors = Tumors(
        cell=cell(cohort.parameters.library),
        ids=ids,
        y=followed.kept.on(np.where(np.isfinite(after.day), after.day, 0.0))[gone],
        log_cells=clones_on(followed, gone, day),
        second=cohort.second_shares(here),
    )
    other = background_death(ids, cohort.parameters, streams)
    status = _Status(
        day=day.copy(),
        last=np.minimum(after.until[gone], other),
        death=np.where(other <= after.until[gone], other, np.inf),
        code=np.zeros(len(gone), dtype=np.int64),
        line=np.zeros(len(gone), dtype=np.int64),
        nadir=np.zeros(len(gone)),
        new_lesion=luck.exponential(Stream.NEW_LESION, ids, _MOST_LINES),
        active=np.ones(len(gone), dtype=bool),
    )
    left = choices(cohort, here, after.regimen, after.crossing, luck, after.year)
    _simulate(tumors, status, left, log_growth_effect, here)
    death[gone] = status.death
    return death


def _simulate(
    tumors: Tumors, status: _Status, left: Choices, log_growth_effect: float, here: Rows
) -> None:
    """Let patients live through their lines until they die or nobody asks."""
    cohort, p = left.cohort, left.cohort.parameters
    lanes = cohort.lanes(here, log_growth_effect)
    names, loads, copy = _dosed(left)
    columns = [lanes.cell.column(name) for name in names]
    fatal = fatal_log_cells(p)
    everybody = np.arange(len(here))
    start = tumors.total(everybody)
    status.bury(everybody, start, start, fatal)
    _begin_line(tumors, status, left, np.flatnonzero(status.active))
    kind = _alike(here, tumors.y)
    period = 0
    while len(rows := np.flatnonzero(status.active)):
        twins = Twins.of(kind[rows], status.code[rows])
        kind[rows] = twins.back
        some = rows[twins.first]
        parameters = lanes.p[some]
        parameters[:, :, columns] = loads[status.code[some], copy[some]][:, None, :]
        before = tumors.total(rows)
        tumors.grow(parameters, rows, np.array([_PERIOD_DAYS]), twins)
        tumors.mutate(rows, _FIRST_PERIOD + period, p, left.luck)
        status.bury(rows, before, tumors.total(rows), fatal)
        status.day[rows] += _PERIOD_DAYS
        status.active &= status.day < status.last
        failed = _failed(tumors, status, rows, before, p)
        _begin_line(tumors, status, left, failed[status.active[failed]])
        period += 1


def _dosed(left: Choices) -> tuple[tuple[str, ...], Array, Rows]:
    """Return what each therapy sets in the cells of patients: names and values.

    Copies of a patient are dosed once; the last tells which of them each is.
    """
    _, first, copy = np.unique(left.ids, return_index=True, return_inverse=True)
    asked = np.zeros((len(first), len(left.regimens)), dtype=bool)
    np.logical_or.at(asked, copy, left.possible)
    cohort = left.cohort
    names, loads = load_table(
        left.regimens,
        left.c.iloc[first],
        cohort.parameters,
        cohort.streams,
        adherent=True,
        asked=asked,
    )
    return names, loads, copy


def _alike(here: Rows, y: Array) -> Rows:
    """Give a number to each patient, one to all of one decision and one state."""
    states = y.reshape(len(y), -1)
    whole = np.ascontiguousarray(states).view(f"V{states.itemsize * states.shape[1]}")
    _, same = np.unique(whole.ravel(), return_inverse=True)
    return Twins.of(here, same).back


def _failed(
    tumors: Tumors, status: _Status, rows: Rows, before: Array, p: ParameterSet
) -> Rows:
    """Return who progressed on a line in the last period."""
    on = status.code[rows] > 0
    rows, before = rows[on], before[on]
    line = status.line[rows]
    nadir, luck = status.nadir[rows], status.new_lesion[rows, line]
    found = sees_progression(before, tumors.total(rows), nadir, luck, p, _PERIOD_DAYS)
    status.nadir[rows], status.new_lesion[rows, line] = nadir, luck
    return rows[found]


def _begin_line(tumors: Tumors, status: _Status, left: Choices, rows: Rows) -> None:
    """Give patients their next line."""
    status.line[rows] += 1
    status.nadir[rows] = tumors.total(rows)
    for line in np.unique(status.line[rows]):
        here = rows[status.line[rows] == line]
        status.code[here] = left.begin(here, int(line))
