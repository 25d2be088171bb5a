"""Whom trials of the page recruit from: the populations of their parameter sets."""

import os
from functools import lru_cache
from typing import Any

from oestra.core.errors import unknown_name
from oestra.core.library import Library, library_of
from oestra.history.cohort import Cohort
from oestra.history.store import load_cohort, load_cohorts
from oestra.model.parameters import best_parameters
from oestra.model.sets import ensemble_sets, need_ensemble
from oestra.trial.run import Population

__all__ = ["BEST", "ENSEMBLE", "check_choice", "population", "populations", "threads"]

BEST, ENSEMBLE = "best", "ensemble"


def population() -> Population:
    """Return the population of the best parameters."""
    return load_cohort(best_parameters(library_of()))


def check_choice(choice: str) -> str:
    """Return which parameters to run with.

    Raises
    ------
    InputError
        If there is no such choice, or no ensemble.
    """
    if choice not in (BEST, ENSEMBLE):
        raise unknown_name("choice of parameters", choice, (BEST, ENSEMBLE))
    if choice == ENSEMBLE:
        need_ensemble("choose the best set")
    return choice


@lru_cache(maxsize=1)
def _ensemble(library: Library, replicates: int) -> tuple[Cohort, ...]:
    sets = ensemble_sets(library, replicates)
    if len(sets) == 1:
        return (load_cohort(sets[0]),)
    return load_cohorts(sets, workers=threads())


def populations(asked: Any) -> tuple[Population, ...]:
    """Return the populations that a request asks for, as `oestra trial` takes them."""
    if asked["parameters"] == ENSEMBLE:
        return _ensemble(library_of(), asked["replicates"])
    return (population(),)


def threads() -> int:
    """Return how many replicates run at once: two, where there are cores for it."""
    return min(os.cpu_count() or 1, 2)
