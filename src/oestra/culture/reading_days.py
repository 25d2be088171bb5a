"""How long an experiment on cells lasts, and on which days it is read."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.culture.schedule import Schedule

__all__ = ["chosen_days", "length_of", "reading_days"]

Array = NDArray[np.float64]
_WEEK = 7.0
_LONGEST = 730.0
"""Days; beyond, cell numbers would leave what a computer can hold."""


def reading_days(days: float, points: int) -> Array:
    """Return the days of the readings, from 0.

    Raises
    ------
    InputError
        If the experiment has no length, is longer than two years, or has fewer than
        two readings.
    """
    if not 0.0 < days <= _LONGEST:
        raise InputError(
            f"An experiment lasts more than 0 and at most {_LONGEST:g} days, "
            f"got {days:g}."
        )
    if not 2 <= points <= 10_000:
        raise InputError(f"Readings are taken 2 to 10000 times, got {points}.")
    return np.linspace(0.0, float(days), points)


def chosen_days(at: Sequence[float], days: float | None) -> Array:
    """Return chosen days of readings, ascending.

    Raises
    ------
    InputError
        If there is none, one lies before the start or after the end, or is given
        twice.
    """
    chosen = np.array(sorted(at), dtype=float)
    last = _LONGEST if days is None else days
    if not (len(chosen) and np.isfinite(chosen).all()):
        raise InputError("Days of readings are needed, such as 7,14,21.")
    if chosen[0] < 0.0 or chosen[-1] > last or chosen[-1] == 0.0:
        told = f"at most {last:g}, the end of the experiment"
        raise InputError(
            f"Days of readings lie from 0 to {told}, got "
            f"{', '.join(f'{day:g}' for day in at)}."
        )
    if len(np.unique(chosen)) < len(chosen):
        raise InputError(
            f"A day of readings is given twice: {', '.join(f'{d:g}' for d in at)}."
        )
    return chosen


def length_of(days: float | None, *schedules: Schedule) -> float:
    """Return the length of an experiment, by default that of its schedule or a week.

    Raises
    ------
    InputError
        If a schedule is repeated and no length was given.
    """
    if days is not None:
        return days
    longest = max(schedules, key=lambda one: one.days)
    if any(one.repeated for one in schedules):
        raise InputError(
            "A schedule that is repeated needs the length of the experiment (--days)."
        )
    if any(np.isinf(one.steps[-1].days) and one.changes for one in schedules):
        return longest.days + _WEEK
    return longest.days or _WEEK
