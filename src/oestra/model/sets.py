"""Which parameter sets trials are run with: the best, or some of the ensemble."""

from oestra.core.errors import InputError
from oestra.core.library import Library
from oestra.core.parameter_set import ParameterSet
from oestra.model.belonging import stale_fit
from oestra.model.fit import shipped_fit
from oestra.model.parameters import best_parameters, ensemble_parameters

__all__ = ["best_set", "ensemble_sets", "most_sets", "need_ensemble"]

_MOST = 20
_EACH = 2
"""Replicates a set needs, so that its chance can be told from its parameters."""


def most_sets(replicates: int) -> int:
    """Return with how many sets so many trials are run, 1 to 20."""
    return max(1, min(_MOST, replicates // _EACH))


def need_ensemble(instead: str) -> None:
    """Raise InputError unless an ensemble ships.

    Parameters
    ----------
    instead : str
        What to ask for instead, for the error.

    Raises
    ------
    InputError
        If none does; says why.
    """
    if shipped_fit() is None:
        why = stale_fit() or "the fit that ships has none"
        raise InputError(f"There is no ensemble: {why}; {instead}.")


def best_set(library: Library) -> tuple[ParameterSet, ...]:
    """Return the best set alone."""
    return (best_parameters(library),)


def ensemble_sets(library: Library, replicates: int) -> tuple[ParameterSet, ...]:
    """Return sets that stand for what the fit leaves open, the best one first.

    Parameters
    ----------
    library : Library
        Whose files.
    replicates : int
        Trials to run; few of them mean few sets.

    Returns
    -------
    tuple of ParameterSet
        The best set alone where no ensemble ships.
    """
    if shipped_fit() is None:
        return best_set(library)
    return ensemble_parameters(library)[: most_sets(replicates)]
