"""What one fit knows of slopes, for a fit of other parameters or evidence."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.checkpoint import State

__all__ = ["carried_over"]


def carried_over(
    state: State,
    known: tuple[Sequence[str], Sequence[str]],
    asked: tuple[Sequence[str], Sequence[str]],
    wider: NDArray[np.float64],
) -> State:
    """Return a state of other parameters and endpoints, with the slopes both have.

    Parameters
    ----------
    state : State
        The end of a fit.
    known, asked : tuple of (sequence of str, sequence of str)
        Its parameters and endpoints, and those of the fit that begins.
    wider : ndarray, shape (k,)
        How many times wider the prior of each of its parameters is now.

    Returns
    -------
    State
        Slopes that nothing is known of are 0, with a doubt of one.
    """
    rows = {name: k for k, name in enumerate(known[0])}
    columns = {name: k for k, name in enumerate(known[1])}
    size = len(asked[0])
    slopes = np.zeros((size, len(asked[1])))
    residual = np.zeros(len(asked[1]))
    doubt = np.eye(size + 1)
    own = [k for k, name in enumerate(asked[0]) if name in rows]
    there = [rows[asked[0][k]] for k in own]
    to = [k for k, name in enumerate(asked[1]) if name in columns]
    at = [columns[asked[1][k]] for k in to]
    stretched = np.nan_to_num(state.columns) * wider[:, None]
    residual[to] = state.residual[at]
    slopes[np.ix_(own, to)] = stretched[np.ix_(there, at)]
    mine, its = 1 + np.array(own, dtype=int), 1 + np.array(there, dtype=int)
    stretch = np.concatenate([[1.0], wider])
    stretched = state.doubt * np.outer(stretch, stretch)
    doubt[np.ix_(mine, mine)] = stretched[np.ix_(its, its)]
    return replace(
        state,
        z=np.zeros(size),
        residual=residual,
        columns=slopes,
        doubt=doubt,
    )
