"""What is counted in the pool of virtual patients, and who does well on a drug."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from oestra.claims.claim import Course
from oestra.core.errors import InputError, unknown_name
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.course.events import Follow
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import Changes, follow
from oestra.history.cohort import Cohort
from oestra.network.cell import cell
from oestra.trial.criterion import evaluate
from oestra.tumor.burden import log_total
from oestra.tumor.clone import Clone

__all__ = ["Pool"]

_PROGRESSION = np.log(1.2**3)
_STEP_DAYS = 28.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Functions of expressions that look at virtual patients.

    Parameters
    ----------
    cohort : Cohort
        The pool every trial enrolls from.
    courses : mapping of str to Course
        The claim's courses.
    seed : int
        Seed of what happens on treatment.
    """

    cohort: Cohort
    courses: Mapping[str, Course]
    seed: int = 1
    _followed: dict[str, pd.DataFrame] = field(default_factory=dict)

    def functions(self) -> dict[str, Callable[..., float]]:
        """Return what an expression may call, by name."""
        return {
            "share_of_patients": partial(_share, self.cohort.covariates),
            "share_of_decisions": partial(_share, self.cohort.decisions),
            "median_of_patients": partial(_median, self.cohort.covariates),
            "median_of_decisions": partial(_median, self.cohort.decisions),
            "share": self.share,
            "median": self.median,
            "mean_difference": self.mean_difference,
            "rank_correlation": self.rank_correlation,
        }

    def share(self, course: str, where: str, among: str = "true") -> float:
        """Return the percentage of a course's patients who meet a criterion."""
        return _share(self.table(course), where, among)

    def median(self, course: str, column: str, among: str = "true") -> float:
        """Return the median of a column over a course's patients."""
        return _median(self.table(course), column, among)

    def mean_difference(
        self, control: str, treated: str, column: str, among: str = "true"
    ) -> float:
        """Return how far a column's mean lies lower on treatment than on control."""
        tables = [_among(self.table(name), among) for name in (control, treated)]
        means = [np.average(_column(t, column), weights=t["weight"]) for t in tables]
        return float(means[0] - means[1])

    def rank_correlation(self, course: str, first: str, second: str) -> float:
        """Return Spearman's rank correlation of two columns."""
        table = self.table(course)
        ranks = [rankdata(_column(table, name)) for name in (first, second)]
        weight = table["weight"].to_numpy(dtype=float)
        x, y = (rank - np.average(rank, weights=weight) for rank in ranks)
        own = float((weight * x * x).sum()) * float((weight * y * y).sum())
        return float((weight * x * y).sum() / np.sqrt(own))

    def table(self, name: str) -> pd.DataFrame:
        """Return the patients of a course: traits, states at entry, and outcome.

        Raises
        ------
        InputError
            If the claim has no such course, or nobody is eligible.
        """
        if name not in self.courses:
            raise unknown_name("course of patients", name, self.courses)
        if name not in self._followed:
            self._followed[name] = self._follow(self.courses[name])
        return self._followed[name]

    def _follow(self, course: Course) -> pd.DataFrame:
        decisions = self.cohort.decisions
        rows = np.flatnonzero(_who(decisions, course.where))
        if not len(rows):
            raise InputError(f"No virtual patient meets {course.where!r}.")
        # Evenly through the pool, so that arms of a claim share their patients.
        pick = np.linspace(0, len(rows) - 1, min(course.patients, len(rows)))
        rows = rows[np.unique(pick.astype(np.int64))]
        days = np.unique(np.append(np.arange(0, course.days, _STEP_DAYS), course.days))
        done = follow(
            self.cohort,
            rows,
            Regimen.parse(course.drug, self.cohort.parameters.library),
            days=days,
            changes=Changes(stop_day=np.full(len(rows), np.inf)),
            streams=Streams(self.seed).spawn(Stream.CLAIMS),
        )
        traits = self.cohort.patients(rows).reset_index(drop=True)
        told = decisions.iloc[rows].reset_index(drop=True)
        traits = traits.drop(columns=[c for c in traits if c in told])
        entry = self._entry(rows)
        entry = entry.drop(columns=[c for c in entry if c in told or c in traits])
        return pd.concat([told, traits, entry, _outcome(done)], axis=1)

    def _entry(self, rows: NDArray[np.int64]) -> pd.DataFrame:
        """Return the states of the parental clone at entry, and the activity of AKT."""
        y = self.cohort.y[rows, Clone.PARENTAL].astype(float)
        states = pd.DataFrame(
            dict(zip(cell(self.cohort.parameters.library).states, y.T, strict=True))
        )
        p = self.cohort.parameters
        floor = p["akt_s473_floor"]
        states["akt"] = states["akt_t308"] * (floor + (1 - floor) * states["akt_s473"])
        return states


def _outcome(done: Follow) -> pd.DataFrame:
    """Return when each progressed by growth, and how cells and markers changed."""
    total = log_total(done.clone_log_cells.transpose(0, 2, 1).astype(float))
    shown = np.maximum(total, 0.0)
    grown = shown - np.minimum.accumulate(shown, axis=1) > _PROGRESSION
    day = np.where(grown.any(axis=1), done.days[grown.argmax(axis=1)], np.inf)
    first = np.minimum(day, np.minimum(done.new_lesion_day, done.symptom_day))
    before = np.maximum(done.ki67[:, 0], 1e-9)
    uptake = np.maximum(done.fdg_uptake[:, 0], 1e-300)
    return pd.DataFrame(
        {
            "progression_day": np.minimum(first, 2 * done.days[-1]),
            "log_cells_change": shown[:, -1] - shown[:, 0],
            "ki67_change_percent": 100.0 * (done.ki67[:, -1] / before - 1.0),
            "fdg_change_percent": 100.0 * (done.fdg_uptake[:, -1] / uptake - 1.0),
        }
    )


def _who(table: pd.DataFrame, criterion: str) -> NDArray[np.bool_]:
    if criterion == "true":
        return np.ones(len(table), dtype=bool)
    return np.asarray(evaluate(criterion, table), dtype=bool)


def _among(table: pd.DataFrame, criterion: str) -> pd.DataFrame:
    return table.iloc[np.flatnonzero(_who(table, criterion))]


def _column(table: pd.DataFrame, name: str) -> NDArray[np.float64]:
    if name not in table:
        raise unknown_name("column", name, [str(c) for c in table.columns])
    return table[name].to_numpy(dtype=float)


def _share(table: pd.DataFrame, where: str, among: str = "true") -> float:
    chosen = _among(table, among)
    if not len(chosen):
        return float("nan")
    return 100.0 * float(np.average(_who(chosen, where), weights=chosen["weight"]))


def _median(table: pd.DataFrame, column: str, among: str = "true") -> float:
    chosen = _among(table, among)
    value, weight = _column(chosen, column), chosen["weight"].to_numpy(dtype=float)
    known = np.isfinite(value)
    if not known.any():
        return float("nan")
    order = np.argsort(value[known], kind="stable")
    passed = np.cumsum(weight[known][order])
    middle = int(np.searchsorted(passed, 0.5 * passed[-1]))
    return float(value[known][order][middle])
