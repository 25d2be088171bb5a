"""When harm begins: mostly early, so that who stays on a drug longer has little more.

The hazard of a first event falls exponentially from the first day on. Counted in the
time that is left of it, from 0 to the time constant, the hazard is constant.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import hyp1f1

__all__ = ["calendar_months", "hazard_left", "initial_hazard", "onset_months"]

Array = NDArray[np.float64]
_GRID = np.geomspace(1e-6, 1e4, 2001)
"""Initial hazards times the time constant; shares are inverted between them."""


def onset_months(months: ArrayLike, constant: float) -> Array:
    """Return onset time from time on the drug.

    Parameters
    ----------
    months : array_like of float
        Months on the drug, inf allowed.
    constant : float
        Time constant with which the hazard falls, months.

    Returns
    -------
    ndarray of float64
        Months of the initial hazard that add up to the same, at most the constant.
    """
    return -constant * np.expm1(-np.asarray(months, dtype=float) / constant)


def hazard_left(time: ArrayLike, constant: float) -> Array:
    """Return which share of its first hazard harm has after some time on the drug.

    Parameters
    ----------
    time : array_like of float
        Time on the drug.
    constant : float
        Time constant, in the same unit.

    Returns
    -------
    ndarray of float64
        From 1 down to 0.
    """
    return np.exp(-np.asarray(time, dtype=float) / constant)


def calendar_months(onset: ArrayLike, constant: float) -> Array:
    """Return time on the drug from onset time; the inverse of `onset_months`.

    Parameters
    ----------
    onset : array_like of float
        Onset time, at least 0.
    constant : float
        Time constant, months.

    Returns
    -------
    ndarray of float64
        Months on the drug, inf where the hazard never adds up to so much.
    """
    share = np.asarray(onset, dtype=float) / constant
    inside = share < 1.0
    spent = -constant * np.log1p(-np.where(inside, share, 0.0))
    return np.where(inside, spent, np.inf)


@lru_cache(maxsize=256)
def _harmed(shape: float) -> Array:
    """Return the shares of patients harmed by the hazards of the grid."""
    return np.asarray(1.0 - hyp1f1(1.0, 1.0 + shape, -_GRID))


def initial_hazard(share: ArrayLike, months: float, constant: float) -> Array:
    """Return the hazard on the first day from the share of patients harmed in a trial.

    Times on the drug are exponential, ended by progression. In onset time over its
    constant c they are then Beta(1, ln(2) c / m), and the share spared is the moment
    generating function of that distribution, Kummer's function.

    Parameters
    ----------
    share : array_like of float
        Fraction of patients with an event, from 0 to below 1.
    months : float
        Median time on the drug, m.
    constant : float
        Time constant, months.

    Returns
    -------
    ndarray of float64
        Hazard per month, same shape.
    """
    harmed = _harmed(math.log(2.0) * constant / months)
    # Small shares are proportional to the hazard.
    slope = _GRID[0] / harmed[0]
    given = np.asarray(share, dtype=float)
    found = np.exp(np.interp(given, harmed, np.log(_GRID)))
    return np.where(given < harmed[0], given * slope, found) / constant
