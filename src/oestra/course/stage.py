"""What patients go on to, each from a day of her own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Stage", "begun", "relative_load"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A regimen that takes the place of the one before.

    Parameters
    ----------
    on : ndarray, shape (n, clones, parameters)
        Parameters with its drugs at steady state.
    day : ndarray, shape (n,)
        Day from which each takes it, ``inf`` for never.
    ramps : dict of int to ndarray, shape (n, periods)
        Load over load at steady state, by column of the parameters; in the periods of
        the course, so that each starts where she starts.
    """

    on: Array
    day: Array
    ramps: dict[int, Array]


def begun(day: Array, middles: Array) -> Rows:
    """Return in which period each begins: the first whose middle is not before the day.

    Parameters
    ----------
    day : ndarray, shape (n,)
        Days, ``inf`` for never.
    middles : ndarray, shape (periods,)
        Middles of the periods, ascending.

    Returns
    -------
    ndarray of int, shape (n,)
        Numbers from 0; that of the periods for never.
    """
    return np.searchsorted(middles, day)


def relative_load(
    column: int, ramps: dict[int, Array], taken: list[tuple[Stage, NDArray[np.bool_]]],
    rows: Rows, number: int,
) -> Array:  # fmt: skip
    """Return how far a load is from its steady state in a period, shape (k,).

    Parameters
    ----------
    column : int
        Of the parameters.
    ramps : dict of int to ndarray, shape (n, periods)
        Those of the first regimen.
    taken : list of tuple of Stage and ndarray of bool, shape (k,)
        Later regimens, and who of the patients has gone on to each.
    rows : ndarray of int, shape (k,)
        Which patients.
    number : int
        Number of the period.
    """
    ones = np.ones(len(rows))
    found = ramps[column][rows, number] if column in ramps else ones
    for stage, who in taken:
        own = stage.ramps[column][rows, number] if column in stage.ramps else ones
        found = np.where(who, own, found)
    return found
