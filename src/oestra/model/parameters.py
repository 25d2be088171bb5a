"""Every parameter of the model as one set, in layers: file, cells, trials, user.

A value of the user goes before that of the fit to trials, that before the one of the
fit to cells, and that before the file's own. Whoever
looks for a number finds it here; `oestra.appraisal.parameter_sheet` says where it comes
from.
"""

from collections.abc import Mapping

from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import ParameterSet
from oestra.model.cell_fit import shipped_cell_fit
from oestra.model.fit import shipped_fit
from oestra.model.quantities import tables
from oestra.network.cell import cell
from oestra.network.parameter import parameter_table
from oestra.network.reference import REFERENCE, reference_values

__all__ = [
    "best_parameters",
    "between_trial_sd",
    "cell_parameters",
    "ensemble_parameters",
    "prior_parameters",
    "with_reference",
    "with_settings",
]


def prior_parameters(library: Library = SHIPPED) -> ParameterSet:
    """Return the values of the parameter files, before any fit."""
    return ParameterSet.of(*tables(library), library=library)


def cell_parameters(library: Library = SHIPPED) -> ParameterSet:
    """Return the files' values with those of the fit of the cell over them."""
    fit, prior = shipped_cell_fit(), prior_parameters(library)
    return prior if fit is None else prior.replace(**fit.values)


def best_parameters(library: Library = SHIPPED) -> ParameterSet:
    """Return the parameter set that ships: the fitted values over the files' own.

    Parameters
    ----------
    library : Library
        Whose files.

    Returns
    -------
    ParameterSet
        Every parameter of the model, with where its value comes from.
    """
    return library.once(_best)


def _best(library: Library) -> ParameterSet:
    fit, base = shipped_fit(), cell_parameters(library)
    return base if fit is None else base.replace(**fit.best)


def ensemble_parameters(library: Library = SHIPPED) -> tuple[ParameterSet, ...]:
    """Return the sets that stand for what the fit leaves open, the best one first.

    Parameters
    ----------
    library : Library
        Whose files.

    Returns
    -------
    tuple of ParameterSet
        The best set alone where no fit ships.
    """
    return library.once(_ensemble)


def _ensemble(library: Library) -> tuple[ParameterSet, ...]:
    base, fit = best_parameters(library), shipped_fit()
    if fit is None:
        return (base,)
    draws = [dict(zip(fit.names, row, strict=True)) for row in fit.ensemble.tolist()]
    return (base, *(base.replace(**draw) for draw in draws))


def between_trial_sd() -> float:
    """Return the standard deviation between trials of the log of growth, as fitted."""
    fit = shipped_fit()
    return 0.0 if fit is None else fit.between_trial_sd


def with_reference(parameters: ParameterSet) -> ParameterSet:
    """Find the reference cell's steady state anew and set it.

    Parameters
    ----------
    parameters : ParameterSet
        A set whose network parameters may have changed.

    Returns
    -------
    ParameterSet
        The same with consistent reference values.
    """
    found = reference_values(cell(parameters.library), parameters)
    return parameters.replace(**found)


def with_settings(
    parameters: ParameterSet, settings: Mapping[str, float]
) -> ParameterSet:
    """Return a set with values of the user over it.

    Parameters
    ----------
    parameters : ParameterSet
        File and fit.
    settings : mapping of str to float
        Values by name, as `oestra.model.setting.parse_settings` reads them.

    Returns
    -------
    ParameterSet
        Where the cell's own parameters were set, the reference cell is brought to
        its steady state anew: relative quantities stay relative to it.
    """
    if not settings:
        return parameters
    changed = parameters.replace(**settings)
    of_cell = settings.keys() & parameter_table(parameters.library).keys()
    if of_cell - REFERENCE.keys():
        changed = with_reference(changed).replace(**settings)
    return changed
