"""Measures of what two drugs do together beyond what each does alone.

Effects are shares of the untreated response that are lost, from 0 (none) to 1 (all).

References
----------
.. [1] Bliss CI (1939). The toxicity of poisons applied jointly. Ann Appl Biol 26:585.
.. [2] Loewe S (1953). The problem of synergism and antagonism of combined drugs.
   Arzneimittelforschung 3:285.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "bliss_excess",
    "combination_index",
    "dose_for_effect",
    "hsa_excess",
    "isobole",
]

Array = NDArray[np.float64]


def bliss_excess(alone_a: ArrayLike, alone_b: ArrayLike, together: ArrayLike) -> Array:
    """Return the effect beyond that of two drugs that act independently.

    Parameters
    ----------
    alone_a, alone_b : array_like
        Effects of each drug alone.
    together : array_like
        Effect of both; shapes broadcast.

    Returns
    -------
    ndarray
        Positive for synergy.

    Examples
    --------
    >>> float(bliss_excess(0.5, 0.5, 0.75))
    0.0
    """
    a, b = np.asarray(alone_a, dtype=float), np.asarray(alone_b, dtype=float)
    return np.asarray(together, dtype=float) - (a + b - a * b)


def hsa_excess(alone_a: ArrayLike, alone_b: ArrayLike, together: ArrayLike) -> Array:
    """Return the effect beyond that of the better of two drugs alone.

    Parameters
    ----------
    alone_a, alone_b : array_like
        Effects of each drug alone.
    together : array_like
        Effect of both; shapes broadcast.

    Returns
    -------
    ndarray
        Positive where the pair does more than either.

    Examples
    --------
    >>> float(hsa_excess(0.25, 0.5, 0.75))
    0.25
    """
    best = np.maximum(np.asarray(alone_a, dtype=float), alone_b)
    return np.asarray(together, dtype=float) - best


def dose_for_effect(doses: ArrayLike, effects: ArrayLike, wanted: ArrayLike) -> Array:
    """Return the lowest dose of one drug that has an effect.

    Parameters
    ----------
    doses : array_like, shape (n,)
        Positive and ascending.
    effects : array_like, shape (n,)
        Effect at each dose.
    wanted : array_like
        Effects to reach.

    Returns
    -------
    ndarray
        Doses, interpolated in the logarithm of the dose; proportional below the
        first, ``inf`` where no dose has the effect.

    Examples
    --------
    >>> round(float(dose_for_effect([1.0, 100.0], [0.2, 0.8], 0.5)), 6)
    10.0
    """
    dose = np.asarray(doses, dtype=float)
    effect = np.maximum.accumulate(np.asarray(effects, dtype=float))
    target = np.asarray(wanted, dtype=float)
    inside = np.exp(np.interp(target, effect, np.log(dose)))
    below = dose[0] * target / effect[0] if effect[0] > 0 else dose[0]
    found = np.where(target < effect[0], below, inside)
    return np.where(target > effect[-1], np.inf, found)


def combination_index(
    doses: tuple[ArrayLike, ArrayLike], equivalent: tuple[ArrayLike, ArrayLike]
) -> Array:
    """Return Loewe's combination index.

    Parameters
    ----------
    doses : tuple of array_like
        Doses of both drugs in the combination.
    equivalent : tuple of array_like
        Doses of each drug alone with the effect of the combination, ``inf`` where it
        has none such: what only the other drug can do costs nothing of it.

    Returns
    -------
    ndarray
        1 for additivity, less for synergy; NaN where neither drug alone has the
        effect of both.

    Examples
    --------
    >>> float(combination_index((5.0, 5.0), (10.0, 10.0)))
    1.0
    """
    (a, b), (alone_a, alone_b) = doses, equivalent
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.divide(a, alone_a) + np.divide(b, alone_b)
    neither = np.isinf(alone_a) & np.isinf(alone_b)
    return np.where(neither | ~np.isfinite(index), np.nan, index)


def isobole(
    doses: tuple[ArrayLike, ArrayLike], effects: ArrayLike, wanted: float
) -> Array:
    """Return combinations of doses that share an effect.

    Parameters
    ----------
    doses : tuple of array_like, shapes (n,) and (m,)
        Positive, ascending doses of both drugs.
    effects : array_like, shape (n, m)
        Effects of the combinations.
    wanted : float
        The effect.

    Returns
    -------
    ndarray, shape (k, 2)
        Doses of the first and second drug; only the first drug's doses at which some
        dose of the second, and not already the smallest, brings the effect.
    """
    first = np.asarray(doses[0], dtype=float)
    grid = np.asarray(effects, dtype=float)
    rows = [
        (a, float(dose_for_effect(doses[1], row, wanted)))
        for a, row in zip(first, grid, strict=True)
        if row[0] < wanted
    ]
    return np.array([row for row in rows if np.isfinite(row[1])]).reshape(-1, 2)
