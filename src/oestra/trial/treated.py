"""How patients of a population are treated on trial and after it."""

from functools import partial
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.course.events import Follow
from oestra.follow.later import After, live_on
from oestra.follow.treatment import follow as treat
from oestra.history.cohort import Cohort
from oestra.trial.assess import Followed
from oestra.trial.trial_setting import FollowArm, LiveOn

__all__ = ["Population", "later_lines", "treatment"]


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


def treatment(cohort: Population, *, survival: bool) -> FollowArm:
    """Return what treats patients of the model on trial.

    Parameters
    ----------
    cohort : Population
        The pool.
    survival : bool
        Whether states are kept, from which later lines go on.

    Returns
    -------
    FollowArm
        Treats patients of the pool.

    Raises
    ------
    InputError
        If the population is not of the model.
    """
    if isinstance(cohort, Cohort):
        return partial(treat, cohort, keep=survival)
    raise InputError("A population of another kind needs its own 'follow'.")


def later_lines(cohort: Population) -> LiveOn | None:
    """Return what follows patients of the model through later lines.

    Parameters
    ----------
    cohort : Population
        The pool.

    Returns
    -------
    LiveOn or None
        None for a population that is not of the model.
    """
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
