"""One patient on a regimen from the moment at which a line is chosen, until she dies.

She is followed as a patient on trial is: scans every eight weeks as RECIST 1.1 reads
them, harm that lowers doses or stops the drugs, and after progression the lines that
practice gives. Every regimen meets the same chance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.terms import Criteria
from oestra.core.units import DAYS_PER_YEAR
from oestra.course.events import Follow
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.engagement.regimen_load import pk_subjects
from oestra.engagement.relative_exposure import relative_exposure
from oestra.follow.later import After, live_on
from oestra.follow.treatment import Changes, follow
from oestra.history.cohort import Cohort
from oestra.trial.assess import Assessment, Schedule, assess, read_scans
from oestra.trial.assumption import assumptions
from oestra.trial.discontinue import Leaving, Rates, draw_leaving, harm_rates
from oestra.trial.practice_year import YEAR_BY_DEFAULT
from oestra.trial.reading import Reading
from oestra.trial.recist import first_progression

__all__ = ["CRITERIA", "VISIT_DAYS", "YEARS", "LineFollowed", "follow_line"]

Array = NDArray[np.float64]
CRITERIA = Criteria.RECIST_1_1
VISIT_DAYS = 56.0
"""Days between scans."""
YEARS = 10
"""A line is followed for so long at most."""
_LIFE_YEARS = 25
"""And life from its start."""
_STEP_DAYS = 28.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFollowed:
    """One patient on one regimen.

    Parameters
    ----------
    regimen : Regimen
        What she takes.
    subject : PkSubjects
        She, as the kinetics of its drugs see her.
    parameters : ParameterSet
        What she is followed with.
    course : Follow
        Clones and lesions for `YEARS`, as if the drugs went on.
    visits : Schedule
        Scans every `VISIT_DAYS`.
    reading : Reading
        What was seen on them.
    assessment : Assessment
        What RECIST reads.
    rates : Rates
        How often the drugs harm her.
    leaving : Leaving
        When harm stops the drugs, or lowers their doses.
    progression_day : float
        First scan that reads progression, ``inf`` for none.
    end_day : float
        Day on which the line ends.
    ended_by : str
        Why: a scan, symptoms, death, or that nobody looks further.
    death_day : float
        Day of death, after the lines that practice gives, ``inf`` for none.
    streams : Streams
        Chance of this line.
    """

    regimen: Regimen
    subject: PkSubjects
    parameters: ParameterSet
    course: Follow
    visits: Schedule
    reading: Reading
    assessment: Assessment
    rates: Rates
    leaving: Leaving
    progression_day: float
    end_day: float
    ended_by: str
    death_day: float
    streams: Streams


def follow_line(cohort: Cohort, row: int, regimen: Regimen) -> LineFollowed:
    """Follow one patient on a regimen from one of her decisions.

    Parameters
    ----------
    cohort : Cohort
        She alone, or a pool.
    row : int
        The decision.
    regimen : Regimen
        What she takes.

    Returns
    -------
    LineFollowed
        Until she dies; the same for the same seed of the cohort.
    """
    rows = np.array([row])
    known = assumptions()
    ids = cohort.decisions["patient"].to_numpy(dtype=np.int64)[rows]
    line = int(cohort.decisions["prior_lines"].to_numpy()[row]) + 1
    streams = Streams(cohort.seed).spawn(Stream.LINE.of(line))
    subject = pk_subjects(cohort.patients(rows), regimen, cohort.streams)
    exposed = relative_exposure(regimen, subject, cohort.parameters.library)
    rates = harm_rates(regimen, known, exposed)
    leaving = draw_leaving(rates, ids, streams=streams, assumptions=known)
    chance = streams.spawn(Stream.COURSE)
    course = follow(
        cohort,
        rows,
        regimen,
        days=np.arange(0.0, YEARS * DAYS_PER_YEAR + _STEP_DAYS, _STEP_DAYS),
        changes=Changes(
            stop_day=leaving.stop_day, lower=rates.lower_from(leaving.reduce_day)
        ),
        streams=chance,
        keep=True,
    )
    planned = np.arange(VISIT_DAYS, course.days[-1] + 1.0, VISIT_DAYS)[None, :]
    visits = Schedule(day=planned, attended=np.ones(planned.shape, dtype=bool))
    reading = read_scans(
        course, visits, CRITERIA, ids, streams=streams, assumptions=known
    )
    assessment = assess(reading, visits, CRITERIA)
    progression = float(first_progression(assessment.response, planned)[0])
    end, why = _end(course, progression)
    death = live_on(
        cohort,
        rows,
        course,
        After(
            day=np.array([end if why in ("scan", "symptoms") else np.inf]),
            until=np.array([_LIFE_YEARS * DAYS_PER_YEAR]),
            regimen=regimen,
            year=YEAR_BY_DEFAULT,
        ),
        streams=chance,
    )
    return LineFollowed(
        regimen=regimen,
        subject=subject,
        parameters=cohort.parameters,
        course=course,
        visits=visits,
        reading=reading,
        assessment=assessment,
        rates=rates,
        leaving=leaving,
        progression_day=progression if progression <= end else np.inf,
        end_day=end,
        ended_by=why,
        death_day=float(death[0]),
        streams=streams,
    )


def _end(course: Follow, progression: float) -> tuple[float, str]:
    """Return when a line ends, and why."""
    ends = (
        (float(course.death_day[0]), "death"),
        (progression, "scan"),
        (float(course.symptom_day[0]), "symptoms"),
        (float(course.days[-1]), "end of follow-up"),
    )
    return min(ends, key=lambda one: one[0])
