"""One patient's life as it was simulated, and the moments at which a line is chosen."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.history.cohort import Cohort, decision_table, simulate_lives
from oestra.history.lines import Decisions
from oestra.history.observation import Observation

__all__ = ["Lived", "live"]


@dataclass(frozen=True, kw_only=True)
class Lived:
    """A life.

    Parameters
    ----------
    seed : int
        Seed of the population.
    parameters : ParameterSet
        What the life was simulated with.
    covariates : DataFrame, one row
        Traits, indexed by patient number.
    seen : tuple of Observation
        She at the end of each period.
    found : Decisions
        The moments at which a line was to be chosen.
    """

    seed: int
    parameters: ParameterSet
    covariates: pd.DataFrame
    seen: tuple[Observation, ...]
    found: Decisions

    @property
    def patient(self) -> int:
        """Her number in the population."""
        return int(self.covariates.index.to_numpy()[0])

    @cached_property
    def at_lines(self) -> Cohort:
        """A pool of her alone: row k is where metastatic line k + 1 is chosen."""
        streams = _streams(self.seed)
        told = decision_table(self.found, self.covariates, self.parameters, streams)
        late = np.flatnonzero((told["setting"] != "primary").to_numpy())
        return Cohort(
            parameters=self.parameters,
            seed=self.seed,
            covariates=self.covariates,
            decisions=told.iloc[late].reset_index(drop=True),
            y=self.found.y[late],
            log_cells=self.found.log_cells[late],
        )


def _streams(seed: int) -> Streams:
    return Streams(seed, ("patients",))


def live(patient: int, *, seed: int, parameters: ParameterSet) -> Lived:
    """Simulate the life of one patient.

    Parameters
    ----------
    patient : int
        Her number in the population.
    seed : int
        Seed of the population.
    parameters : ParameterSet
        The model's parameters, which know their library.

    Returns
    -------
    Lived
        From diagnosis to cure or her last line.
    """
    seen: list[Observation] = []
    c, found = simulate_lives(patient, 1, parameters, _streams(seed), watch=seen.append)
    return Lived(
        seed=seed, parameters=parameters, covariates=c, seen=tuple(seen), found=found
    )
