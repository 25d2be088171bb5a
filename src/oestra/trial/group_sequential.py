"""Group-sequential boundaries, exactly: recursive numerical integration.

The standardized statistic of the analyses is a normal process with independent
increments on the scale of information; the density of those who went on is carried
from one analysis to the next by quadrature [1]_, [2]_.

References
----------
.. [1] Armitage P, McPherson CK, Rowe BC (1969). Repeated significance tests on
   accumulating data. J R Stat Soc A 132:235-244.
.. [2] Jennison C, Turnbull BW (1999). Group Sequential Methods with Applications to
   Clinical Trials. Chapman & Hall.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

__all__ = [
    "ROUNDED",
    "Crossing",
    "critical_values",
    "crossing",
    "futility_values",
    "power_family",
    "zero_between",
]

Values = NDArray[np.float64]
_NODES, _MOST_NODES = 256, 2048
ROUNDED = 0.01
"""Share of alpha by which p values that are written with few digits may exceed it."""
_FAR = 9.0
"""Standard deviations beyond which a normal holds nothing that counts."""
_APART = 1.2
"""Widest gap of nodes, in standard deviations of the step to the next analysis: at 1.2
the quadrature of a normal density errs by 1e-6 of it."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Probabilities of stopping at each analysis.

    Parameters
    ----------
    above, below : ndarray of float64, shape (k,)
        First crossing of the upper and of the lower bound.
    """

    above: Values
    below: Values


@dataclass(frozen=True, slots=True)
class _Going:
    """Those who have crossed nothing yet: statistic, its mass, and information."""

    at: Values
    mass: Values
    information: float


_BEGIN = _Going(np.zeros(1), np.ones(1), 0.0)


@cache
def _rule(count: int) -> tuple[Values, Values]:
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return nodes, weights


def _nodes(width: float, information: float, after: float) -> int:
    """Return how many nodes resolve the step to the next analysis, a power of two."""
    step = math.sqrt((after - information) / information)
    needed = math.pi / 2 * width / (_APART * max(step, 1e-9))
    count = _NODES
    while count < min(needed, _MOST_NODES):
        count *= 2
    return count


def _standardized(
    going: _Going, information: float, z: Values | float, drift: float
) -> Values:
    """Return z of the increment that leads from each node to z, shape (nodes, z)."""
    more = information - going.information
    from_here = going.at * math.sqrt(going.information) + drift * more
    reached = np.atleast_1d(z) * math.sqrt(information)
    return (reached[None, :] - from_here[:, None]) / math.sqrt(more)


def _above(going: _Going, information: float, z: float, drift: float) -> float:
    if z == math.inf:
        return 0.0
    tail = ndtr(-_standardized(going, information, z, drift)[:, 0])
    return float((going.mass * tail).sum())


def _below(going: _Going, information: float, z: float, drift: float) -> float:
    if z == -math.inf:
        return 0.0
    tail = ndtr(_standardized(going, information, z, drift)[:, 0])
    return float((going.mass * tail).sum())


def _go_on(
    going: _Going,
    when: tuple[float, float | None],
    bounds: tuple[float, float],
    drift: float,
) -> _Going:
    """Carry the density to an analysis, between its bounds; nowhere from the last.

    ``when`` is its information and that of the analysis after it.
    """
    information, after = when
    if after is None:
        return going
    mean = drift * math.sqrt(information)
    low, high = max(bounds[0], mean - _FAR), min(bounds[1], mean + _FAR)
    if high <= low:
        return _Going(np.zeros(1), np.zeros(1), information)
    half = (high - low) / 2
    nodes, weights = _rule(_nodes(2 * half, information, after))
    at = (low + high) / 2 + half * nodes
    step = _standardized(going, information, at, drift)
    scale = math.sqrt(information / (information - going.information))
    kernel = np.exp(-0.5 * step**2) * (scale / math.sqrt(2 * math.pi))
    density = (going.mass[:, None] * kernel).sum(axis=0)
    return _Going(at, half * weights * density, information)


def _with_next(
    information: Sequence[float],
) -> Iterator[tuple[float, float | None]]:
    """Return each information with that of the analysis after it."""
    yield from zip_longest(information, information[1:])


def crossing(
    information: Sequence[float],
    upper: Sequence[float] | Values,
    lower: Sequence[float] | Values | None = None,
    drift: float = 0.0,
) -> Crossing:
    """Return with which probability each analysis is the one that stops.

    Parameters
    ----------
    information : sequence of float
        Ascending, above 0, on any scale.
    upper, lower : sequence of float
        Bounds of the standardized statistic; infinite where there is none.
    drift : float
        Mean of the statistic at information 1.

    Returns
    -------
    Crossing
        One probability an analysis.
    """
    lows = [-math.inf] * len(upper) if lower is None else list(lower)
    above, below, going = [], [], _BEGIN
    for when, low, high in zip(_with_next(information), lows, upper, strict=True):
        above.append(_above(going, when[0], high, drift))
        below.append(_below(going, when[0], low, drift))
        going = _go_on(going, when, (low, high), drift)
    return Crossing(np.array(above), np.array(below))


def _root(function: Callable[[float], float]) -> float:
    """Solve a falling function of z; infinite where even the farthest z is too near."""
    if function(_FAR) >= 0:
        return math.inf
    if function(-_FAR) <= 0:
        return -math.inf
    return zero_between(function, -_FAR, _FAR)


def zero_between(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function between two places is zero.

    Parameters
    ----------
    function : callable
        Continuous, and of another sign at the other place.
    low, high : float
        The places.

    Returns
    -------
    float
        The place of the zero.
    """
    from scipy.optimize import brentq  # noqa: PLC0415 - slow to load

    found: Any = brentq(function, low, high, xtol=1e-11)
    return float(found)


