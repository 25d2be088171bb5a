"""Hill curves through a few doses: where they begin and end, how steep, at which dose.

Effects are shares of the untreated response that are lost.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares

__all__ = ["LEAST_DOSES", "HillCurve", "fit_hill"]

Array = NDArray[np.float64]
LEAST_DOSES = 4
"""Fewer doses do not determine where a curve ends and how steep it is."""
_STEEP = (0.2, 8.0)
_MOST = 2.0
"""Largest effect: dying cultures lose more than what they began with, hardly twice."""
_DECADES = 2.0
"""How far beyond the doses that were tried the half-maximal one may lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HillCurve:
    """Effect of one drug by dose.

    Parameters
    ----------
    start, end : float
        Effect without the drug and at most.
    half : float
        Dose, nM, of half the way between them.
    steepness : float
        Hill exponent.
    """

    start: float
    end: float
    half: float
    steepness: float

    def at(self, dose: ArrayLike) -> Array:
        """Return the effect of doses, nM."""
        share = (np.asarray(dose, dtype=float) / self.half) ** self.steepness
        return (self.start + self.end * share) / (1.0 + share)


def fit_hill(dose: ArrayLike, effect: ArrayLike, *, start: float = 0.0) -> HillCurve:
    """Fit a curve of known start to effects.

    Parameters
    ----------
    dose : array_like, shape (n,)
        Positive and ascending, nM.
    effect : array_like, shape (n,)
        Effects there.
    start : float
        Effect without the drug.

    Returns
    -------
    HillCurve
        The curve of least squares.
    """
    x = np.log(np.asarray(dose, dtype=float))
    y = np.asarray(effect, dtype=float)
    reach = _DECADES * np.log(10.0)
    low = [x[0] - reach, np.log(_STEEP[0]), -_MOST]
    high = [x[-1] + reach, np.log(_STEEP[1]), _MOST]

    def off(p: Array) -> Array:
        share = np.exp(np.clip(np.exp(p[1]) * (x - p[0]), -60.0, 60.0))
        return (start + p[2] * share) / (1.0 + share) - y

    last = float(np.clip(y[-1], -0.95 * _MOST, 0.95 * _MOST))
    starts = [(float(x.mean()), 0.0, last), (float(x[0]), 0.5, last)]
    found = [least_squares(off, begin, bounds=(low, high)) for begin in starts]
    best = min(found, key=lambda one: float(one.cost)).x
    return HillCurve(
        start=start,
        end=float(best[2]),
        half=float(np.exp(best[0])),
        steepness=float(np.exp(best[1])),
    )
