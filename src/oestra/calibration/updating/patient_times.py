"""Times to one event in one arm, from wherever they come."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["TOO_LATE", "PatientTimes"]

TOO_LATE = 5.0
"""How many times its data cut a trial is not followed for, later cuts included: days
that are read as months are 30 times as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientTimes:
    """Times to one event in one arm.

    Parameters
    ----------
    of : str
        The event.
    arm : str
        Id of the arm.
    months : ndarray of float64, shape (n,)
        Time to event or censoring.
    event : ndarray of bool, shape (n,)
        True where it is an event.
    source : str
        ``curve`` or ``patients``.
    """

    of: str
    arm: str
    months: NDArray[np.float64]
    event: NDArray[np.bool_]
    source: str
