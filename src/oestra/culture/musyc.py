"""MuSyC: synergy of efficacy and of potency told apart, by one surface of both doses.

References
----------
.. [1] Meyer CT, Wooten DJ, Paudel BB, et al. (2019). Quantifying drug combination
   synergy along potency and efficacy axes. Cell Syst 8:97-108.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from oestra.culture.hill import LEAST_DOSES, HillCurve, fit_hill

__all__ = ["Musyc", "fit_musyc"]

Array = NDArray[np.float64]
_POTENCY = 12.0
"""Largest logarithm of a change of affinity."""
_MOST = 2.0
_NOTHING = 0.05
"""Effect below which a drug has none, whose potency nobody can change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Musyc:
    """A surface of effects in both doses.

    Parameters
    ----------
    first, second : HillCurve
        Each drug alone.
    both : float
        Effect of both at saturation.
    affinity : float
        Factor on the odds of both drugs acting at once; 1 where neither minds.
    error : float
        Root mean square of the surface's misses.
    """

    first: HillCurve
    second: HillCurve
    both: float
    affinity: float
    error: float

    @property
    def efficacy(self) -> float | None:
        """Effect that both add to the better one's, over that; None without effects."""
        better = max(self.first.end, self.second.end)
        return (self.both - better) / better if better > _NOTHING else None

    @property
    def potency(self) -> tuple[float, float]:
        """Factors on the potency of the first and second drug by the other."""
        return (
            float(self.affinity ** (1.0 / self.first.steepness)),
            float(self.affinity ** (1.0 / self.second.steepness)),
        )

    def at(self, first: Array, second: Array) -> Array:
        """Return the effects of pairs of doses, nM."""
        return _surface(
            (first / self.first.half) ** self.first.steepness,
            (second / self.second.half) ** self.second.steepness,
            (self.first.end, self.second.end, self.both),
            self.affinity,
        )


def _surface(
    a: Array, b: Array, ends: tuple[float, float, float], affinity: float
) -> Array:
    both = affinity * a * b
    return (ends[0] * a + ends[1] * b + ends[2] * both) / (1.0 + a + b + both)


def fit_musyc(
    doses: tuple[Array, Array], alone: tuple[Array, Array], together: Array
) -> Musyc | None:
    """Fit the surface to single drugs and pairs, in detailed balance [1]_.

    Parameters
    ----------
    doses : tuple of ndarray, shapes (n,) and (m,)
        Doses of each drug, nM.
    alone : tuple of ndarray, shapes (n,) and (m,)
        Effects of each alone.
    together : ndarray, shape (n, m)
        Effects of pairs.

    Returns
    -------
    Musyc or None
        None with fewer than four doses of a drug.
    """
    if min(map(len, doses)) < LEAST_DOSES:
        return None
    one, other = (fit_hill(x, y) for x, y in zip(doses, alone, strict=True))
    grid = np.meshgrid(*(np.append(0.0, d) for d in doses), indexing="ij")
    seen = np.zeros(grid[0].shape)
    seen[1:, 0], seen[0, 1:], seen[1:, 1:] = *alone, together

    def off(p: Array) -> Array:
        half = np.exp(p[[0, 2]])
        steep = np.exp(p[[1, 3]])
        a, b = ((x / h) ** s for x, h, s in zip(grid, half, steep, strict=True))
        ends = float(p[4]), float(p[5]), float(p[6])
        return (_surface(a, b, ends, float(np.exp(p[7]))) - seen).ravel()

    best = float(np.clip(together.max(), -0.9 * _MOST, 0.9 * _MOST))
    begin = [
        np.log(one.half), np.log(one.steepness), np.log(other.half),
        np.log(other.steepness), one.end, other.end, best,
    ]  # fmt: skip
    reach = np.array([6.0, 1.0, 6.0, 1.0])
    low = [*(begin[:4] - reach), -_MOST, -_MOST, -_MOST, -_POTENCY]
    high = [*(begin[:4] + reach), _MOST, _MOST, _MOST, _POTENCY]
    inside = [*begin[:4], *np.clip(begin[4:], -0.99 * _MOST, 0.99 * _MOST)]
    tried = [
        least_squares(off, [*inside, change], bounds=(low, high))
        for change in (0.0, 2.0, -2.0)
    ]
    p = min(tried, key=lambda found: float(found.cost)).x
    return Musyc(
        first=HillCurve(
            start=0.0, half=float(np.exp(p[0])), steepness=float(np.exp(p[1])),
            end=float(p[4]),
        ),
        second=HillCurve(
            start=0.0, half=float(np.exp(p[2])), steepness=float(np.exp(p[3])),
            end=float(p[5]),
        ),
        both=float(p[6]),
        affinity=float(np.exp(p[7])),
        error=float(np.sqrt(np.mean(off(p) ** 2))),
    )  # fmt: skip
