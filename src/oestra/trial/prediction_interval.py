"""Where one more trial would fall, from the replicates of it that were simulated.

Few replicates do not show their own tails, so the interval is not one of their
quantiles. On the scale on which an endpoint is nearly normal it is the mean and
Student's t times the root of the variance of the next trial [1]_; where replicates
share parameter sets, that variance is a sum of mean squares, with the degrees of
freedom of Satterthwaite [2]_. Where there are many replicates of one set, it is the
interval between two order statistics, which needs no distribution; where there are
fewer, it reaches at least to these, as numbers that fall on a few scans, such as
medians, are far from normal.

Replicates without a number are not left out where they are known to lie beyond all
others (a median that was not reached, a hazard ratio of an arm without events, a share
of nobody): they count as ordered extremes. If they are too many to lie outside the
interval, its end is theirs; if few, location and spread of the others come from their
ranks [3]_.

References
----------
.. [1] Hahn GJ, Meeker WQ (1991). Statistical Intervals: A Guide for Practitioners.
   Wiley.
.. [2] Satterthwaite FE (1946). An approximate distribution of estimates of variance
   components. Biometrics Bulletin 2:110-114. doi:10.2307/3002019
.. [3] Blom G (1958). Statistical Estimates and Transformed Beta-Variables. Wiley.
.. [4] Maritz JS, Jarrett RG (1978). A note on estimating the variance of the sample
   median. J Am Stat Assoc 73:194-196. doi:10.2307/2286545
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtri, stdtrit

__all__ = ["FEWEST", "LEVEL", "Interval", "median_error", "prediction_interval"]

LEVEL = 0.95
"""That of the intervals that trials publish."""
FEWEST = 5
"""Replicates below which no interval is given: it would be wider than any finding."""
_MANY = 199
"""Replicates from which order statistics are used, five in each tail."""


class Interval(NamedTuple):
    """Ends of an interval; nan where replicates are too few to tell one."""

    low: float
    high: float


class _Next(NamedTuple):
    """Mean, standard deviation and degrees of freedom of one more value."""

    mean: float
    sd: float
    free: float


def prediction_interval(
    values: NDArray[np.float64], sets: NDArray[np.int64], level: float = LEVEL
) -> Interval:
    """Return where the value of one more trial, of one more parameter set, would fall.

    Parameters
    ----------
    values : ndarray of float64, shape (r,)
        One a replicate, on a scale where they are nearly normal; infinite where known
        to be beyond all others.
    sets : ndarray of int64, shape (r,)
        Number of the parameter set of each.
    level : float
        How often the interval shall hold the value of another trial.

    Returns
    -------
    Interval
        Infinite where the value may be beyond all others.
    """
    count, tail = values.size, (1 - level) / 2
    if count < FEWEST:
        return Interval(math.nan, math.nan)
    if np.ptp(np.nan_to_num(values, posinf=1e308, neginf=-1e307)) == 0:
        return Interval(float(values[0]), float(values[0]))
    single = np.unique(sets).size == 1
    if single and count >= _MANY:
        return Interval(*(_order(values, q) for q in (tail, 1 - tail)))
    under, over = np.isneginf(values).sum(), np.isposinf(values).sum()
    ahead = _of_finite(values) if under or over else _of_sets(values, sets)
    half = float(stdtrit(ahead.free, 1 - tail)) * ahead.sd
    low, high = ahead.mean - half, ahead.mean + half
    if single:
        seen = _outermost(values, tail)
        low, high = min(low, seen.low), max(high, seen.high)
    return Interval(
        -math.inf if under >= tail * (count + 1) else low,
        math.inf if over >= tail * (count + 1) else high,
    )


def _outermost(values: NDArray[np.float64], tail: float) -> Interval:
    """Return the order statistics of a tail, or the ends where replicates are few."""
    if tail * (values.size + 1) >= 1:
        low, high = _order(values, tail), _order(values, 1 - tail)
    else:
        low, high = float(values.min()), float(values.max())
    return Interval(
        low if math.isfinite(low) else math.inf,
        high if math.isfinite(high) else -math.inf,
    )


def _order(values: NDArray[np.float64], share: float) -> float:
    """Return the value that one more falls below with a probability."""
    numbers = np.sort(values)
    place = share * (numbers.size + 1) - 1
    below, above = numbers[math.floor(place)], numbers[math.ceil(place)]
    if not math.isfinite(below) or not math.isfinite(above):
        return float(below if share < 0.5 else above)
    return float(below + (place - math.floor(place)) * (above - below))


def _of_sets(values: NDArray[np.float64], sets: NDArray[np.int64]) -> _Next:
    """Return what the next value is like: a replicate of a set not drawn before."""
    count, groups = values.size, [values[sets == one] for one in np.unique(sets)]
    drawn = len(groups)
    mean = float(values.mean())
    if drawn in (1, count):
        sd = float(values.std(ddof=1)) * math.sqrt(1 + 1 / count)
        return _Next(mean, sd, count - 1)
    between = sum(g.size * (float(g.mean()) - mean) ** 2 for g in groups) / (drawn - 1)
    within = sum(float(((g - g.mean()) ** 2).sum()) for g in groups) / (count - drawn)
    each = count / drawn
    parts = [
        ((1 + 1 / drawn) / each * between, drawn - 1),
        ((1 - 1 / each) * within, count - drawn),
    ]
    total = sum(part for part, _ in parts)
    rough = sum(part**2 / free for part, free in parts)
    free = total**2 / rough if rough > 0 else count - 1
    return _Next(mean, math.sqrt(total), free)


def _of_finite(values: NDArray[np.float64]) -> _Next:
    """Return the same where some values are beyond all others: from ranks."""
    numbers, count = np.sort(values), values.size
    score = ndtri((np.arange(1, count + 1) - 0.375) / (count + 0.25))
    known = np.isfinite(numbers)
    few = int(known.sum())
    if few < FEWEST:
        return _Next(math.nan, math.nan, 1)
    x, y = score[known], numbers[known]
    aside = x - x.mean()
    slope = float((aside * y).sum() / (aside**2).sum())
    mean = float(y.mean()) - slope * float(x.mean())
    return _Next(mean, slope * math.sqrt(1 + 1 / few), few - 1)


def median_error(values: NDArray[np.float64], sets: NDArray[np.int64]) -> float | None:
    """Return the standard error of the median of replicates, after Maritz and Jarrett.

    Parameters
    ----------
    values : ndarray of float64, shape (r,)
        One a replicate; infinite where beyond all others.
    sets : ndarray of int64, shape (r,)
        Number of the parameter set of each: where sets differ, their replicates say
        less than as many independent ones, and the error is larger by as much.

    Returns
    -------
    float or None
        What another run with as many replicates would differ by; None with fewer than
        two, or where the median may not be a number.
    """
    numbers, count = np.sort(values), values.size
    if count < 2:
        return None
    half = (count + 1) / 2
    steps = betainc(half, half, np.arange(count + 1) / count)
    weight = np.diff(steps)
    unknown = ~np.isfinite(numbers)
    if weight[unknown].sum() > 1e-3:
        return None
    numbers = np.where(unknown, 0.0, numbers)
    weight = np.where(unknown, 0.0, weight)
    first, second = (float((weight * numbers**k).sum()) for k in (1, 2))
    error = math.sqrt(max(second - first**2, 0.0))
    return error * math.sqrt(_design_effect(values, sets))


def _design_effect(values: NDArray[np.float64], sets: NDArray[np.int64]) -> float:
    """Return how many times the variance of a mean exceeds that of as many draws."""
    labels = np.unique(sets)
    if labels.size in (1, values.size) or not np.isfinite(values).all():
        return 1.0
    whole = float(values.var(ddof=1))
    if whole <= 0:
        return 1.0
    mean = float(values.mean())
    groups = [values[sets == one] for one in labels]
    between = sum(g.size * (float(g.mean()) - mean) ** 2 for g in groups)
    return max(between / (labels.size - 1) / whole, 1.0)
