"""Survival data, checked once: times, events, groups and strata as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError

__all__ = ["Sample", "two_groups"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Right-censored times of two groups.

    Parameters
    ----------
    durations : ndarray of float64, shape (n,)
        Time to event or censoring, not negative, in one unit.
    event_observed : ndarray of bool, shape (n,)
        True where the event was seen.
    group : ndarray of bool, shape (n,)
        True in the group of interest, False in the control.
    stratum : ndarray of int64, shape (n,)
        Stratum number, all zero when unstratified.
    """

    durations: NDArray[np.float64]
    event_observed: NDArray[np.bool_]
    group: NDArray[np.bool_]
    stratum: NDArray[np.int64]

    def why_not(self) -> str:
        """Say why the groups cannot be compared, or return an empty text."""
        if not self.group.any() or self.group.all():
            return "one group has no patients"
        if not self.event_observed.any():
            return "no events"
        return ""


def times_and_events(
    durations: ArrayLike, event_observed: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Check times and event marks and return them as arrays.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Time to event or censoring.
    event_observed : array_like of bool, shape (n,)
        True where the event was seen.

    Returns
    -------
    tuple of ndarray
        Times as float64 and events as bool, shape (n,) each.

    Raises
    ------
    InputError
        If the shapes differ or a time is negative or not finite.
    """
    times = np.atleast_1d(np.asarray(durations, dtype=float))
    events = np.atleast_1d(np.asarray(event_observed, dtype=bool))
    if times.shape != events.shape or times.ndim != 1:
        raise InputError(
            f"Durations {times.shape} and event_observed {events.shape} must be "
            "one-dimensional and equally long."
        )
    if not np.isfinite(times).all() or (times < 0).any():
        raise InputError("Durations must be finite and not negative.")
    return times, events


def two_groups(
    durations: ArrayLike,
    event_observed: ArrayLike,
    group: ArrayLike,
    strata: ArrayLike | None = None,
) -> Sample:
    """Check the data of a two-group comparison.

    Parameters
    ----------
    durations, event_observed : array_like, shape (n,)
        Times, and True where the event was seen.
    group : array_like of bool, shape (n,)
        True in the group of interest.
    strata : array_like, shape (n,), optional
        Labels within which the groups are compared.

    Returns
    -------
    Sample
        The checked arrays.

    Raises
    ------
    InputError
        If shapes differ or a time is negative or not finite.
    """
    times, events = times_and_events(durations, event_observed)
    who = np.atleast_1d(np.asarray(group, dtype=bool))
    label = np.zeros(times.size) if strata is None else np.asarray(strata)
    if who.shape != times.shape or label.shape != times.shape:
        raise InputError("Group and strata must be as long as the durations.")
    number = np.unique(label, return_inverse=True)[1].astype(np.int64)
    return Sample(durations=times, event_observed=events, group=who, stratum=number)