def critical_values(
    information: Sequence[float],
    spent: Sequence[float],
    *,
    sided: int = 1,
    fixed: Sequence[float | None] = (),
    lower: Sequence[float] | None = None,
) -> Values:
    """Return the bounds that spend type I error as planned.

    Parameters
    ----------
    information : sequence of float
        Ascending, above 0, on any scale.
    spent : sequence of float
        Error spent up to and with each analysis, of all sides.
    sided : int
        1, or 2 for symmetric bounds above and below.
    fixed : sequence of float or None
        Bounds given beforehand; None where error is spent. By default none. One that
        would spend more than there is gives way, but for the rounding of p values.
    lower : sequence of float, optional
        Binding bounds for futility of a one-sided test.

    Returns
    -------
    ndarray of float64, shape (k,)
        Bounds of the standardized statistic; infinite where nothing is left to spend.
    """
    given = list(fixed) or [None] * len(spent)
    lows = [-math.inf] * len(spent) if lower is None else list(lower)
    going, used, found = _BEGIN, 0.0, []
    for when, total, set_, low in zip(
        _with_next(information), spent, given, lows, strict=True
    ):
        t = when[0]

        def excess(z: float, t: float = t, left: float = total - used) -> float:
            return sided * _above(going, t, z, 0.0) - left  # noqa: B023 - used at once

        bound = _root(excess) if set_ is None else set_
        if set_ is not None and excess(set_) > ROUNDED * total:
            bound = _root(excess)
        used += sided * _above(going, t, bound, 0.0)
        going = _go_on(going, when, (-bound if sided == 2 else low, bound), 0.0)
        found.append(bound)
    return np.array(found)


def power_family(
    information: Sequence[float], alpha: float, *, shape: float, sided: int = 1
) -> Values:
    """Return the bounds of the power family of Wang and Tsiatis.

    Parameters
    ----------
    information : sequence of float
        Ascending, above 0; the last is that of the final analysis.
    alpha : float
        Type I error, of all sides.
    shape : float
        0 for O'Brien and Fleming, 0.5 for Pocock.
    sided : int
        1 or 2.

    Returns
    -------
    ndarray of float64, shape (k,)
        Bounds of the standardized statistic.
    """
    form = (np.array(information) / information[-1]) ** (shape - 0.5)

    def excess(c: float) -> float:
        high = c * form
        low = -high if sided == 2 else None
        return sided * float(crossing(information, high, low).above.sum()) - alpha

    return _root(excess) * form


def _futile(
    information: Sequence[float],
    upper: Values,
    spent: Sequence[float],
    drift: float,
) -> Values:
    """Return the bounds that spend type II error under a drift."""
    going, used, found = _BEGIN, 0.0, []
    for when, total, high in zip(_with_next(information), spent, upper, strict=True):
        t = when[0]

        def short(z: float, t: float = t, left: float = total - used) -> float:
            return left - _below(going, t, z, drift)  # noqa: B023 - used at once

        low = min(_root(short), high)
        used += _below(going, t, low, drift)
        going = _go_on(going, when, (low, high), drift)
        found.append(low)
    return np.array(found)


def futility_values(
    information: Sequence[float],
    upper: Sequence[float],
    spent: Sequence[float],
    relying: Callable[[Sequence[float]], Sequence[float] | Values] | None = None,
) -> tuple[Values, Values, float]:
    """Return bounds for futility that spend type II error as planned.

    Parameters
    ----------
    information : sequence of float
        Ascending, above 0.
    upper : sequence of float
        Bounds for efficacy; the last is finite.
    spent : sequence of float
        Type II error spent up to and with each analysis.
    relying : callable, optional
        Bounds for efficacy that rely on given bounds for futility; ``upper`` if absent.

    Returns
    -------
    tuple of ndarray of float64, shape (k,), the same, and float
        Bounds for efficacy; those for futility, of which the last is that for efficacy;
        and the drift at which all of the type II error is spent: that of the effect
        which the design can show.
    """

    def bounds(drift: float) -> tuple[Values, Values]:
        high = np.array(upper, dtype=np.float64)
        low = _futile(information, high, spent, drift)
        if relying is None:
            return high, low
        # The bounds of an analysis follow from those before it, so that each round
        # settles one more.
        for _ in information:
            stop = [*map(float, low[:-1]), -math.inf]
            before, high = high, np.array(relying(stop), dtype=np.float64)
            if np.array_equal(before, high):
                break
            low = _futile(information, high, spent, drift)
        return high, low

    def gap(drift: float) -> float:
        high, low = bounds(drift)
        up = float(crossing(information, high, low, drift).above.sum())
        return up - (1.0 - spent[-1])

    scale = math.sqrt(information[-1])
    drift = zero_between(gap, 0.01 / scale, 20.0 / scale)
    high, low = bounds(drift)
    low[-1] = high[-1]
    return high, low, drift
