"""Every parameter of the model as one set: cell, population, tumor."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import ParameterSet
from oestra.core.quantity import Quantity
from oestra.evidence.load import digest as evidence_digest
from oestra.network.cell import cell
from oestra.network.digest import source_digest
from oestra.network.parameter import parameter_table
from oestra.network.reference import reference_values
from oestra.patients.population import population_table
from oestra.tumor.table import tumor_table

__all__ = [
    "best_parameters",
    "between_trial_sd",
    "ensemble_parameters",
    "prior_parameters",
    "quantities",
    "shipped_fit",
    "stale_fit",
    "with_reference",
]


def quantities(library: Library = SHIPPED) -> Mapping[str, Quantity]:
    """Return every quantity of the model as its file declares it, by name."""
    return library.once(_quantities)


def _quantities(library: Library) -> Mapping[str, Quantity]:
    tables = (parameter_table(library), population_table(), tumor_table())
    return MappingProxyType({k: v for table in tables for k, v in table.items()})


def prior_parameters(library: Library = SHIPPED) -> ParameterSet:
    """Return the values of the parameter files, before any fit."""
    tables = (parameter_table(library), population_table(), tumor_table())
    return ParameterSet.of(*tables, library=library)


@cache
def shipped_fit() -> dict[str, Any]:
    """Return the record of the fit that ships; empty when there is none."""
    file = files("oestra.model").joinpath("fit.json")
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


@cache
def stale_fit() -> str:
    """Say why the shipped fit no longer belongs to this model; empty when it does."""
    record = shipped_fit()
    if not record:
        return "nothing has been fitted yet; parameters are those of the files"
    if record["model"] != source_digest():
        return "pathways or parameters were edited after the fit"
    if record["evidence"] != evidence_digest():
        return "evidence was edited after the fit"
    return ""


def best_parameters(library: Library = SHIPPED) -> ParameterSet:
    """Return the parameter set that ships: the fitted values over the files' own."""
    return library.once(_best)


def _best(library: Library) -> ParameterSet:
    return prior_parameters(library).replace(**shipped_fit().get("best", {}))


def ensemble_parameters(library: Library = SHIPPED) -> tuple[ParameterSet, ...]:
    """Return the sets that stand for what the fit leaves open, the best one first."""
    return library.once(_ensemble)


def _ensemble(library: Library) -> tuple[ParameterSet, ...]:
    names = shipped_fit().get("names", [])
    draws = shipped_fit().get("ensemble", [])
    base = best_parameters(library)
    return (
        base,
        *(base.replace(**dict(zip(names, draw, strict=True))) for draw in draws),
    )


def between_trial_sd() -> float:
    """Return the standard deviation between trials of the log of growth, as fitted."""
    return float(shipped_fit().get("between_trials", {}).get("sd", 0.0))


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
    return parameters.replace(**reference_values(cell(parameters.library), parameters))
