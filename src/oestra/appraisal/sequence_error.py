"""How sure a time is, and a difference of two orders: between sets, and the model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from oestra.calibration.validate import REACH_90

__all__ = ["Between", "Difference", "ModelError", "between", "difference"]

Array = NDArray[np.float64]
_LEAST_MONTHS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelError:
    """The model's own error, as trials left out of its fit show it.

    Parameters
    ----------
    time_sd : float
        Standard deviation of the logarithm of a time.
    contrast_sd : float
        Standard deviation of the logarithm of a hazard ratio of two arms; each arm is
        taken to have half of its variance.
    """

    time_sd: float = 0.0
    contrast_sd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Months with a 90 % interval.

    Parameters
    ----------
    middle, low, high : float
        Months.
    """

    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Months by which an order exceeds the first.

    Parameters
    ----------
    middle, low, high : float
        Mean of the sets, with a 90 % interval.
    better_percent : float
        Probability that it exceeds the first at all.
    """

    middle: float
    low: float
    high: float
    better_percent: float


def between(months: Sequence[float], error: ModelError, most: float) -> Between:
    """Return the middle of parameter sets with an interval, as `oestra choose` does.

    Parameters
    ----------
    months : sequence of float
        Set by set.
    error : ModelError
        The model's own error.
    most : float
        The horizon, which no time exceeds.

    Returns
    -------
    Between
        Geometric mean; the interval is wide in the logarithm.
    """
    if max(months) <= 0.0:
        return Between(middle=0.0, low=0.0, high=0.0)
    log = np.log(np.maximum(np.array(months), _LEAST_MONTHS))
    reach = REACH_90 * float(np.hypot(log.std(), error.time_sd))
    low, middle, high = np.minimum(
        np.exp(log.mean() + reach * np.array([-1.0, 0.0, 1.0])), most
    )
    return Between(middle=float(middle), low=float(low), high=float(high))


def difference(
    mine: Array, first: Array, apart: Sequence[float], error: ModelError
) -> Difference:
    """Return by how much an order exceeds the first.

    Parameters
    ----------
    mine, first : ndarray, shape (sets,)
        Months, set by set; the patients of a set are the same in both.
    apart : sequence of float
        Mean months of each stretch that only one of the two orders has. The model errs
        in each on its own, by a share that a comparison of two arms shows; what both
        have in common cancels.
    error : ModelError
        The model's own error.

    Returns
    -------
    Difference
        A normal distribution is taken for the probability.
    """
    own = error.contrast_sd / np.sqrt(2.0) * float(np.linalg.norm(apart))
    gap = mine - first
    middle, spread = float(gap.mean()), float(np.hypot(gap.std(), own))
    if spread > 0.0:
        better = float(ndtr(middle / spread))
    else:
        better = 0.5 * (1.0 + float(np.sign(middle)))
    return Difference(
        middle=middle,
        low=middle - REACH_90 * spread,
        high=middle + REACH_90 * spread,
        better_percent=100.0 * better,
    )
