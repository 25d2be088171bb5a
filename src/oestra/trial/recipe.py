"""What every replicate of a trial needs, apart from what it was made for.

A recipe travels: a worker gets it once, and screens and weights the population once.
"""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, ClassVar, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.course.events import Follow
from oestra.follow.later import After, live_on
from oestra.follow.treatment import follow as treat
from oestra.history.cohort import Cohort
from oestra.trial.assess import Followed
from oestra.trial.assumption import Assumptions
from oestra.trial.case_mix import weigh
from oestra.trial.design import TimeToEvent, TrialDesign
from oestra.trial.eligibility import Screening, screen
from oestra.trial.replicate import Replicate, run_replicate
from oestra.trial.trial_setting import FollowArm, LiveOn, Setting

__all__ = ["Population", "Recipe", "replicate_of"]


class Population(Protocol):
    """The virtual population a trial recruits from."""

    @property
    def decisions(self) -> pd.DataFrame:
        """Enrollment opportunities, one a row: columns of `moment`, patient, weight."""
        ...

    @property
    def parameters(self) -> ParameterSet:
        """Parameters its histories were simulated with."""
        ...


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
    """

    sent_apart: ClassVar[bool] = True
    design: TrialDesign
    pool: Population
    seed: int
    assumptions: Assumptions
    between_trial_sd: float = 0.0
    patients: int | None = None
    follow: FollowArm | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is made from the rest."""
        made = ("screening", "setting", "streams")
        return {name: v for name, v in self.__dict__.items() if name not in made}

    @cached_property
    def screening(self) -> Screening:
        """Who of the population is eligible."""
        return screen(self.design, self.pool.decisions)

    @cached_property
    def streams(self) -> Streams:
        """All chance of the trial."""
        return Streams(self.seed).spawn(Stream.TRIAL, self.design.id)

    @cached_property
    def setting(self) -> Setting:
        """What its replicates run in."""
        pool, decisions = self.pool, self.pool.decisions
        survival = TimeToEvent.OS in self.design.endpoints
        own = survival and self.follow is None
        return Setting(
            decisions=decisions,
            weighted=weigh(self.design, decisions, self.screening.rows),
            follow=self.follow or _treatment(pool, survival=survival),
            assumptions=self.assumptions,
            library=pool.parameters.library,
            between_trial_sd=self.between_trial_sd,
            patients=self.patients,
            live_on=_beyond(pool) if own else None,
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
    return run_replicate(recipe.design, recipe.setting, recipe.streams, number)


def _treatment(cohort: Population, *, survival: bool) -> FollowArm:
    if isinstance(cohort, Cohort):
        return partial(treat, cohort, keep=survival)
    raise InputError("A population of another kind needs its own 'follow'.")


def _beyond(cohort: Population) -> LiveOn | None:
    """Return what follows patients of the model through later lines."""
    if not isinstance(cohort, Cohort):
        return None

    def beyond(
        rows: NDArray[np.int64],
        followed: Followed,
        after: After,
        *,
        streams: Streams,
        log_growth_effect: float,
    ) -> NDArray[np.float64]:
        if not isinstance(followed, Follow):
            raise TypeError("later lines go on from courses of the model")
        return live_on(
            cohort,
            rows,
            followed,
            after,
            streams=streams,
            log_growth_effect=log_growth_effect,
        )

    return beyond
