"""The vector of standardized residuals that the fit makes small."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.fact import facts
from oestra.calibration.free import FreeParameter, to_parameters
from oestra.calibration.measured_facts import measure_facts
from oestra.calibration.residual import endpoint_residual
from oestra.calibration.trial_size import MOST, PATIENTS
from oestra.core.parameter_set import ParameterSet
from oestra.evidence.published import targets
from oestra.evidence.target_row import TargetRow
from oestra.evidence.vocabulary import Use
from oestra.history.cohort import Cohort, simulate_cohort
from oestra.history.cohort_size import COHORT_SEED
from oestra.solve import in_threads
from oestra.trial.designs import find_design
from oestra.trial.observe import observe_arms
from oestra.work.each import Workers, in_order

__all__ = ["DRAWS", "MOST", "Evaluation", "Objective"]

Array = NDArray[np.float64]
DRAWS = 6
"""How often events are drawn for each, so that no set is fitted to one draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One parameter set against the published facts.

    Parameters
    ----------
    z : ndarray
        Standardized parameters.
    names : tuple of str
        Ids of endpoints and facts.
    residual : ndarray
        Standard errors by which the simulation exceeds each.
    value : ndarray
        Simulated values.
    normal : ndarray of bool
        Whose errors are normal: experiments on cells, whose intervals are wide. Those
        of trials and of tumors may be outliers.
    """

    z: Array
    names: tuple[str, ...]
    residual: Array
    value: Array
    normal: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What is fitted, to what, with how many patients.

    Parameters
    ----------
    free : tuple of FreeParameter
        Fitted parameters.
    base : ParameterSet
        All others.
    rows : tuple of TargetRow
        Published endpoints.
    patients : int
        Patients of a population whose lives are simulated.
    most : int
        Largest number followed in a trial.
    draws : int
        How often events are drawn for each of them on trial.
    seed : int
        Seed of all chance, the same for every parameter set.
    with_facts : bool
        Whether the facts besides the trials count.
    cohorts : int
        Populations, whose residuals are averaged.
    first : int
        Number of the first patient.
    """

    free: tuple[FreeParameter, ...]
    base: ParameterSet
    rows: tuple[TargetRow, ...]
    patients: int = PATIENTS
    most: int = MOST
    draws: int = DRAWS
    seed: int = COHORT_SEED
    with_facts: bool = True
    cohorts: int = 1
    first: int = 0

    @property
    def lives(self) -> int:
        """Patients of all populations."""
        return self.cohorts * self.patients

    def part(self, number: int) -> "Objective":
        """Return the problem of one of its populations, counted around."""
        return self.population(number % self.cohorts)

    def population(self, number: int) -> "Objective":
        """Return the problem of one population, be it one of its own or a later one."""
        return replace(self, cohorts=1, first=self.first + number * self.patients)

    @classmethod
    def of_trials(
        cls, free: tuple[FreeParameter, ...], base: ParameterSet, **settings: Any
    ) -> "Objective":
        """Fit to every row marked for it."""
        rows = tuple(row for row in targets() if row.use is Use.FIT)
        return cls(free=free, base=base, rows=rows, **settings)

    def cohort(self, z: Array, *, workers: Workers = 1) -> Cohort:
        """Simulate the patients that trials recruit from.

        Parameters
        ----------
        z : ndarray, shape (k,)
            Standardized parameters.
        workers : int or Executor
            Threads, or who does the work; the result does not depend on it.
        """
        return simulate_cohort(
            self.patients,
            to_parameters(z, self.base, self.free),
            seed=self.seed,
            workers=workers,
            enriched=True,
            first=self.first,
        )

    def evaluate(
        self, z: Array, *, workers: Workers = 1, growth_effect: float = 0.0
    ) -> Evaluation:
        """Simulate and compare.

        Parameters
        ----------
        z : ndarray, shape (k,)
            Standardized parameters.
        workers : int or Executor
            Threads, or who does the work; the result does not depend on it.
        growth_effect : float
            Log factor on the pace of all tumors while they are on trial.

        Returns
        -------
        Evaluation
            Residuals in the order of rows, then facts; means over populations.
        """
        if self.cohorts > 1 or not isinstance(workers, int):
            parts = [
                (self.part(number), z, growth_effect) for number in range(self.cohorts)
            ]
            with in_order(workers, _evaluated, parts) as found:
                return _mean(list(found))
        cohort = self.cohort(z, workers=workers)
        trials = sorted({row.trial for row in self.rows})
        with in_threads(workers) as pool:
            seen = dict(
                zip(
                    trials,
                    pool.map(
                        lambda name: observe_arms(
                            find_design(name, cohort.parameters.library),
                            cohort,
                            {row.stratum for row in self.rows if row.trial == name},
                            seed=self.seed,
                            most=self.most,
                            draws=self.draws,
                            growth_effect=growth_effect,
                        ),
                        trials,
                    ),
                    strict=True,
                )
            )
        found = [
            (row.id, *endpoint_residual(row, seen[row.trial])) for row in self.rows
        ]
        if self.with_facts:
            values = measure_facts(cohort, self.seed)
            found += [
                (fact.id, fact.residual(values[fact.id]), values[fact.id])
                for fact in facts()
            ]
        names, residual, value = zip(*found, strict=True)
        return Evaluation(
            z=np.asarray(z, dtype=float),
            names=tuple(names),
            residual=np.array(residual),
            value=np.array(value),
            normal=np.zeros(len(names), dtype=bool),
        )


def _evaluated(objective: Objective, z: Array, growth_effect: float) -> Evaluation:
    """Evaluate in a worker."""
    return objective.evaluate(z, growth_effect=growth_effect)


def _mean(parts: list[Evaluation]) -> Evaluation:
    """Average what populations show."""
    return replace(
        parts[0],
        residual=np.mean([one.residual for one in parts], axis=0),
        value=np.mean([one.value for one in parts], axis=0),
    )
