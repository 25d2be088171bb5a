"""What can be wrong with a digitized survival curve and its numbers at risk."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["curve_faults", "event_faults", "fit_faults"]

Array = NDArray[np.float64]
_RISE = 0.005
"""Rise of survival that reading a curve by hand may make."""
_FEW, _SHARE = 2.0, 0.1
"""Events, and share of patients, by which what a curve shows may miss what was printed.
"""
_ENOUGH = 10
"""Patients at risk, of whom none moves survival by a tenth."""


def curve_faults(
    times: ArrayLike,
    survival: ArrayLike,
    risk_times: ArrayLike,
    at_risk: ArrayLike,
    events: int | None = None,
) -> Iterator[str]:
    """Yield what is wrong with a curve, a clause each.

    Parameters
    ----------
    times, survival : array_like of float, shape (k,)
        Points read from the curve; survival between 0 and 1.
    risk_times : array_like of float, shape (m,)
        Times for which numbers at risk are printed, the first 0.
    at_risk : array_like of int, shape (m,)
        These numbers.
    events : int, optional
        Printed number of events.

    Yields
    ------
    str
        A clause without its period.
    """
    t, s, r, n = (
        np.atleast_1d(np.asarray(one, dtype=np.float64))
        for one in (times, survival, risk_times, at_risk)
    )
    yield from _point_faults(t, s)
    yield from _risk_faults(t, r, n)
    if events is not None and n.size and not 0 <= events <= n[0]:
        yield f"{events} events cannot come of {n[0]:g} patients"


def _point_faults(t: Array, s: Array) -> Iterator[str]:
    if t.size < 2:
        yield "a curve needs at least two points"
        return
    if not (np.isfinite(t).all() and np.isfinite(s).all()) or t[0] < 0:
        yield "times and survival must be finite, and times not negative"
        return
    outside = np.flatnonzero((s < 0) | (s > 1 + _RISE))
    if outside.size:
        yield (
            f"survival is a share from 0 to 1, got {s[outside[0]]:g} at time "
            f"{t[outside[0]]:g}"
        )
    back = np.flatnonzero(np.diff(t) < 0)
    if back.size:
        yield f"times must not fall: {t[back[0] + 1]:g} follows {t[back[0]]:g}"
    rises = np.flatnonzero(np.diff(s) > _RISE)
    if rises.size:
        at = rises[0]
        yield (
            f"survival rises from {s[at]:g} at time {t[at]:g} to {s[at + 1]:g} at "
            f"time {t[at + 1]:g}; a survival curve never rises"
        )


def _risk_faults(t: Array, r: Array, n: Array) -> Iterator[str]:
    if not r.size or r.size != n.size:
        yield "numbers at risk need a time and a number each, the first at time 0"
        return
    if r[0] != 0:
        yield f"the first number at risk is that at time 0, got time {r[0]:g}"
    if n[0] < 1:
        yield f"at time 0 at least 1 patient is at risk, got {n[0]:g}"
    if (n < 0).any() or (n != np.floor(n)).any():
        yield "numbers at risk are whole numbers and not negative"
    back = np.flatnonzero(np.diff(r) <= 0)
    if back.size:
        yield (
            f"times of numbers at risk must rise: {r[back[0] + 1]:g} follows "
            f"{r[back[0]]:g}"
        )
    more = np.flatnonzero(np.diff(n) > 0)
    if more.size:
        at = more[0]
        yield (
            f"numbers at risk never rise: {n[at + 1]:g} at time {r[at + 1]:g} follow "
            f"{n[at]:g} at time {r[at]:g}"
        )
    late = np.flatnonzero(r > t.max(initial=0.0))
    late = late[n[late] > 0]
    if late.size:
        yield (
            f"the curve ends at time {t.max(initial=0.0):g}, and {n[late[0]]:g} are "
            f"at risk at time {r[late[0]]:g}"
        )


def fit_faults(t: Array, s: Array, r: Array, n: Array) -> Iterator[str]:
    """Yield where more are at risk than the curve leaves alive.

    Parameters
    ----------
    t, s : ndarray of float64, shape (k,)
        Points of a curve from time 0 on that has no other fault.
    r, n : ndarray of float64, shape (m,)
        Times and numbers at risk.

    Yields
    ------
    str
        A clause without its period.
    """
    for at in range(1, n.size):
        # Numbers at risk count those whose event is at that very time.
        here, before = (
            s[np.searchsorted(t, when, side="left") - 1] if when > 0 else 1.0
            for when in (r[at], r[at - 1])
        )
        if before <= 0:
            continue
        alive = n[at - 1] * here / before
        # Survival is read to a percent or so, of which this is a few patients.
        if n[at] > alive + max(2.0, 0.03 * n[at - 1]):
            yield (
                f"{n[at]:g} cannot be at risk at time {r[at]:g}: of the {n[at - 1]:g} "
                f"at time {r[at - 1]:g} the curve leaves {alive:.0f}"
            )


def event_faults(
    times: Array,
    survival: Array,
    durations: Array,
    seen: NDArray[np.bool_],
    events: int,
) -> Iterator[str]:
    """Yield why a printed number of events is not that of a curve.

    Parameters
    ----------
    times, survival : ndarray of float64, shape (k,)
        The curve, ascending, from time 0.
    durations, seen : ndarray, shape (n,)
        Rebuilt times, ascending, and which of them are events.
    events : int
        Printed number of events.

    Yields
    ------
    str
        A clause without its period.
    """
    count, whole = int(seen.sum()), durations.size
    if abs(count - events) > max(_FEW, _SHARE * whole):
        yield (
            f"{events} events do not fit the curve and its numbers at risk, which show "
            f"about {count}"
        )
        return
    at_risk = whole - np.arange(whole)
    rebuilt = np.cumprod(np.where(seen, 1.0 - 1.0 / at_risk, 1.0))
    passed = np.searchsorted(durations, times, side="right")
    now = np.where(passed > 0, rebuilt[np.maximum(passed - 1, 0)], 1.0)
    off = (whole - passed >= _ENOUGH) & (np.abs(now - survival) > _SHARE)
    if off.any():
        at = int(np.argmax(off))
        yield (
            f"{events} events leave survival at {now[at]:.2g} at time {times[at]:g}, "
            f"where the curve is at {survival[at]:.2g}"
        )
