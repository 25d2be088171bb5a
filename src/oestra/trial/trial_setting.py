"""What a trial runs in: a population, a way to treat it, assumptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.library import SHIPPED, Library
from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.follow.later import After
from oestra.follow.treatment import Changes
from oestra.trial.assess import Followed
from oestra.trial.assumption import Assumptions
from oestra.trial.case_mix import Weighted

__all__ = ["Exposed", "FollowArm", "LiveOn", "Setting"]


class FollowArm(Protocol):
    """Treats patients and returns their courses."""

    def __call__(
        self,
        rows: NDArray[np.int64],
        regimen: Regimen,
        *,
        days: NDArray[np.float64],
        changes: Changes,
        streams: Streams,
        log_growth_effect: float,
    ) -> Followed:
        """Follow the patients of some rows of the decisions table.

        Parameters
        ----------
        rows : ndarray of int64, shape (n,)
            Rows of the decisions table, one a patient.
        regimen : Regimen
            Treatment.
        days : ndarray of float64, shape (t,)
            Output days from randomization, ascending from 0.
        changes : Changes
            When harm stops the treatment or lowers its doses.
        streams : Streams
            Source of chance.
        log_growth_effect : float
            Effect of the trial on the log of growth, the same in all arms.

        Returns
        -------
        Followed
            The courses.
        """
        ...


class LiveOn(Protocol):
    """Follows patients beyond the therapy of a trial."""

    def __call__(
        self,
        rows: NDArray[np.int64],
        followed: Followed,
        after: After,
        *,
        streams: Streams,
        log_growth_effect: float,
    ) -> NDArray[np.float64]:
        """Return when the patients of some rows of the decisions table die.

        Parameters
        ----------
        rows : ndarray of int64, shape (n,)
            Rows of the decisions table, one a patient.
        followed : Followed
            Their courses on trial.
        after : After
            When the therapy of the trial ended, and what follows.
        streams : Streams
            Source of chance of the courses on trial.
        log_growth_effect : float
            Effect of the trial on the log of growth.

        Returns
        -------
        ndarray of float64, shape (n,)
            Days of death from randomization, inf if none.
        """
        ...


class Exposed(Protocol):
    """Tells how much of each drug patients have in them."""

    def __call__(
        self, rows: NDArray[np.int64], regimen: Regimen
    ) -> Mapping[str, NDArray[np.float64]]:
        """Return exposures of the patients of some rows of the decisions table.

        Parameters
        ----------
        rows : ndarray of int64, shape (n,)
            Rows of the decisions table, one a patient.
        regimen : Regimen
            Treatment.

        Returns
        -------
        mapping of str to ndarray of float64, shape (n,)
            By drug, over that of the typical patient at the standard dose.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a trial runs in.

    Parameters
    ----------
    decisions : DataFrame
        All enrollment opportunities of the population.
    weighted : Weighted
        The eligible ones with their weights.
    follow : FollowArm
        Treats patients.
    assumptions : Assumptions
        Conduct beyond the protocol.
    library : Library
        Whose drugs the arms take.
    between_trial_sd : float
        Standard deviation of the effect of the trial on the log of growth.
    patients : int or None
        Number of patients, None for the published one.
    live_on : LiveOn or None
        Follows patients through later lines; None where nobody asks for survival,
        which is then as if the therapy of the trial went on.
    growth_effect : float
        Log factor on the pace of all tumors of the trial.
    exposed : Exposed or None
        How much of each drug patients have in them; None where all are typical and
        take standard doses.
    """

    decisions: pd.DataFrame
    weighted: Weighted
    follow: FollowArm
    assumptions: Assumptions
    library: Library = SHIPPED
    between_trial_sd: float = 0.0
    patients: int | None = None
    live_on: LiveOn | None = None
    growth_effect: float = 0.0
    exposed: Exposed | None = None
