"""Mutants that are there before treatment, and those that arise under it.

References
----------
.. [1] Luria SE, Delbrück M (1943). Mutations of bacteria from virus sensitivity to
   virus resistance. Genetics 28:491-511.
.. [2] Möhle M (2005). Convergence results for compound Poisson distributions and
   applications to the standard Luria-Delbrück distribution. J Appl Probab
   42:620-631: for many mutations, the number of mutants is Landau-distributed.
"""

import numpy as np
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams

__all__ = ["arising", "pre_existing"]

Array = NDArray[np.float64]
_NEVER = 1e-10
"""Expected mutants for which no number is drawn."""


def pre_existing(
    cells: Array, rate: float, name: str, ids: NDArray[np.int64], streams: Streams
) -> Array:
    """Draw the mutants in a population grown from one cell.

    Parameters
    ----------
    cells : ndarray, shape (n,)
        Size of the population.
    rate : float
        Mutations per division.
    name : str
        Which mutation, to name the stream.
    ids : ndarray of int, shape (n,)
        Patient numbers.
    streams : Streams
        Source of chance.

    Returns
    -------
    ndarray, shape (n,)
        Numbers of mutant cells, whole, between 0 and ``cells``.

    Notes
    -----
    With m mutations expected, the mutants number m (ln m + L) with L
    Landau-distributed; L is drawn as the stable law of index 1 by the method of
    Chambers, Mallows and Stuck. Below one mutation expected, a Poisson draw decides
    whether there is any, and its size is inversely uniform.
    """
    u = streams.uniform(Stream.PRE_EXISTING.of(name), ids, 3)
    angle = np.pi * (u[:, 0] - 0.5)
    waiting = -np.log(u[:, 1])
    half = np.pi / 2
    landau = (half + angle) * np.tan(angle) - np.log(
        half * waiting * np.cos(angle) / (half + angle)
    )
    landau += np.log(half)
    expected = rate * cells
    many = expected * (np.log(np.maximum(expected, 1.0)) + landau)
    few = np.where(u[:, 2] < -np.expm1(-expected), 1.0 / u[:, 0], 0.0)
    count = np.where(expected > 1.0, many, few)
    return np.floor(np.clip(count, 0.0, cells))


def arising(
    divisions: Array, rate: Array, survival: Array, period: int,
    ids: NDArray[np.int64], streams: Streams,
) -> Array:  # fmt: skip
    """Draw the mutants that arise from divisions in a period of time.

    Parameters
    ----------
    divisions : ndarray, shape (n,)
        Divisions of the parental clone.
    rate : ndarray, shape (c,)
        Mutations per division, by kind.
    survival : ndarray, shape (n, c)
        Chance that the offspring of one mutant does not die out, 0 to 1.
    period : int
        Number of the period.
    ids : ndarray of int, shape (n,)
        Patient numbers.
    streams : Streams
        Source of chance.

    Returns
    -------
    ndarray, shape (n, c)
        Founders of lines that survive. A line that survives is larger than its
        expectation by one over its chance to survive.
    """
    mean = np.minimum(divisions[:, None] * rate * survival, 1e12)
    count = np.zeros(mean.shape)
    able = (mean > _NEVER).any(axis=1)
    count[able] = streams.poisson(
        Stream.ARISING, ids[able], mean[able], index=period * len(rate)
    )
    return count / np.maximum(survival, 1e-6)
