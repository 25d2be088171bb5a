"""Which parameter sets a command runs with, and their populations."""

from collections.abc import Mapping, Sequence

from oestra.cli import options
from oestra.cli.show import warn
from oestra.cli.standard_streams import tell
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import ParameterSet
from oestra.core.progress import Progress
from oestra.history.cohort import Cohort
from oestra.history.store import (
    COHORT_PATIENTS,
    COHORT_SEED,
    ENSEMBLE_PATIENTS,
    load_cohort,
    load_cohorts,
    stored_cohort,
)
from oestra.model.fit_remarks import fit_remarks
from oestra.model.parameters import best_parameters, with_settings
from oestra.model.sets import best_set, ensemble_sets, most_sets
from oestra.model.sets import need_ensemble as ensemble_needed
from oestra.model.updated import updated_sets
from oestra.work.each import Workers

__all__ = [
    "chosen_set",
    "chosen_sets",
    "need_ensemble",
    "recruit",
    "sets_text",
    "warn_uncalibrated",
]


def need_ensemble() -> None:
    """Raise InputError unless an ensemble ships."""
    ensemble_needed("use --parameters best")


def chosen_sets(
    choice: str | None,
    replicates: int,
    library: Library = SHIPPED,
    settings: Mapping[str, float] | None = None,
) -> tuple[ParameterSet, ...]:
    """Return the parameter sets to run with.

    Parameters
    ----------
    choice : str, optional
        ``best``, ``ensemble``, or the name or file of updated sets; the ensemble by
        default where one ships.
    replicates : int
        Trials to run. Each set gets at least two, so few replicates mean few sets.
    library : Library
        What the sets are of.
    settings : mapping of str to float, optional
        Values of the user, over those of every set.

    Returns
    -------
    tuple of ParameterSet
        The best one, or the first of the ensemble, at most 20.

    Raises
    ------
    InputError
        If the ensemble is asked for and none ships, or the updated sets cannot be
        used.
    """
    options.warn_overwritten(settings or {}, patients=True)
    if choice == options.ParameterSet.ENSEMBLE:
        need_ensemble()
    own = _updated(choice, library)
    if own is not None:
        sets = own[: most_sets(replicates)]
    elif choice == options.ParameterSet.BEST:
        sets = best_set(library)
    else:
        sets = ensemble_sets(library, replicates)
    return tuple(with_settings(one, settings or {}) for one in sets)


def chosen_set(
    choice: str | None, library: Library, settings: Mapping[str, float]
) -> ParameterSet:
    """Return the one parameter set to run with: the best, or that of updated sets.

    Parameters
    ----------
    choice : str, optional
        ``best``, by default, or the name or file of updated sets.
    library : Library
        What the set is of.
    settings : mapping of str to float
        Values of the user, over those of the set.

    Raises
    ------
    InputError
        If the ensemble is asked for, or the updated sets cannot be used.
    """
    if choice == options.ParameterSet.ENSEMBLE:
        raise InputError(
            "One set is followed here: give --parameters best, or the name of an "
            "updated one."
        )
    own = _updated(choice, library)
    return with_settings(best_parameters(library) if own is None else own[0], settings)


def _updated(choice: str | None, library: Library) -> tuple[ParameterSet, ...] | None:
    """Return updated sets and say what they are, or None where none are named."""
    found = updated_sets(choice, library)
    if found is None:
        return None
    tell(found.text)
    return found.sets


def recruit(
    sets: Sequence[ParameterSet], workers: Workers, report: Progress
) -> tuple[Cohort, ...]:
    """Return the populations to recruit from, one a parameter set.

    A single set has the whole pool that ships; several share a smaller one.

    Parameters
    ----------
    sets : sequence of ParameterSet
        From `chosen_sets`.
    workers : int or Executor
        Threads, or who does the work.
    report : callable
        Told how far it is.

    Returns
    -------
    tuple of Cohort
        In the order of the sets.
    """
    _tell_own_pool(sets)
    what = "Simulating earlier lines of therapy"
    report(what, 0, len(sets))
    if len(sets) == 1:
        return (load_cohort(sets[0], workers=workers),)
    return load_cohorts(
        sets, workers=workers, progress=lambda done, total: report(what, done, total)
    )


def _tell_own_pool(sets: Sequence[ParameterSet]) -> None:
    """Say that a library's patients live otherwise than those that ship."""
    library = sets[0].library
    if not library.folders:
        return
    n = COHORT_PATIENTS if len(sets) == 1 else ENSEMBLE_PATIENTS
    absent = sum(
        stored_cohort(one, n=n, seed=COHORT_SEED + i) is None
        for i, one in enumerate(sets)
    )
    if absent:
        pools = "a pool" if absent == 1 else f"{absent} pools"
        tell(
            "In this library patients live otherwise than in the pools that ship: "
            f"{pools} of {n:,} patients must be simulated first, once. That takes "
            "minutes."
        )


def sets_text(count: int) -> str:
    """Say in one sentence which parameters were used."""
    if count == 1:
        return "Parameters: the best set."
    return f"Parameters: {count} sets of the ensemble, the best one among them."


def warn_uncalibrated() -> None:
    """Print why these parameters were not fitted to this model, if they were not."""
    for remark in fit_remarks():
        warn(remark)
