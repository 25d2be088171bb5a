"""The step of a fit that lowers the loss most, as far as its slopes are known.

References
----------
.. [1] Marquardt DW (1963). An algorithm for least-squares estimation of nonlinear
   parameters. J SIAM 11:431-441.
.. [2] Holland PW, Welsch RE (1977). Robust regression using iteratively reweighted
   least-squares. Communications in Statistics 6:813-827.
"""

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.checkpoint import State
from oestra.calibration.softening import hardened, soften, weight
from oestra.core.linear_algebra import dot, norm, product, solve

__all__ = ["CAUTION", "believed", "best_step", "expected", "loss"]

Array = NDArray[np.float64]
_TURNS, _HALVINGS = 12, 40
"""Parabolas that a step minimizes in turn, and halvings of the damping of each."""
CAUTION = 0.3
"""Share of the doubt about the Jacobian that a step allows for."""


def loss(z: Array, residual: Array) -> float:
    """Return half the sum of squares of parameters and softened residuals."""
    return 0.5 * (dot(residual, residual) + dot(z, z))


def believed(state: State, move: Array) -> float:
    """Return the loss after a move as far as known, doubt counted in part."""
    at = np.concatenate([[1.0], move])
    there, _ = expected(state, move)
    doubt = CAUTION * len(there) * dot(at, product(state.doubt, at))
    return loss(state.z + move, there) + 0.5 * doubt


def expected(state: State, move: Array) -> tuple[Array, Array]:
    """Return the residuals after a move as far as known, and how slopes change.

    Parameters
    ----------
    state : State
        Where the fit stands.
    move : ndarray, shape (k,)
        From there.

    Returns
    -------
    residual : ndarray, shape (m,)
        Softened, as those of the state are.
    steeper : ndarray, shape (m,)
        Slope of the softening there, relative to here.
    """
    residual, columns = _straight(state)
    there = soften(residual + product(columns.T, move), state.freedom)
    here = hardened(state.residual, state.freedom)[1]
    return there, hardened(there, state.freedom)[1] / here


def _straight(state: State) -> tuple[Array, Array]:
    """Return residuals as they were before they were softened, and their slopes.

    Softened ones bend as they come closer, so that they promise too little.
    """
    residual, steepness = hardened(state.residual, state.freedom)
    return residual, state.columns / steepness


def best_step(state: State, length: float) -> Array:
    """Return the step within a length that lowers the loss most, as far as known.

    Each turn minimizes a parabola above Student's loss that touches it where the last
    turn ended, so that every turn lowers it.
    """
    size = len(state.z)
    residual, columns = _straight(state)
    caution = CAUTION * len(residual)
    found = np.zeros(size)
    for _ in range(_TURNS):
        there = residual + product(columns.T, found)
        heavy = columns * weight(there, state.freedom)
        normal = product(heavy, columns.T) + np.eye(size)
        slope = product(heavy, residual) + state.z
        found = _within(
            normal + caution * state.doubt[1:, 1:],
            slope + caution * state.doubt[0, 1:],
            length,
        )
    return found


def _within(normal: Array, slope: Array, length: float) -> Array:
    """Return where a parabola is least within a length of the origin."""

    def step(damping: float) -> Array:
        return -solve(normal + damping * np.eye(len(slope)), slope)

    free = step(0.0)
    if norm(free) <= length:
        return free
    low, high = 0.0, norm(slope) / length
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        inside = norm(step(middle)) <= length
        low, high = (low, middle) if inside else (middle, high)
    return step(high)
