"""What was seen of the patients of one arm visit by visit, and what they took."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.trial.assess import Assessment
from oestra.trial.event_rule import Timed
from oestra.trial.harmed import ArmHarm
from oestra.trial.reading import Reading

__all__ = ["ArmScans"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmScans:
    """Scans and doses of one arm.

    Parameters
    ----------
    arm : str
        Its id.
    patient : ndarray of int64, shape (n,)
        Numbers of its patients.
    reading : Reading
        What was seen.
    assessment : Assessment
        Responses at the visits.
    found : Timed
        Progression as it was found.
    harm : ArmHarm
        What they take, and when harm changes it.
    """

    arm: str
    patient: NDArray[np.int64]
    reading: Reading
    assessment: Assessment
    found: Timed
    harm: ArmHarm

    @property
    def progression_day(self) -> NDArray[np.float64]:
        """When progression was found, inf if it was not, shape (n,)."""
        return np.where(self.found.event_observed, self.found.day, np.inf)

    @property
    def scanned(self) -> NDArray[np.bool_]:
        """Visits that took place up to progression, shape (n, v)."""
        visits = self.assessment.schedule
        return visits.attended & (visits.day <= self.progression_day[:, None])
