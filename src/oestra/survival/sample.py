"""Survival data, checked once: times, events, groups, strata and weights as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError
from oestra.survival.number import numbers, unmasked

__all__ = [
    "ROUNDING",
    "Sample",
    "marks",
    "tied",
    "times_and_events",
    "two_groups",
    "weights_of",
]

ROUNDING = float(np.sqrt(np.finfo(np.float64).eps))
"""Of R's ``aeqSurv``: times that differ by less, absolutely or relative to their mean,
differ by rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Right-censored times of two groups.

    Parameters
    ----------
    durations : ndarray of float64, shape (n,)
        Time to event or censoring, not negative, in one unit; times that differ by
        rounding alone are equal.
    event_observed : ndarray of bool, shape (n,)
        True where the event was seen.
    group : ndarray of bool, shape (n,)
        True in the group of interest, False in the control.
    stratum : ndarray of int64, shape (n,)
        Stratum number, all zero when unstratified.
    weight : ndarray of float64, shape (n,)
        Case weights, all one when not weighted.
    """

    durations: NDArray[np.float64]
    event_observed: NDArray[np.bool_]
    group: NDArray[np.bool_]
    stratum: NDArray[np.int64]
    weight: NDArray[np.float64]

    def why_not(self) -> str:
        """Say why the groups cannot be compared, or return an empty text."""
        if not self.group.any() or self.group.all():
            return "one group has no patients"
        if not self.event_observed.any():
            return "no events"
        return ""


def marks(given: ArrayLike, what: str, hint: str = "") -> NDArray[np.bool_]:
    """Return marks that are true or false, and nothing else.

    Parameters
    ----------
    given : array_like of bool, or of 0 and 1, shape (n,)
        The marks.
    what : str
        What they say, for the error.
    hint : str
        How to mend the most likely slip.

    Returns
    -------
    ndarray of bool, shape (n,)
        The marks.

    Raises
    ------
    InputError
        If one is anything else: missing, text, a time, or the 2 of a status of 1 and 2.
    """
    found = np.atleast_1d(np.asarray(unmasked(given)))
    if found.dtype == np.bool_:
        return found
    if found.dtype.kind in "iuf":
        wrong = (found != 0) & (found != 1)
    else:
        plain = (bool, np.bool_, int, float, np.integer, np.floating)
        wrong = np.array(
            [not isinstance(one, plain) or one not in (0, 1) for one in found.ravel()],
            dtype=bool,
        ).reshape(found.shape)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise InputError(
            f"{what} must be true or false (or 1 or 0), got {found.ravel()[place]} at "
            f"position {place}{hint and '; '}{hint}."
        )
    return found.astype(bool)


def tied(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make times equal that differ by rounding alone, as 0.3 and 3 times 0.1.

    Parameters
    ----------
    times : ndarray of float64, shape (n,)
        Finite times.

    Returns
    -------
    ndarray of float64, shape (n,)
        Each as the least of those it cannot be told from, by the rule of ``aeqSurv`` in
        R's package survival.
    """
    known = np.unique(times)
    if known.size < 2:
        return times
    gap = np.diff(known)
    close = gap <= ROUNDING * max(1.0, float(np.abs(known).mean()))
    if not close.any():
        return times
    kept = known[np.r_[True, ~close]]
    return kept[np.searchsorted(kept, times, side="right") - 1]


def times_and_events(
    durations: ArrayLike, event_observed: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Check times and event marks and return them as arrays.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Time to event or censoring.
    event_observed : array_like of bool, or of 0 and 1, shape (n,)
        True where the event was seen.

    Returns
    -------
    tuple of ndarray
        Times as float64, equal where they differ by rounding alone, and events as bool,
        shape (n,) each.

    Raises
    ------
    InputError
        If the shapes differ, a time is negative or not finite, or a mark of an event
        is neither true nor false.
    """
    times = numbers(durations, "Durations")
    events = marks(
        event_observed,
        "Event marks",
        "a status of 1 and 2 is given as status == 2",
    )
    if times.shape != events.shape or times.ndim != 1:
        raise InputError(
            f"Durations {times.shape} and event_observed {events.shape} must be "
            "one-dimensional and equally long."
        )
    if not np.isfinite(times).all() or (times < 0).any():
        place = int(np.flatnonzero(~(np.isfinite(times) & (times >= 0)))[0])
        raise InputError(
            f"Durations must be finite and not negative, got {times[place]:g} at "
            f"position {place}."
        )
    return tied(times), events


def weights_of(weights: ArrayLike | None, size: int) -> NDArray[np.float64]:
    """Check case weights, or return ones.

    Parameters
    ----------
    weights : array_like of float, shape (n,), optional
        Positive weights.
    size : int
        Patients.

    Returns
    -------
    ndarray of float64, shape (n,)
        The weights.

    Raises
    ------
    InputError
        If their number differs, or one is not finite and positive.
    """
    if weights is None:
        return np.ones(size)
    found = numbers(weights, "Weights")
    if found.shape != (size,):
        raise InputError(f"Weights must be as long as the durations ({size}).")
    wrong = ~(np.isfinite(found) & (found > 0))
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise InputError(
            f"Weights must be finite and positive, got {found[place]:g} at position "
            f"{place}; leave out who does not count."
        )
    return found


def _missing(one: object) -> bool:
    """Tell whether a label is None, nan, or the NA of pandas.

    What is missing equals nothing, not even itself.
    """
    try:
        return one is None or bool(one != one)  # noqa: PLR0124
    except TypeError:
        return True


def _numbers(strata: ArrayLike, size: int) -> NDArray[np.int64]:
    label = np.atleast_1d(np.asarray(strata))
    if label.shape != (size,):
        raise InputError("Group and strata must be as long as the durations.")
    missing = [_missing(one) for one in label.tolist()]
    if any(missing):
        raise InputError(f"Stratum is missing at position {missing.index(True)}.")
    if label.dtype == object:
        label = label.astype(str)
    return np.unique(label, return_inverse=True)[1].astype(np.int64)


def two_groups(
    durations: ArrayLike,
    event_observed: ArrayLike,
    group: ArrayLike,
    strata: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Sample:
    """Check the data of a two-group comparison.

    Parameters
    ----------
    durations, event_observed : array_like, shape (n,)
        Times, and True where the event was seen.
    group : array_like of bool, or of 0 and 1, shape (n,)
        True in the group of interest.
    strata : array_like, shape (n,), optional
        Labels within which the groups are compared.
    weights : array_like of float, shape (n,), optional
        Positive case weights.

    Returns
    -------
    Sample
        The checked arrays.

    Raises
    ------
    InputError
        If shapes differ, a time is negative or not finite, a mark of an event or group
        is neither true nor false, a stratum is missing, or a weight is not positive.
    """
    times, events = times_and_events(durations, event_observed)
    who = marks(group, "Group marks", "arms are given as arm == 'name'")
    if who.shape != times.shape:
        raise InputError("Group and strata must be as long as the durations.")
    return Sample(
        durations=times,
        event_observed=events,
        group=who,
        stratum=np.zeros(times.size, dtype=np.int64)
        if strata is None
        else _numbers(strata, times.size),
        weight=weights_of(weights, times.size),
    )
