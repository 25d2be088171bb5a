"""One line of an order: patients treated until progression, harm or death.

The line is an arm of a trial: doses, harm, scans every 8 weeks and their reading are
those of `oestra.trial.treat`. Only death of other causes is drawn once for the whole
order, and nobody leaves.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.core.streams import Streams
from oestra.course.death import fatal_log_cells
from oestra.course.events import Follow
from oestra.drugs.regimen import Regimen
from oestra.follow.later import clones_on
from oestra.follow.treatment import Changes, run_course
from oestra.history.cohort import Cohort
from oestra.trial.assumption import Assumptions, assumptions
from oestra.trial.case_mix import Weighted
from oestra.trial.design import Arm, TrialDesign
from oestra.trial.members import Draw, Members
from oestra.trial.treat import Treated, treat
from oestra.trial.treated import exposed_of
from oestra.trial.trial_setting import Setting
from oestra.tumor.clone import kinds_of

__all__ = ["ENDS", "Here", "LineCourse", "burden_death", "take_line", "untreated"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
ENDS = ("progression", "harm", "death", "on treatment")
"""What ended a line, the last of them where nothing had at the horizon."""
_STEP_DAYS = 28.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Patients where a line begins.

    Parameters
    ----------
    cohort : Cohort
        A population of these n patients alone, as the line before left them.
    number : ndarray of int, shape (n,)
        Numbers that key their chance on treatment.
    place : ndarray of int, shape (n,)
        Which of the patients of the order they are.
    start : ndarray, shape (n,)
        Day of the order on which the line begins.
    other_death : ndarray, shape (n,)
        Day of the order on which each dies of something else.
    """

    cohort: Cohort
    number: Rows
    place: Rows
    start: Array
    other_death: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCourse:
    """What became of n patients on a line; days of the order.

    Parameters
    ----------
    place : ndarray of int, shape (n,)
        Which of the patients of the order they are.
    start, end : ndarray, shape (n,)
        When the line began, and when it ended.
    why : ndarray of int, shape (n,)
        Place in `ENDS`.
    leading : ndarray of int, shape (n,)
        The clone with most cells at the end, a kind of `oestra.tumor.clone.Clone`.
    death : ndarray, shape (n,)
        Day of death, ``inf`` for who lived on to another line or to the horizon.
    """

    place: Rows
    start: Array
    end: Array
    why: Rows
    leading: Rows
    death: Array


def burden_death(days: Array, total: Array, fatal: float) -> Array:
    """Return when burdens become fatal, between output days.

    Parameters
    ----------
    days : ndarray, shape (t,)
        Output days.
    total : ndarray, shape (n, t)
        Log of all cells.
    fatal : float
        Log of the number of cells that kills.

    Returns
    -------
    ndarray, shape (n,)
        Days, ``inf`` for never.
    """
    over = total >= fatal
    rows, after = np.arange(len(total)), np.maximum(over.argmax(axis=1), 1)
    before, reached = total[rows, after - 1], total[rows, after]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.clip((fatal - before) / (reached - before), 0.0, 1.0)
    day = days[after - 1] + share * (days[after] - days[after - 1])
    day = np.where(over[:, 0], days[0], day)
    return np.where(over.any(axis=1), day, np.inf)


def _conduct() -> Assumptions:
    """Return how patients are scanned and harmed outside a trial: nobody leaves."""
    known = assumptions()
    return replace(known, withdrawal=replace(known.withdrawal, value=0.0))


