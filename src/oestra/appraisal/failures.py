"""Which mechanism grows when a therapy fails, in patients of a trial."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.ordered_sum import ordered_sum
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH
from oestra.course.assemble import ESR1_ALLELES, esr1_alleles
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import Changes, run_course
from oestra.history.cohort import Cohort
from oestra.history.practice import PROGRESSION
from oestra.trial.candidates import candidates
from oestra.trial.case_mix import Weighted, weigh
from oestra.trial.criterion import evaluate
from oestra.trial.design import TrialDesign
from oestra.trial.eligibility import screen
from oestra.trial.two_alleles import cohort_of
from oestra.tumor.clone import SECOND_ESR1, Clone, kinds_of

__all__ = [
    "CLONES",
    "EARLY_MONTHS",
    "HORIZON_MONTHS",
    "ArmFailures",
    "Failed",
    "enrollable",
    "failed_by",
    "failures",
    "leaders",
]

Array = NDArray[np.float64]
HORIZON_MONTHS = 36.0
"""Months within which progression is looked for."""
EARLY_MONTHS = 6.0
"""Months within which it is early."""
_MOST = 400
"""Patients who are looked at; one may stand for several."""
CLONES: Mapping[Clone, str] = {
    Clone.PARENTAL: "first clone",
    Clone.ESR1_MUTANT: "ESR1 mutants",
    Clone.RTK_HIGH: "high RTKs",
    Clone.PTEN_LOST: "PTEN lost",
    Clone.AUTONOMOUS: "no receptor needed",
    Clone.NCOR_LOW: "corepressors lost",
}
"""What grows at progression, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """When tumors progress, and what leads in them then.

    Parameters
    ----------
    who : ndarray of bool, shape (n,)
        Whether the burden rises by what RECIST calls progression.
    month : ndarray, shape (n,)
        When; inf where it does not.
    leading : ndarray of int, shape (n,)
        Column of the largest clone then; at the start where it does not.
    """

    who: NDArray[np.bool_]
    month: Array
    leading: NDArray[np.int64]

    def shares(self, weight: Array) -> dict[Clone, float]:
        """Return how often each clone leads, percent of those who progress.

        Parameters
        ----------
        weight : ndarray, shape (n,)
            Weight of each patient.

        Returns
        -------
        dict of Clone to float
            Empty where nobody progresses.
        """
        if not self.who.any():
            return {}
        kind = kinds_of(self.leading)
        return {clone: self.percent(kind == clone, weight) for clone in Clone}

    def percent(self, member: NDArray[np.bool_], weight: Array) -> float:
        """Return the share of some, percent of those who progress.

        Parameters
        ----------
        member, weight : ndarray, shape (n,)
            Who counts, and the weight of each patient.
        """
        total = ordered_sum(weight[self.who], axis=0)
        return 100.0 * float(ordered_sum(weight[self.who & member], axis=0) / total)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmFailures:
    """Failures of one arm.

    Parameters
    ----------
    arm, label, regimen : str
        Id, name and what is given.
    patients : int
        Patients who were looked at.
    progressed_percent, early_percent : float
        Who progresses within `HORIZON_MONTHS` and within `EARLY_MONTHS`.
    leading_percent : mapping of str to float
        What leads at progression, by name of the clone.
    carriers_percent : mapping of str to tuple of float
        By criterion: who meets it when enrolled, and of those who progress early; None
        where nobody does.
    """

    arm: str
    label: str
    regimen: str
    patients: int
    progressed_percent: float
    early_percent: float
    leading_percent: Mapping[str, float]
    carriers_percent: Mapping[str, tuple[float, float | None]]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the arm as JSON can hold it."""
        return asdict(self)


def leaders(
    failed: Failed, cohort: Cohort, rows: NDArray[np.int64], weight: Array
) -> dict[str, float]:
    """Return how often each clone leads, by name, percent of those who progress.

    Parameters
    ----------
    failed : Failed
        What leads in the tumors of n patients.
    cohort : Cohort
        The population; where some of its tumors have two ESR1 alleles, mutants are told
        by allele.
    rows : ndarray of int, shape (n,)
        Who.
    weight : ndarray, shape (n,)
        Weight of each patient.

    Returns
    -------
    dict of str to float
        Empty where nobody progresses.
    """
    shares = failed.shares(weight)
    found = {CLONES[clone]: share for clone, share in shares.items()}
    second = cohort.second_alleles(rows)
    if second is None or not found:
        return found
    del found[CLONES[Clone.ESR1_MUTANT]]
    ids = cohort.decisions["patient"].to_numpy()[rows]
    first = esr1_alleles(ids, cohort.parameters, cohort.streams)
    allele = np.where(failed.leading == SECOND_ESR1, second, first)
    mutant = kinds_of(failed.leading) == Clone.ESR1_MUTANT
    for name in ESR1_ALLELES:
        found[f"ESR1 {name}"] = failed.percent(mutant & (allele == name), weight)
    return found


def enrollable(design: TrialDesign, cohort: Cohort) -> tuple[pd.DataFrame, Weighted]:
    """Return the decisions of a population, and those who may enter a trial.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    cohort : Cohort
        The population, as `oestra.trial.two_alleles.cohort_of` returns it.

    Returns
    -------
    decisions : DataFrame
        All of them.
    weighted : Weighted
        The eligible ones, with their weights.

    Raises
    ------
    InputError
        If nobody is eligible.
    """
    decisions = candidates(design, cohort)
    return decisions, weigh(design, decisions, screen(design, decisions).rows)


def _sampled(weighted: Weighted) -> tuple[NDArray[np.int64], Array]:
    """Return rows of decisions that stand for the patients of a trial, and weights.

    They are taken at even steps of the sum of weights, so that rare patients, of whom
    a population has many with a small weight each, are as frequent as in the trial.
    """
    total = np.cumsum(weighted.weight)
    steps = (np.arange(_MOST) + 0.5) / _MOST * total[-1]
    taken, count = np.unique(np.searchsorted(total, steps), return_counts=True)
    return weighted.rows[taken], count.astype(float)


def failed_by(
    cohort: Cohort, regimen: str, rows: NDArray[np.int64], streams: Streams
) -> Failed:
    """Follow patients on a regimen until the burden has risen to progression.

    Parameters
    ----------
    cohort : Cohort
        The population.
    regimen : str
        Drugs, doses and days; nobody stops or goes to lower doses.
    rows : ndarray of int, shape (n,)
        Who.
    streams : Streams
        Chance.

    Returns
    -------
    Failed
        When, and which clone leads.
    """
    course = run_course(
        cohort,
        rows,
        Regimen.parse(regimen, cohort.parameters.library),
        days=np.arange(0.0, HORIZON_MONTHS * DAYS_PER_MONTH, 28.0),
        changes=Changes(stop_day=np.full(len(rows), np.inf)),
        streams=streams,
    )
    low = np.minimum.accumulate(course.total, axis=1)
    with np.errstate(invalid="ignore"):
        risen = np.nan_to_num(course.total - low) > PROGRESSION
    who = risen.any(axis=1)
    at = risen.argmax(axis=1)
    return Failed(
        who=who,
        month=np.where(who, at * 28.0 / DAYS_PER_MONTH, np.inf),
        leading=course.clone_log_cells[np.arange(len(rows)), :, at].argmax(axis=1),
    )


def failures(
    design: TrialDesign,
    cohort: Cohort,
    *,
    criteria: tuple[str, ...] = (),
    seed: int = 1,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> tuple[ArmFailures, ...]:
    """Tell what grows at progression in each arm of a trial.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    cohort : Cohort
        The population.
    criteria : tuple of str
        Criteria of enrollment whose share among early failures is told.
    seed : int
        Seed of all chance.
    progress : callable
        Told how many arms are done, and of how many.

    Returns
    -------
    tuple of ArmFailures
        Arms that give one regimen to everybody, in the order of the trial.

    Raises
    ------
    InputError
        If there is no such arm, or nobody is eligible.
    """
    arms = [arm for arm in design.arms if arm.regimen]
    if not arms:
        raise InputError(
            f"No arm of {design.id} gives one regimen to everybody from the start."
        )
    cohort = cohort_of(design, cohort)
    decisions, weighted = enrollable(design, cohort)
    rows, weight = _sampled(weighted)
    met = {
        text: evaluate(text, decisions, design.definitions)[rows] for text in criteria
    }
    streams = Streams(seed).spawn(Stream.CALIBRATION, design.id)
    found: list[ArmFailures] = []
    for arm in arms:
        progress(len(found), len(arms))
        failed = failed_by(cohort, arm.regimen, rows, streams)
        early = failed.month <= EARLY_MONTHS
        found.append(
            ArmFailures(
                arm=arm.id,
                label=arm.label,
                regimen=arm.regimen,
                patients=len(rows),
                progressed_percent=_percent(failed.who, weight) or 0.0,
                early_percent=_percent(early, weight) or 0.0,
                leading_percent={
                    clone.name.lower(): share
                    for clone, share in failed.shares(weight).items()
                },
                carriers_percent={
                    text: (
                        _percent(has, weight) or 0.0,
                        _percent(has[early], weight[early]),
                    )
                    for text, has in met.items()
                },
            )
        )
    return tuple(found)


def _percent(met: NDArray[np.bool_], weight: Array) -> float | None:
    """Return the weighted percent of whom a condition holds, if there is anybody."""
    if not weight.size:
        return None
    return 100.0 * float(np.sum(weight[met]) / np.sum(weight))
