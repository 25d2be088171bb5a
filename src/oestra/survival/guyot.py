"""Individual times rebuilt from a digitized survival curve and its numbers at risk.

A printed Kaplan-Meier curve with numbers at risk determines, nearly, when events and
censorings were. Between two printed numbers at risk patients are taken to be censored
evenly; the events are those that make the product-limit estimate go through the curve,
and the number of censorings is corrected until the number at risk fits [1]_.

References
----------
.. [1] Guyot P, Ades AE, Ouwens MJNM, Welton NJ (2012). Enhanced secondary analysis of
   survival data: reconstructing the data from published Kaplan-Meier survival curves.
   BMC Med Res Methodol 12:9. doi:10.1186/1471-2288-12-9
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import FaultsError
from oestra.survival.curve_faults import curve_faults, event_faults, fit_faults

__all__ = ["Rebuilt", "rebuild"]

Array = NDArray[np.float64]
_ROUNDS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """Times that a curve stands for.

    Parameters
    ----------
    durations : ndarray of float64, shape (n,)
        Time to event or censoring, in the unit of the curve, ascending.
    event_observed : ndarray of bool, shape (n,)
        True where it is an event.
    """

    durations: Array
    event_observed: NDArray[np.bool_]

    @property
    def events(self) -> int:
        """Number of events."""
        return int(self.event_observed.sum())


class _Rebuild:
    """The state of a reconstruction: events and censorings at each point."""

    def __init__(self, t: Array, s: Array, lower: NDArray[np.intp], n: Array) -> None:
        self.t, self.s, self.lower = t, s, lower
        self.risk = n.astype(np.int64)
        size = t.size
        self.events = np.zeros(size, dtype=np.int64)
        self.censored = np.zeros(size, dtype=np.int64)
        self.hat = np.ones(size)
        self.at = np.full(size + 1, self.risk[0], dtype=np.int64)
        self.last = 0
        self.count = np.zeros(lower.size, dtype=np.int64)

    def end(self, interval: int) -> int:
        """Return the point behind the last of an interval."""
        if interval + 1 < self.lower.size:
            return int(self.lower[interval + 1])
        return self.t.size

    def spread(self, interval: int, count: int) -> None:
        """Censor so many, evenly over an interval."""
        first, end = int(self.lower[interval]), self.end(interval)
        self.censored[first:end] = 0
        edge = self.t[min(end, self.t.size - 1)]
        if count <= 0 or edge <= self.t[first]:
            return
        when = self.t[first] + (edge - self.t[first]) * np.arange(1, count + 1) / (
            count + 1
        )
        place = np.searchsorted(self.t[first:end], when, side="right") - 1
        np.add.at(self.censored, first + place, 1)

    def follow(self, interval: int, last: int) -> int:
        """Find the events of an interval; return the point of the last one so far."""
        first, end = int(self.lower[interval]), self.end(interval)
        self.at[first] = self.risk[interval]
        for k in range(first, end):
            alive = self.hat[last] if k else 1.0
            found = 0
            if alive > 0:
                found = int(np.floor(self.at[k] * (1.0 - self.s[k] / alive) + 0.5))
            found = min(max(found, 0), int(self.at[k]))
            self.events[k] = found
            self.hat[k] = alive * (1.0 - found / self.at[k]) if self.at[k] else alive
            self.censored[k] = min(self.censored[k], self.at[k] - found)
            self.at[k + 1] = self.at[k] - found - self.censored[k]
            if found:
                last = k
        return last

    def interval(self, i: int) -> None:
        """Fit the censorings of an interval to the number at risk at its end."""
        first, end = int(self.lower[i]), self.end(i)
        ratio = self.s[end] / self.s[first] if self.s[first] > 0 else 0.0
        wanted = int(self.risk[i + 1])
        count = max(int(np.floor(self.risk[i] * ratio + 0.5)) - wanted, 0)
        last = self.last
        tried = set[int]()
        for _ in range(_ROUNDS):
            tried.add(count)
            self.spread(i, count)
            last = self.follow(i, self.last)
            off = int(self.at[end]) - wanted
            count_new = max(count + off, 0)
            if off == 0 or count_new in tried:
                break
            count = count_new
        self.count[i] = count
        self.last = last
        # Where the curve leaves fewer than are printed, the curve is believed.
        self.risk[i + 1] = min(wanted, int(self.at[end]))

    def finish(self, events: int | None) -> None:
        """Fit the last interval, to the number of events where it is known."""
        i = self.lower.size - 1
        first, t = int(self.lower[i]), self.t
        before = int(self.events[:first].sum())
        span = t[first] - t[0]
        rate = self.count[:i].sum() / span if i and span > 0 else 0.0
        count = min(int(np.floor(rate * (t[-1] - t[first]) + 0.5)), int(self.risk[i]))
        tried = set[int]()
        for _ in range(_ROUNDS):
            tried.add(count)
            self.spread(i, count)
            self.follow(i, self.last)
            if events is None:
                return
            off = before + int(self.events[first:].sum()) - events
            new = min(max(count + off, 0), int(self.risk[i]))
            if off == 0 or new in tried:
                self.trim(first, events)
                return
            count = new

    def trim(self, first: int, events: int) -> None:
        """Make events of the last interval censorings where there are too many."""
        over = int(self.events.sum()) - events
        for k in range(self.t.size - 1, first - 1, -1):
            less = min(max(over, 0), int(self.events[k]))
            self.events[k] -= less
            over -= less

    def rebuilt(self) -> Rebuilt:
        """Return the times."""
        t = self.t
        middle = 0.5 * (t + np.append(t[1:], t[-1]))
        event = np.repeat(t, self.events)
        censored = np.repeat(middle, self.censored)
        left = int(self.lower_total() - event.size - censored.size)
        day = np.concatenate([event, censored, np.full(max(left, 0), t[-1])])
        seen = np.arange(day.size) < event.size
        order = np.lexsort((~seen, day))
        return Rebuilt(durations=day[order], event_observed=seen[order])

    def lower_total(self) -> int:
        """Return how many patients there are in all."""
        return int(self.at[0])


def rebuild(
    times: ArrayLike,
    survival: ArrayLike,
    risk_times: ArrayLike,
    at_risk: ArrayLike,
    events: int | None = None,
) -> Rebuilt:
    """Rebuild individual times from a digitized curve.

    Assumes that patients are censored evenly between two printed numbers at risk, and
    that the curve was read at each of its steps, or closely. A Cox model of two rebuilt
    arms gives nearly the printed hazard ratio where numbers at risk are printed; with
    few of them and no number of events, censoring late in the trial is a guess.

    Parameters
    ----------
    times, survival : array_like of float, shape (k,)
        Points read from the curve, survival between 0 and 1. Rises of half a percent,
        as reading by hand makes them, are leveled.
    risk_times : array_like of float, shape (m,)
        Times of the printed numbers at risk, the first 0.
    at_risk : array_like of int, shape (m,)
        The numbers.
    events : int, optional
        Number of events in all, where it is printed.

    Returns
    -------
    Rebuilt
        A time for each patient at risk at time 0.

    Raises
    ------
    InputError
        If the curve rises, leaves the range from 0 to 1, or numbers at risk or of
        events do not fit it; names every fault.
    """
    faults = list(curve_faults(times, survival, risk_times, at_risk, events))
    if faults:
        raise FaultsError(f"{one[:1].upper()}{one[1:]}." for one in faults)
    t, s, r, n = (
        np.asarray(one, dtype=np.float64)
        for one in (times, survival, risk_times, at_risk)
    )
    if t[0] > 0:
        t, s = np.r_[0.0, t], np.r_[1.0, s]
    s = np.minimum.accumulate(np.clip(s, 0.0, 1.0))
    faults = list(fit_faults(t, s, r, n))
    if faults:
        raise FaultsError(f"{one[:1].upper()}{one[1:]}." for one in faults)
    within = r <= t[-1]
    t, s, r, n = _with_points(t, s, r[within], n[within])
    lower = np.searchsorted(t, r, side="left")
    work = _Rebuild(t, s, lower, n)
    for i in range(lower.size - 1):
        work.interval(i)
    work.finish(events)
    found = work.rebuilt()
    if events is not None:
        faults = list(event_faults(t, s, found.durations, found.event_observed, events))
        if faults:
            raise FaultsError(f"{one[:1].upper()}{one[1:]}." for one in faults)
    return found


def _with_points(
    t: Array, s: Array, r: Array, n: Array
) -> tuple[Array, Array, Array, Array]:
    """Add a point of the curve at the time of each number at risk."""
    # Of points at one time, as at the top and foot of a step, the lowest counts.
    keep = np.r_[np.diff(t) > 0, True]
    t, s = t[keep], s[keep]
    absent = np.setdiff1d(r, t)
    level = s[np.searchsorted(t, absent, side="right") - 1]
    every = np.r_[t, absent]
    order = np.argsort(every, kind="stable")
    return every[order], np.r_[s, level][order], r, n
