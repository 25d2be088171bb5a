"""Slopes measured by pairs of opposite moves of all parameters at once.

A move in all parameters says something of every slope, and chance of finite populations
grows with the root of its length alone, so that many parameters moved together teach
more than one after the other [1]_. Half the difference of two opposite moves is free of
even bends. Each pair is of another population, as no slope is that of one alone.

References
----------
.. [1] Plackett RL, Burman JP (1946). The design of optimum multifactorial experiments.
   Biometrika 33:305-325.
.. [2] Robbins H (1956). An empirical Bayes approach to statistics. Proc Third Berkeley
   Symp Math Stat Prob 1:157-163.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.attempt import Simulated, try_out
from oestra.calibration.trial_size import PAIRS
from oestra.core.linear_algebra import cholesky, inverse, product
from oestra.core.stream import Stream
from oestra.core.streams import Streams

__all__ = ["Learned", "half_difference", "learn_slopes", "moves", "sizes"]

Array = NDArray[np.float64]
_SHARE = 0.25
"""Size of a move in a parameter, in units of what data and prior leave open of it."""
_FARTHEST = 40.0
"""Standard errors beyond which a residual counts no more."""
_TRUST = (0.0, 0.5, 1.0)
"""What may count of slopes that were known before: share of them."""
_DOUBT = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""What their covariance may be, in units of what is believed of it."""
_CHANCE = np.geomspace(0.02, 3.0, 16)
"""What chance may do to half a difference, standard errors."""


def sizes(columns: Array) -> Array:
    """Return how far to move each parameter.

    Parameters
    ----------
    columns : ndarray, shape (k, m)
        Slopes as far as they are known, by parameter.

    Returns
    -------
    ndarray, shape (k,)
        Prior standard deviations.
    """
    curvature = product(columns, columns.T) + np.eye(len(columns))
    return _SHARE * np.sqrt(np.diag(inverse(curvature)))


def moves(size: Array, streams: Streams, time: int, pairs: int = PAIRS) -> Array:
    """Return the moves, each to be made forth and back.

    Parameters
    ----------
    size : ndarray, shape (k,)
        How far to move each parameter.
    streams : Streams
        Of the fit.
    time : int
        How often slopes were measured before.
    pairs : int
        How many.

    Returns
    -------
    ndarray, shape (pairs, k)
        Forth or back in each parameter by chance.
    """
    level = streams.uniform(Stream.SLOPES, np.arange(pairs), len(size), index=time)
    return np.where(level < 0.5, -size, size)


def half_difference(objective: Simulated, z: Array, move: Array) -> Array | None:
    """Return half of what residuals change from a move back to the move forth.

    Parameters
    ----------
    objective : Objective
        The problem of one population.
    z, move : ndarray, shape (k,)
        From where, and how far.

    Returns
    -------
    ndarray, shape (m,), or None
        Not softened; None where the cell cannot be followed at one of the ends.
    """
    there = try_out(objective, z + move)
    back = None if there is None else try_out(objective, z - move)
    if there is None or back is None:
        return None
    forth, aback = (
        np.clip(end.residual, -_FARTHEST, _FARTHEST) for end in (there, back)
    )
    return 0.5 * (forth - aback)


class Learned(NamedTuple):
    """What pairs of moves taught.

    Parameters
    ----------
    columns : ndarray, shape (k, m)
        Slopes of residuals.
    doubt : ndarray, shape (k, k)
        Covariance of the slopes of a residual, on average over residuals.
    """

    columns: Array
    doubt: Array


def learn_slopes(columns: Array, doubt: Array, tried: Array, halves: Array) -> Learned:
    """Correct slopes by pairs of opposite moves.

    How much of what was known before counts, how far it is doubted and what chance
    does count for each residual by how likely they make its differences [2]_: a median
    that leaps from visit to visit teaches little.

    Parameters
    ----------
    columns : ndarray, shape (k, m)
        Slopes as they were known, of residuals that are not softened.
    doubt : ndarray, shape (k, k)
        Covariance of the slopes of a residual.
    tried : ndarray, shape (n, k)
        Moves.
    halves : ndarray, shape (n, m)
        Half differences that they made.

    Returns
    -------
    Learned
        Slopes and what is left of the doubt.
    """
    reached = product(tried, doubt)
    spread = product(reached, tried.T)
    promised = product(tried, columns)
    likely, ways = [], []
    for scale in _DOUBT:
        for chance in _CHANCE:
            variance = scale * spread + chance**2 * np.eye(len(tried))
            size = 2.0 * float(np.sum(np.log(np.diag(cholesky(variance)))))
            weight = inverse(variance)
            ways.append((scale, scale * product(reached.T, weight)))
            for trust in _TRUST:
                off = halves - trust * promised
                square = np.sum(off * product(weight, off), axis=0)
                likely.append(-0.5 * (square + size))
    share = np.exp(np.array(likely) - np.max(likely, axis=0))
    share = (share / share.sum(axis=0)).reshape(len(ways), len(_TRUST), -1)
    found, left = np.zeros_like(columns), np.zeros_like(doubt)
    for (scale, taught), shares in zip(ways, share, strict=True):
        for trust, each in zip(_TRUST, shares, strict=True):
            off = halves - trust * promised
            found += each * (trust * columns + product(taught, off))
        after = scale * doubt - scale * product(taught, reached)
        left += float(shares.sum()) / columns.shape[1] * after
    return Learned(columns=found, doubt=0.5 * (left + left.T))
