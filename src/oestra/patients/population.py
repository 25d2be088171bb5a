"""The one population from which every trial enrolls."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from oestra.core.library import package_files
from oestra.core.parameter_set import ParameterSet
from oestra.core.quantity import Quantity
from oestra.core.streams import Streams
from oestra.core.table import read_quantities
from oestra.patients.biology import sample_biology
from oestra.patients.biomarkers import sample_biomarkers
from oestra.patients.enrich import enrich
from oestra.patients.habits import sample_habits

__all__ = ["Population", "population_table", "sample_population"]


@cache
def population_table() -> dict[str, Quantity]:
    """Return every number of the population, by name."""
    return read_quantities(package_files("oestra.patients.parameters"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Virtual patients with hormone-receptor-positive disease that will spread.

    Parameters
    ----------
    covariates : DataFrame
        One row a patient, indexed by patient number; columns as drawn by
        `sample_biomarkers`, `sample_biology` and `sample_habits`, and ``weight``.
    """

    covariates: pd.DataFrame

    def __len__(self) -> int:
        return len(self.covariates)


def sample_population(
    n: int,
    parameters: ParameterSet,
    streams: Streams,
    *,
    first: int = 0,
    enriched: bool = False,
) -> Population:
    """Draw patients from the population.

    Parameters
    ----------
    n : int
        How many.
    parameters : ParameterSet
        Frequencies and spreads.
    streams : Streams
        Source of chance; a patient depends on her number alone.
    first : int
        Number of the first patient.
    enriched : bool
        Draw what is rare more often, with weights that undo it.

    Returns
    -------
    Population
        Patients ``first`` to ``first + n - 1``.
    """
    ids = np.arange(first, first + n, dtype=np.int64)
    drawn, weigh = enrich(parameters) if enriched else (parameters, None)
    biomarkers = sample_biomarkers(ids, drawn, streams)
    parts = [
        biomarkers,
        sample_biology(ids, parameters, streams, biomarkers),
        sample_habits(ids, drawn, streams),
    ]
    covariates = pd.concat(parts, axis=1)
    covariates["weight"] = 1.0 if weigh is None else weigh(covariates)
    covariates.index = pd.Index(ids, name="patient")
    return Population(covariates=covariates)
