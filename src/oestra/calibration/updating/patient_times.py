"""Times to one event in one arm, from wherever they come."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["PatientTimes"]


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
