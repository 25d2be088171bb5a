"""The patients who take one arm of a trial, however they were enrolled."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["Draw", "Members", "RunInTaken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One of several draws of chance that the same patients are followed with.

    New lesions, symptoms, scans and days of entry differ between draws. Who stops the
    treatment, and when, is the same in all of them.

    Parameters
    ----------
    interval_weeks : float
        Weeks between scans.
    number : int
        Number of the draw, from 0.
    draws : int
        How many there are.
    until_day : float, optional
        Day from randomization up to which scans are planned; by default that on which
        the last of the patients is censored.
    """

    interval_weeks: float
    number: int = 0
    draws: int = 1
    until_day: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInTaken:
    """What n patients took before they were randomized.

    Parameters
    ----------
    regimen : str
        Drugs, doses and days.
    days : ndarray of float64, shape (n,)
        For how long.
    """

    regimen: str
    days: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The patients of one arm.

    Parameters
    ----------
    patient : ndarray of int64, shape (n,)
        Numbers that key their chance, ascending.
    row : ndarray of int64, shape (n,)
        Rows of the decisions table.
    entry_day : ndarray of float64, shape (n,)
        Day of randomization, from the opening of the trial.
    events : tuple of ndarray of float64, shape (n,)
        Days on which events end phases of the treatment, inf for never, as far as they
        are known; in the order of the phases.
    before : RunInTaken, optional
        What they took before randomization.
    """

    patient: NDArray[np.int64]
    row: NDArray[np.int64]
    entry_day: NDArray[np.float64]
    events: tuple[NDArray[np.float64], ...] = ()
    before: RunInTaken | None = None

    def some(self, who: NDArray[np.bool_]) -> "Members":
        """Return those of the patients for whom a flag is set."""
        return Members(
            patient=self.patient[who],
            row=self.row[who],
            entry_day=self.entry_day[who],
            events=tuple(day[who] for day in self.events),
            before=self.before and replace(self.before, days=self.before.days[who]),
        )

    def entering(self, draw: Draw) -> "Members":
        """Return these patients on the days of entry of one draw.

        Each draw gives a patient the day of another: the day is by chance, and the
        data cut ends her follow-up.
        """
        shift = draw.number * len(self.patient) // draw.draws
        return replace(self, entry_day=np.roll(self.entry_day, shift))
