"""What a trial runs in: a population, a way to treat it, assumptions."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.trial.assess import Followed
from oestra.trial.assumption import Assumptions
from oestra.trial.case_mix import Weighted

__all__ = ["FollowArm", "Setting"]


class FollowArm(Protocol):
    """Treats patients and returns their courses."""

    def __call__(
        self,
        rows: NDArray[np.int64],
        regimen: Regimen,
        *,
        days: NDArray[np.float64],
        stop_day: NDArray[np.float64],
        streams: Streams,
        log_growth_effect: float,
    ) -> Followed:
        """Follow the patients of some rows of the moments table.

        Parameters
        ----------
        rows : ndarray of int64, shape (n,)
            Rows of the moments table, one a patient.
        regimen : Regimen
            Treatment.
        days : ndarray of float64, shape (t,)
            Output days from randomization, ascending from 0.
        stop_day : ndarray of float64, shape (n,)
            Day on which treatment stops for harm, inf if never.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a trial runs in.

    Parameters
    ----------
    moments : DataFrame
        All enrollment opportunities of the population.
    weighted : Weighted
        The eligible ones with their weights.
    follow : FollowArm
        Treats patients.
    assumptions : Assumptions
        Conduct beyond the protocol.
    between_trial_sd : float
        Standard deviation of the effect of the trial on the log of growth.
    patients : int or None
        Number of patients, None for the published one.
    """

    moments: pd.DataFrame
    weighted: Weighted
    follow: FollowArm
    assumptions: Assumptions
    between_trial_sd: float = 0.0
    patients: int | None = None
