"""Every eligible patient of a population, weighted, followed under every arm.

It is the trial of `oestra.trial.conduct` with another enrollment: nobody is randomized,
so that arms differ by their treatment alone. Fits compare trials this way.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.course.events import Course, Follow
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import run_course
from oestra.history.cohort import Cohort
from oestra.trial.analysis import Analysis
from oestra.trial.assumption import assumptions
from oestra.trial.candidates import candidates
from oestra.trial.case_mix import weigh
from oestra.trial.conduct import run_arms
from oestra.trial.design import TrialDesign
from oestra.trial.eligibility import screen
from oestra.trial.members import Draw
from oestra.trial.treated import exposed_of
from oestra.trial.trial_setting import FollowArm, Setting
from oestra.trial.two_alleles import cohort_of
from oestra.trial.weighted_enrollment import enroll_weighted

__all__ = ["Observed", "observe_arms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The weighted patients of a trial under each arm.

    Parameters
    ----------
    arms : mapping of str to DataFrame
        Patients by arm, with their endpoints; draws of chance one after the other.
    weight : mapping of str to ndarray
        Their weights.
    strata : mapping of str to mapping of str to ndarray of bool
        Members of each stratum by arm; ``"ITT"`` is everybody.
    effective_size : float
        Effective number of patients behind the weights.
    analysis : Analysis
        Rules of the trial by which patients are counted.
    """

    arms: Mapping[str, pd.DataFrame]
    weight: Mapping[str, NDArray[np.float64]]
    strata: Mapping[str, Mapping[str, NDArray[np.bool_]]]
    effective_size: float
    analysis: Analysis = field(default_factory=Analysis)


def _once(cohort: Cohort) -> FollowArm:
    """Return what treats an arm once and draws events on its courses many times."""
    known: dict[tuple[str, bytes, bytes], Course] = {}

    def follow(
        rows: NDArray[np.int64],
        regimen: Regimen,
        *,
        days: NDArray[np.float64],
        streams: Streams,
        **rest: Any,
    ) -> Follow:
        key = str(regimen), rows.tobytes(), days.tobytes()
        if key not in known:
            if any(other[0] != key[0] for other in known):
                # Arms come one after the other, and their courses are large.
                known.clear()
            known[key] = run_course(
                cohort, rows, regimen, days=days, streams=streams, **rest
            )
        return known[key].realize(streams)

    return follow


def _draws(design: TrialDesign, draws: int) -> list[Draw]:
    """Return draws of chance, which share the intervals between scans that may be."""
    intervals = design.visits.candidates
    draws = max(draws, len(intervals))
    return [
        Draw(
            interval_weeks=intervals[number % len(intervals)],
            number=number,
            draws=draws,
        )
        for number in range(draws)
    ]


def observe_arms(  # noqa: PLR0913
    design: TrialDesign,
    cohort: Cohort,
    strata: Collection[str],
    *,
    seed: int,
    most: int,
    draws: int = 1,
    growth_effect: float = 0.0,
) -> Observed:
    """Follow the eligible patients of a pool under every arm.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    cohort : Cohort
        The pool.
    strata : collection of str
        Strata whose endpoints are asked for.
    seed : int
        Seed of chance on trial, the same for all parameter sets.
    most : int
        About how many patients to follow, where more are eligible.
    draws : int
        How often events are drawn on the course of each, at least once an interval
        that may be between scans; she counts for less each time, and entry, new
        lesions, symptoms and scans come on other days.
    growth_effect : float
        Log factor on the pace of all tumors of the trial.

    Returns
    -------
    Observed
        Patients, weights and strata.

    Raises
    ------
    InputError
        If what an arm gives changes, or is chosen patient by patient.
    """
    if design.run_in is not None:
        raise InputError(
            f"A fit compares arms from randomization at entry, and {design.id} "
            "randomizes after a run_in; leave the trial out."
        )
    for arm in design.arms:
        if arm.choice or arm.phases or arm.duration:
            raise InputError(
                f"A fit compares arms that take one regimen throughout, and "
                f"{arm.id} of {design.id} gives {arm.described}; leave the trial out."
            )
    streams = Streams(seed).spawn(Stream.CALIBRATION)
    cohort = cohort_of(design, cohort)
    decisions = candidates(design, cohort)
    screening = screen(design, decisions)
    setting = Setting(
        decisions=decisions,
        weighted=weigh(design, decisions, screening.rows),
        follow=_once(cohort),
        assumptions=assumptions(),
        library=cohort.parameters.library,
        growth_effect=growth_effect,
        exposed=exposed_of(cohort),
    )
    enrolled = enroll_weighted(
        design,
        setting.decisions,
        setting.weighted,
        strata,
        most=most,
        streams=streams,
    )
    repeated = _draws(design, draws)
    arms, _ = run_arms(
        design, enrolled.members, setting, streams.spawn(design.id), repeated
    )
    often = len(repeated)
    return Observed(
        arms=arms,
        weight={
            arm: np.tile(weight / often, often)
            for arm, weight in enrolled.weight.items()
        },
        strata={
            arm: {name: np.tile(who, often) for name, who in inside.items()}
            for arm, inside in enrolled.strata.items()
        },
        effective_size=enrolled.effective_size,
        analysis=design.analysis,
    )
