"""One patient's life as it was simulated, and the moments at which a line is chosen."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.course.assemble import assemble
from oestra.course.pace import paced
from oestra.history.cohort import Cohort
from oestra.history.lines import Decisions, simulate_histories
from oestra.history.observation import Observation
from oestra.history.therapies import practice
from oestra.network.cell import cell
from oestra.patients.population import sample_population

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
        """A pool of her alone: row k is where metastatic line k + 1 is chosen.

        It holds her history; of her disease, only what practice chooses by.
        """
        facts = pd.DataFrame(self.found.facts)
        late = np.flatnonzero((facts["setting"] != "primary").to_numpy())
        classes = np.array(practice(self.parameters.library).classes)
        here = facts.iloc[late].reset_index(drop=True)
        who = self.covariates.iloc[0]
        return Cohort(
            parameters=self.parameters,
            seed=self.seed,
            covariates=self.covariates,
            decisions=here.assign(
                patient=self.patient,
                her2_positive=bool(who["her2_positive"]),
                adjuvant_therapy=classes[here["adjuvant_code"].to_numpy(dtype=int)],
                last_therapy=classes[here["last_code"].to_numpy(dtype=int)],
            ),
            y=self.found.y[late],
            log_cells=self.found.log_cells[late],
        )


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
    p, streams = parameters, Streams(seed, ("patients",))
    drawn = sample_population(1, p, streams, first=patient).covariates
    c = paced(drawn, p, cell(p.library), streams)
    seen: list[Observation] = []
    lanes = assemble(cell(p.library), p, c, streams)
    found = simulate_histories(lanes, c, p, streams, watch=seen.append)
    return Lived(seed=seed, parameters=p, covariates=c, seen=tuple(seen), found=found)
