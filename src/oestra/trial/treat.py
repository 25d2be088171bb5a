"""Treating and scanning the patients of one arm: courses, visits, responses, endpoints.

The order of what happens stands in `oestra.trial.order`.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import Changes, Step
from oestra.trial.assess import Assessment, Followed, Schedule, assess, read_scans
from oestra.trial.design import Arm, TrialDesign
from oestra.trial.harmed import ArmHarm, arm_harm
from oestra.trial.members import Draw, Members, RunInTaken
from oestra.trial.outcomes import Fate, Outcome, derive_outcome, within_reach
from oestra.trial.reading import Reading
from oestra.trial.shifted_course import shifted
from oestra.trial.trial_setting import Setting
from oestra.trial.visit import output_days, planned_days, schedule

__all__ = ["Chance", "Treated", "treat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """The chance with which patients are followed.

    Parameters
    ----------
    visits, course : Streams
        Of scans and other visits, and of the disease.
    effect : float
        Log factor on the pace of every tumor of the trial.
    """

    visits: Streams
    course: Streams
    effect: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """Patients of an arm once they are treated and scanned.

    Parameters
    ----------
    harm : ArmHarm
        What they take, and when harm changes it.
    followed : Followed
        Their courses from randomization.
    whole : Followed
        Their courses as they were followed, from the start of a run-in if there is one.
    fate : Fate
        What happens whether or not a scan shows it.
    visits : Schedule
        Visits, and which took place.
    reading : Reading
        What was seen on the scans.
    assessment : Assessment
        Responses.
    outcome : Outcome
        Endpoints, survival as if the therapy of the trial went on.
    chance : Chance
        With which they were followed.
    """

    harm: ArmHarm
    followed: Followed
    whole: Followed
    fate: Fate
    visits: Schedule
    reading: Reading
    assessment: Assessment
    outcome: Outcome
    chance: Chance

    @property
    def progression_day(self) -> NDArray[np.float64]:
        """Day of progression, ``inf`` where none was seen, shape (n,)."""
        seen = self.outcome.progression
        return np.where(seen.event_observed, seen.day, np.inf)


def _chance(setting: Setting, streams: Streams, draw: Draw) -> Chance:
    visits = streams.spawn(Stream.LUCK, draw.number) if draw.number else streams
    between = float(streams.normal(Stream.BETWEEN_TRIALS, [0])[0, 0])
    return Chance(
        visits=visits,
        course=visits.spawn(Stream.COURSE),
        effect=setting.growth_effect + setting.between_trial_sd * between,
    )


def _changes(
    harm: ArmHarm, cut_day: NDArray[np.float64], before: RunInTaken | None
) -> Changes:
    """Return how treatment changes, days from the start of what is taken first."""
    less = harm.rates.lower_from(harm.first_reduce_day)
    if before is None:
        return Changes(
            stop_day=harm.leaving.stop_day,
            lower=less,
            until_day=cut_day,
            steps=harm.steps,
            settles=not harm.phases,
        )
    since = np.zeros_like(before.days)
    steps = [Step(day=since, regimen=harm.regimen)]
    if less is not None:
        steps.append(Step(day=less.day, regimen=less.regimen))
    return Changes(
        stop_day=before.days + harm.leaving.stop_day,
        until_day=before.days + cut_day,
        steps=tuple(
            replace(step, day=before.days + step.day) for step in (*steps, *harm.steps)
        ),
        settles=False,
    )


def _follow(
    harm: ArmHarm,
    members: Members,
    setting: Setting,
    chance: Chance,
    days: NDArray[np.float64],
    cut_day: NDArray[np.float64],
) -> tuple[Followed, Followed]:
    """Return courses from randomization, and as they were followed."""
    before = members.before
    every = days
    if before is not None:
        last = days[-1] + before.days.max(initial=0.0)
        every = np.append(days, np.arange(days[-1], last, days[1]) + days[1])
    whole = setting.follow(
        members.row,
        Regimen.parse(before.regimen, setting.library) if before else harm.regimen,
        days=every,
        changes=_changes(harm, cut_day, before),
        streams=chance.course,
        log_growth_effect=chance.effect,
    )
    if before is None:
        return whole, whole
    return shifted(whole, before.days, days), whole


def treat(
    design: TrialDesign,
    arm: Arm,
    members: Members,
    setting: Setting,
    streams: Streams,
    draw: Draw,
) -> Treated:
    """Treat and scan patients of one arm that all take the same, or the same phases.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    arm : Arm
        The arm, without a choice.
    members : Members
        Its patients; phases that end by an event end where their ``events`` say so.
    setting : Setting
        Population, treatment and conduct.
    streams : Streams
        Source of all chance of this trial.
    draw : Draw
        The draw of chance with which they are followed.

    Returns
    -------
    Treated
        Their courses, responses and endpoints.
    """
    known, patient = setting.assumptions, members.patient
    harm = arm_harm(arm, members, setting, streams)
    cut_day = np.minimum(design.cut_days - members.entry_day, design.longest_days)
    until = float(cut_day.max()) if draw.until_day is None else draw.until_day
    chance = _chance(setting, streams, draw)
    days = output_days(design, draw.interval_weeks, until)
    followed, whole = _follow(harm, members, setting, chance, days, cut_day)
    fate = Fate(
        symptom_day=followed.symptom_day,
        death_day=followed.death_day,
        last_day=harm.leaving.last_day,
        cut_day=cut_day,
        new_therapy_day=harm.leaving.new_therapy_day,
    )
    planned = planned_days(design.visits, draw.interval_weeks, until)
    plan = schedule(
        planned, design.visits, patient, streams=chance.visits, assumptions=known
    )
    rule = design.censoring.event_rule
    visits = replace(plan, attended=within_reach(plan.day, plan.attended, fate, rule))
    reading = read_scans(
        followed,
        visits,
        design.criteria,
        patient,
        streams=chance.visits,
        assumptions=known,
    )
    assessment = assess(reading, visits, design.criteria)
    return Treated(
        harm=harm,
        followed=followed,
        whole=whole,
        fate=fate,
        visits=visits,
        reading=reading,
        assessment=assessment,
        outcome=derive_outcome(assessment, fate, design),
        chance=chance,
    )