def _treated(
    here: Here, regimen: str, design: TrialDesign, streams: Streams
) -> Treated:
    """Treat and scan patients as an arm of a trial that lasts to the horizon."""

    def follow(
        rows: Rows,
        regimen: Regimen,
        *,
        days: Array,
        changes: Changes,
        streams: Streams,
        log_growth_effect: float,
    ) -> Follow:
        other = (here.other_death - here.start)[rows]
        asked = np.inf if changes.until_day is None else changes.until_day
        course = run_course(
            here.cohort,
            rows,
            regimen,
            days=days,
            changes=replace(changes, until_day=np.minimum(asked, other)),
            streams=streams,
            log_growth_effect=log_growth_effect,
            keep=True,
        ).realize(streams)
        grown = burden_death(
            days, course.total, fatal_log_cells(here.cohort.parameters)
        )
        return replace(course, death_day=np.minimum(grown, other))

    rows = np.arange(len(here.number))
    nobody_else = Weighted(
        rows=rows, weight=np.full(len(rows), 1.0 / len(rows)), effective_size=len(rows)
    )
    setting = Setting(
        decisions=here.cohort.decisions,
        weighted=nobody_else,
        follow=follow,
        assumptions=_conduct(),
        library=here.cohort.parameters.library,
        exposed=exposed_of(here.cohort),
    )
    arm = Arm(id="LINE", label=regimen, regimen=regimen, n=len(rows))
    members = Members(patient=here.number, row=rows, entry_day=here.start)
    draw = Draw(interval_weeks=design.visits.candidates[0])
    return treat(design, arm, members, setting, streams, draw)


def take_line(
    here: Here, regimen: str, design: TrialDesign, streams: Streams
) -> tuple[LineCourse, Here]:
    """Let patients take a line, and return them where the next one begins.

    Parameters
    ----------
    here : Here
        Who begins the line; at least one patient.
    regimen : str
        Drugs, doses and days.
    design : TrialDesign
        How they are scanned; its data cut is the horizon of the order.
    streams : Streams
        Source of chance of this line.

    Returns
    -------
    tuple of LineCourse and Here
        What became of them, and who lives to the next line. After progression that
        begins after the time from a baseline scan to treatment; after harm, when
        trials begin another therapy.
    """
    found = _treated(here, regimen, design, streams)
    followed = found.followed
    if not isinstance(followed, Follow) or followed.kept is None:
        raise TypeError("a line goes on from courses of the model")
    lead = here.cohort.parameters["baseline_lead_days"]
    seen, leaving = found.progression_day, found.harm.leaving
    dead = followed.death_day
    left = design.cut_days - here.start
    causes = np.stack([seen, leaving.stop_day, dead, left])
    end = causes.min(axis=0)
    rested = np.maximum(leaving.stop_day, leaving.new_therapy_day - lead)
    handed = np.minimum(seen, rested)
    other = here.other_death - here.start
    on = (handed < dead) & (handed + lead < np.minimum(other, left))
    rows = np.flatnonzero(on)
    clones = clones_on(followed, rows, handed[rows])
    states = followed.kept.on(np.where(on, handed, 0.0))[rows]
    at = np.searchsorted(followed.days, end, side="right") - 1
    everybody = np.arange(len(end))
    course = LineCourse(
        place=here.place,
        start=here.start,
        end=here.start + end,
        why=causes.argmin(axis=0),
        leading=kinds_of(followed.clone_log_cells[everybody, :, at].argmax(axis=1)),
        death=np.where(on | (dead > left), np.inf, here.start + dead),
    )
    return course, Here(
        cohort=replace(
            here.cohort,
            decisions=here.cohort.decisions.iloc[rows].reset_index(drop=True),
            y=states.astype(np.float32),
            log_cells=clones,
        ),
        number=here.number[rows],
        place=here.place[rows],
        start=(here.start + handed + lead)[rows],
        other_death=here.other_death[rows],
    )


def untreated(here: Here, until: float, streams: Streams) -> Array:
    """Return when patients who take nothing more die, ``inf`` for after a day.

    Parameters
    ----------
    here : Here
        Who they are, at least one.
    until : float
        Day of the order up to which anybody asks.
    streams : Streams
        Source of chance.

    Returns
    -------
    ndarray, shape (n,)
        Days of the order.
    """
    rows = np.arange(len(here.number))
    left = until - here.start
    other = here.other_death - here.start
    course = run_course(
        here.cohort,
        rows,
        Regimen(),
        days=np.arange(0.0, left.max() + _STEP_DAYS, _STEP_DAYS),
        changes=Changes(
            stop_day=np.full(len(rows), np.inf), until_day=np.minimum(left, other)
        ),
        streams=streams,
    )
    grown = burden_death(
        course.days, course.total, fatal_log_cells(here.cohort.parameters)
    )
    death = np.minimum(grown, other)
    return np.where(death <= left, here.start + death, np.inf)
