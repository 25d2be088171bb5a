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
from oestra.drugs.regimen import Regimen
from oestra.engagement.regimen_load import pk_subjects
from oestra.engagement.relative_exposure import relative_exposure
from oestra.follow.later import After, live_on
from oestra.follow.treatment import follow as treat
from oestra.history.cohort import Cohort
from oestra.trial.assess import Followed
from oestra.trial.trial_setting import Exposed, FollowArm, LiveOn

__all__ = ["Population", "exposed_of", "later_lines", "treatment"]


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


def treatment(
    cohort: Population,
    *,
    survival: bool,
    ovarian: NDArray[np.float64] | None = None,
) -> FollowArm:
    """Return what treats patients of the model on trial.

    Parameters
    ----------
    cohort : Population
        The pool.
    survival : bool
        Whether states are kept, from which later lines go on.
    ovarian : ndarray, shape (n,), optional
        Estradiol that ovaries make, by row of the decisions, nM; none by default.

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
        return partial(treat, cohort, keep=survival, ovarian=ovarian)
    raise InputError("A population of another kind needs its own 'follow'.")


def exposed_of(cohort: Population) -> Exposed | None:
    """Return what tells how much of each drug patients of the model have in them.

    Parameters
    ----------
    cohort : Population
        The pool.

    Returns
    -------
    Exposed or None
        None for a population that is not of the model.
    """
    if not isinstance(cohort, Cohort):
        return None

    def exposed(
        rows: NDArray[np.int64], regimen: Regimen
    ) -> dict[str, NDArray[np.float64]]:
        subjects = pk_subjects(cohort.patients(rows), regimen, cohort.streams)
        return relative_exposure(regimen, subjects, cohort.parameters.library)

    return exposed


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
