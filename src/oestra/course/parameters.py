"""Every parameter of the model as one set: cell, population, tumor."""

from functools import cache

from oestra.core.parameter_set import ParameterSet
from oestra.core.quantity import Quantity
from oestra.network.cell import cell
from oestra.network.parameter import parameter_table
from oestra.network.reference import reference_values
from oestra.patients.population import population_table
from oestra.tumor.table import tumor_table

__all__ = ["best_parameters", "quantities", "with_reference"]


@cache
def quantities() -> dict[str, Quantity]:
    """Return every quantity of the model, by name."""
    return {**parameter_table(), **population_table(), **tumor_table()}


@cache
def best_parameters() -> ParameterSet:
    """Return the parameter set that ships."""
    return ParameterSet.of(parameter_table(), population_table(), tumor_table())


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
    return parameters.replace(**reference_values(cell(), parameters))
