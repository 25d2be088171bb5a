"""What every replicate of a trial needs, apart from what it was made for.

A recipe travels: a worker gets it once, and screens and weights the population once.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import pandas as pd

from oestra.cdisc.formats import Format
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.trial.assumption import Assumptions
from oestra.trial.candidates import candidates
from oestra.trial.case_mix import weigh
from oestra.trial.design import TimeToEvent, TrialDesign
from oestra.trial.eligibility import Screening, screen
from oestra.trial.ovaries import ovaries_of
from oestra.trial.replicate import Replicate, run_replicate
from oestra.trial.treated import Population, exposed_of, later_lines, treatment
from oestra.trial.trial_setting import FollowArm, Setting
from oestra.trial.two_alleles import population_of

__all__ = ["Recipe", "replicate_of"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A trial and the population of one parameter set.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    pool : Population
        Who may enroll.
    seed : int
        Seed of all chance on trial.
    assumptions : Assumptions
        Conduct beyond the protocol.
    between_trial_sd : float
        Standard deviation of the effect of the trial on the log of growth.
    patients : int, optional
        Patients a replicate, the published number by default.
    follow : FollowArm, optional
        Treats patients; by default the model does.
    formats : tuple of Format
        In which tables of every replicate are encoded; by default there are none.
    """

    sent_apart: ClassVar[bool] = True
    design: TrialDesign
    pool: Population
    seed: int
    assumptions: Assumptions
    between_trial_sd: float = 0.0
    patients: int | None = None
    follow: FollowArm | None = None
    formats: tuple[Format, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is made from the rest in no time; screening takes some."""
        made = ("population", "setting", "streams")
        return {name: v for name, v in self.__dict__.items() if name not in made}

    @cached_property
    def population(self) -> Population:
        """The pool, with the clones that the trial asks for."""
        return population_of(self.design, self.pool)

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """Enrollment opportunities, with how well each patient is."""
        return candidates(self.design, self.population, self.assumptions)

    @cached_property
    def screening(self) -> Screening:
        """Who of the population is eligible."""
        return screen(self.design, self.decisions)

    @cached_property
    def streams(self) -> Streams:
        """All chance of the trial."""
        return Streams(self.seed).spawn(Stream.TRIAL, self.design.chance_id)

    @cached_property
    def setting(self) -> Setting:
        """What its replicates run in."""
        pool, decisions = self.population, self.decisions
        survival = TimeToEvent.OS in self.design.endpoints
        own = survival and self.follow is None
        return Setting(
            decisions=decisions,
            weighted=weigh(self.design, decisions, self.screening.rows),
            follow=self.follow
            or treatment(pool, survival=survival, ovarian=ovaries_of(decisions, pool)),
            assumptions=self.assumptions,
            library=pool.parameters.library,
            between_trial_sd=self.between_trial_sd,
            patients=self.patients,
            live_on=later_lines(pool) if own else None,
            exposed=exposed_of(pool),
        )


def replicate_of(recipe: Recipe, number: int) -> Replicate:
    """Run and analyze one replicate.

    Parameters
    ----------
    recipe : Recipe
        The trial.
    number : int
        Number of the replicate, from 0.

    Returns
    -------
    Replicate
        Its estimates and patients.
    """
    return run_replicate(
        recipe.design, recipe.setting, recipe.streams, number, recipe.formats
    )
