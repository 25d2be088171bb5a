"""Which regimen patients of a profile are expected to do best on, and why.

The same simulated patients take every regimen in turn, with the same luck, so that
regimens differ by what they do alone. Each parameter set of the ensemble has its own
patients; what differs between sets, and the error that left-out trials show, make the
intervals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.appraisal.candidate import Candidate, severe_percent, taught_by
from oestra.appraisal.failures import (
    HORIZON_MONTHS,
    enrollable,
    failed_by,
    leaders,
)
from oestra.appraisal.profile import Profile
from oestra.appraisal.profile_trial import hardly_anybody, profile_trial
from oestra.calibration.validate import REACH_90
from oestra.calibration.weighted import percent_met, survival_at
from oestra.core.errors import InputError
from oestra.core.finite import finite
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH
from oestra.history.cohort import Cohort
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import find_endpoint
from oestra.trial.observe import Observed, observe_arms
from oestra.trial.statistic import Share
from oestra.trial.two_alleles import cohort_of
from oestra.work.each import Workers, in_order

__all__ = ["HORIZON_MONTHS", "Choice", "Ranked", "choose"]

Array = NDArray[np.float64]
_CAUSES = 250
"""Patients whose clones are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One regimen.

    Parameters
    ----------
    candidate : Candidate
        What it is.
    free_months : tuple of float
        Expected months without progression within `HORIZON_MONTHS`, with a 90 %
        interval: between parameter sets, and with the model's own error.
    median_months : float or None
        Median progression-free survival; None where it is not reached in 5 years.
    response_percent, benefit_percent : float or None
        Of measurable disease, and of all; None where nobody has it.
    stopped_percent, lowered_percent : float
        Patients who stop, and who go to lower doses, for adverse events.
    severe_percent : float
        Patients with an event of grade 3 or more, as drug sheets say.
    best_percent : float
        Parameter sets in which it is the best of all.
    grows : mapping of str to float
        What grows at progression within the horizon, percent of those who progress.
    trials : tuple of str
        Fitted trials that gave these drugs.
    """

    candidate: Candidate
    free_months: tuple[float, float, float]
    median_months: float | None
    response_percent: float | None
    benefit_percent: float | None
    stopped_percent: float
    lowered_percent: float
    severe_percent: float
    best_percent: float
    grows: Mapping[str, float]
    trials: tuple[str, ...]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the regimen as JSON can hold it."""
        middle, low, high = self.free_months
        return {
            "id": self.candidate.id,
            "regimen": self.candidate.regimen,
            "free_months": middle,
            "free_months_low": low,
            "free_months_high": high,
            "median_months": self.median_months,
            "response_percent": self.response_percent,
            "benefit_percent": self.benefit_percent,
            "stopped_for_harm_percent": self.stopped_percent,
            "lowered_for_harm_percent": self.lowered_percent,
            "grade_3_or_more_percent": self.severe_percent,
            "best_in_percent_of_sets": self.best_percent,
            "grows_percent": dict(self.grows),
            "fitted_trials": list(self.trials),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The regimens for patients of a profile, the best first.

    Parameters
    ----------
    profile : Profile
        Who they are.
    ranked : tuple of Ranked
        By expected months without progression.
    parameter_sets : int
        Sets, each with its patients.
    left_out : int
        Sets that have hardly anybody of the profile, and say nothing.
    patients : float
        Effective number of different patients behind a set, the fewest of all.
    model_sd : float
        The model's own error of a logarithm of time, which is in the intervals.
    """

    profile: Profile
    ranked: tuple[Ranked, ...]
    parameter_sets: int
    left_out: int
    patients: float
    model_sd: float

    def to_json_dict(self) -> dict[str, Any]:
        """Return the ranking as JSON can hold it."""
        return {
            "profile": asdict(self.profile),
            "parameter_sets": self.parameter_sets,
            "parameter_sets_left_out": self.left_out,
            "effective_patients": self.patients,
            "model_sd": self.model_sd,
            "regimens": [one.to_json_dict() for one in self.ranked],
        }


@dataclass(frozen=True, slots=True)
class _Seen:
    """One regimen with one parameter set."""

    free: float
    median: float
    response: float
    benefit: float
    stopped: float
    lowered: float


def _percent(name: str, table: pd.DataFrame, weight: Array, seen: Observed) -> float:
    statistic = find_endpoint(name).statistic
    if not isinstance(statistic, Share):
        raise TypeError(name)
    counted = statistic.count(table, seen.analysis)
    if not counted.among.any():
        return np.nan
    return percent_met(counted.met, counted.among, weight)


def _of_arm(arm: str, seen: Observed) -> _Seen:
    table, weight = seen.arms[arm], seen.weight[arm]
    months = np.arange(0.0, 60.0 + 0.125, 0.25)
    free = survival_at(
        table["pfs_day"].to_numpy(),
        table["pfs_event"].to_numpy(dtype=bool),
        weight,
        months * DAYS_PER_MONTH,
    )
    within = months <= HORIZON_MONTHS
    half = free <= 0.5
    share = weight / weight.sum()
    return _Seen(
        free=float(np.trapezoid(free[within], months[within])),
        median=float(months[half.argmax()]) if half.any() else np.inf,
        response=_percent("orr_percent", table, weight, seen),
        benefit=_percent("cbr_percent", table, weight, seen),
        stopped=100.0 * float(share @ table["stopped_for_harm"].to_numpy(dtype=float)),
        lowered=100.0 * float(share @ table["reduced_for_harm"].to_numpy(dtype=float)),
    )


@dataclass(frozen=True, slots=True)
class _Followed:
    """What one parameter set says, regimen by regimen, or why it says nothing."""

    arms: tuple[_Seen, ...] = ()
    patients: float = 0.0
    refused: str = ""


def _simulated(design: TrialDesign, cohort: Cohort, seed: int, most: int) -> _Followed:
    """Follow patients of one parameter set under every regimen."""
    try:
        seen = observe_arms(design, cohort, {"ITT"}, seed=seed, most=most)
    except InputError as error:
        return _Followed(refused=str(error))
    size = seen.effective_size
    if why := hardly_anybody(size):
        return _Followed(refused=why)
    arms = tuple(_of_arm(arm, seen) for arm in design.arm_ids)
    return _Followed(arms=arms, patients=size)


def _heaviest(design: TrialDesign, cohort: Cohort) -> tuple[NDArray[np.int64], Array]:
    """Return the patients whose clones are looked at, and their weights."""
    _, weighted = enrollable(design, cohort)
    order = np.argsort(-weighted.weight, kind="stable")[:_CAUSES]
    return weighted.rows[order], weighted.weight[order]


def _grows(
    cohort: Cohort,
    regimen: str,
    rows: NDArray[np.int64],
    weight: Array,
    streams: Streams,
) -> dict[str, float]:
    """Tell which clone leads when the burden has risen to progression."""
    return leaders(failed_by(cohort, regimen, rows, streams), cohort, rows, weight)


def choose(  # noqa: PLR0913
    profile: Profile,
    chosen: Sequence[Candidate],
    cohorts: Sequence[Cohort],
    *,
    model_sd: float,
    seed: int = 1,
    most: int = 300,
    workers: Workers = 1,
) -> Choice:
    """Rank regimens for patients of a profile.

    Parameters
    ----------
    profile : Profile
        Who they are.
    chosen : sequence of Candidate
        The regimens, at most 20.
    cohorts : sequence of Cohort
        A population for each parameter set.
    model_sd : float
        The model's own error of a logarithm of time.
    seed : int
        Seed of all chance.
    most : int
        About how many patients to follow with each set.
    workers : int or Executor
        Who does the work; the result does not depend on it.

    Returns
    -------
    Choice
        The best first.

    Raises
    ------
    InputError
        If no population holds more than hardly anybody of that profile.
    """
    design = profile_trial(profile, chosen)
    calls = [(design, cohort, seed, most) for cohort in cohorts]
    with in_order(workers, _simulated, calls) as results:
        every = list(results)
    if all(one.refused for one in every):
        raise InputError(every[0].refused)
    found = [one for one in every if not one.refused]
    cohorts = [c for c, one in zip(cohorts, every, strict=True) if not one.refused]
    free = np.array([[arm.free for arm in one.arms] for one in found])
    best = np.bincount(free.argmax(axis=1), minlength=len(chosen)) / len(found)
    trials = taught_by(chosen, cohorts[0].parameters.library)
    first = cohort_of(design, cohorts[0])
    heaviest = _heaviest(design, first)
    streams = Streams(seed).spawn(Stream.CALIBRATION, design.id)
    looks = [(first, one.regimen, *heaviest, streams) for one in chosen]
    with in_order(workers, _grows, looks) as results:
        grows = list(results)

    def ranked(number: int, one: Candidate) -> Ranked:
        arms = [set_.arms[number] for set_ in found]
        log = np.log(np.maximum(free[:, number], 0.1))
        spread = np.hypot(log.std(), model_sd)
        ends = np.minimum(
            np.exp(log.mean() + REACH_90 * spread * np.array([-1.0, 1.0])),
            HORIZON_MONTHS,
        )
        middle = {
            name: finite(float(np.median([getattr(arm, name) for arm in arms])))
            for name in ("median", "response", "benefit", "stopped", "lowered")
        }
        return Ranked(
            candidate=one,
            free_months=(float(np.exp(log.mean())), float(ends[0]), float(ends[1])),
            median_months=middle["median"],
            response_percent=middle["response"],
            benefit_percent=middle["benefit"],
            stopped_percent=middle["stopped"] or 0.0,
            lowered_percent=middle["lowered"] or 0.0,
            severe_percent=severe_percent(one.regimen, cohorts[0].parameters.library),
            best_percent=100.0 * float(best[number]),
            grows=grows[number],
            trials=trials[one.id],
        )

    listed = [ranked(number, one) for number, one in enumerate(chosen)]
    return Choice(
        profile=profile,
        ranked=tuple(sorted(listed, key=lambda one: -one.free_months[0])),
        parameter_sets=len(found),
        left_out=len(every) - len(found),
        patients=float(min(one.patients for one in found)),
        model_sd=model_sd,
    )
