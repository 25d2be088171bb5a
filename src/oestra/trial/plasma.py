"""Mutant DNA in plasma: how much a tumor sheds, and what an assay reads of it.

Copies in a tube follow the number of mutant cells and how much the tumor of a patient
sheds; the assay reads some of them, a Poisson number. So a mutation is missed where
cells are few, where a tumor sheds little, or by chance.
"""

import numpy as np
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.trial.assumption import Assumptions

__all__ = ["copies_expected", "copies_read", "first_rise"]

Array = NDArray[np.float64]
_MOST = 1e9
"""Copies beyond which more say nothing new."""


def copies_expected(log_cells: Array, spread: Array, assumptions: Assumptions) -> Array:
    """Return how many mutant copies an assay reads in a tube on average.

    Parameters
    ----------
    log_cells : ndarray, shape (n, v)
        Natural log of the number of mutant cells.
    spread : ndarray, shape (n, 1)
        Standard normal deviates of how much each tumor sheds.
    assumptions : Assumptions
        Shedding and the assay.

    Returns
    -------
    ndarray, shape (n, v)
        Copies.
    """
    shed = assumptions.plasma_copies.value * 1e-9 * assumptions.plasma_sensitivity.value
    log_mean = log_cells + np.log(shed) + assumptions.plasma_shedding.value * spread
    return np.exp(np.minimum(log_mean, np.log(_MOST)))


def copies_read(
    log_cells: Array,
    patient: NDArray[np.int64],
    *,
    streams: Streams,
    assumptions: Assumptions,
    tube: NDArray[np.int64] | None = None,
    stream: str = Stream.PLASMA,
) -> NDArray[np.int64]:
    """Draw the mutant copies that an assay reads in tubes of plasma.

    How much her tumor sheds is a patient's for life; each tube is drawn anew.

    Parameters
    ----------
    log_cells : ndarray, shape (n, v)
        Natural log of the number of mutant cells when each tube is drawn.
    patient : ndarray of int, shape (n,)
        Numbers that key the draws.
    streams : Streams
        Source of chance.
    assumptions : Assumptions
        Shedding and the assay.
    tube : ndarray of int, shape (n,), optional
        Numbers that key the tubes; the patients' by default.
    stream : str
        Name of the tubes' chance.

    Returns
    -------
    ndarray of int, shape (n, v)
        Copies.
    """
    spread = streams.normal(Stream.SHEDDING, patient)
    mean = copies_expected(log_cells, spread, assumptions)
    return streams.poisson(stream, patient if tube is None else tube, mean)


def first_rise(
    copies: NDArray[np.int64], taken: NDArray[np.bool_], assumptions: Assumptions
) -> NDArray[np.int64]:
    """Return at which visit a mutation is newly found, or its copies have risen.

    Parameters
    ----------
    copies : ndarray of int, shape (n, 1 + v)
        Copies read at the start and at the visits.
    taken : ndarray of bool, shape (n, v)
        Visits with a tube.
    assumptions : Assumptions
        What is called a mutation, and what a rise.

    Returns
    -------
    ndarray of int, shape (n,)
        Number of the visit from 0, -1 for never.

    Examples
    --------
    >>> from oestra.trial.assumption import assumptions
    >>> every = np.ones((2, 3), dtype=bool)
    >>> first_rise(np.array([[0, 1, 2, 9], [40, 3, 4, 5]]), every, assumptions())
    array([ 1, -1])
    """
    if not taken.shape[1]:
        return np.full(len(copies), -1)
    seen = np.concatenate([np.ones((len(copies), 1), dtype=bool), taken], axis=1)
    known = np.where(seen, copies, np.iinfo(np.int64).max)
    lowest = np.minimum.accumulate(known, axis=1)[:, :-1]
    now = copies[:, 1:]
    found = taken & (now >= assumptions.plasma_limit.value)
    # Of the division rather than the product, which would overflow.
    found &= now / assumptions.plasma_rise.value >= lowest
    return np.where(found.any(axis=1), found.argmax(axis=1), -1)
