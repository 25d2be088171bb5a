"""Times to one event in one arm, from wherever they come."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.trial.design import Arm

__all__ = ["TOO_LATE", "PatientTimes", "too_many"]

TOO_LATE = 5.0
"""How many times its data cut a trial is not followed for, later cuts included: days
that are read as months are 30 times as long."""

_SPARE, _FEW = 1.1, 2
"""How many times an arm's patients, and how many more, its data may have."""


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
    told : tuple of str
        What beside them was not read, a sentence each without its period.
    """

    of: str
    arm: str
    months: NDArray[np.float64]
    event: NDArray[np.bool_]
    source: str
    told: tuple[str, ...] = ()


def too_many(what: str, count: int, *arms: Arm) -> str:
    """Say that something counts more patients than arms have, or return nothing.

    Chance leaves a few more in an arm than are planned.
    """
    whole = sum(arm.n for arm in arms)
    if count <= _SPARE * whole + _FEW:
        return ""
    names = " and ".join(arm.id for arm in arms)
    return (
        f"{what} are more than the {whole} patients of {names}; correct the number, or "
        "the n of the trial file"
    )
