"""Damped Gauss-Newton for the cell: cheap, without chance, from the priors' centers.

References
----------
.. [1] Levenberg K (1944). A method for the solution of certain non-linear problems in
   least squares. Q Appl Math 2:164-168.
"""

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.cells.problem import CellProblem
from oestra.calibration.workers import worker_pool
from oestra.core.errors import OestraError
from oestra.core.linear_algebra import dot, product, solve
from oestra.core.progress import Progress
from oestra.work.each import Workers

__all__ = ["CellOptimum", "fit_along", "fit_cell", "loss", "slopes"]

Array = NDArray[np.float64]
_STEP = 0.15
"""Step of the differences, prior standard deviations."""
_DAMPING = (0.0, 0.3, 1.0, 3.0, 10.0, 30.0)
_LONGEST = 2.0
"""Largest move of one parameter in a round, prior standard deviations."""
_ENOUGH = 0.2
"""Fall of the loss below which a fit has come to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellOptimum:
    """Where a fit of the cell ended.

    Parameters
    ----------
    problem : CellProblem
        What was fitted.
    z : ndarray, shape (k,)
        Standardized parameters.
    residual, value : ndarray, shape (terms,)
        Softened residuals and simulated values there.
    jacobian : ndarray, shape (terms, k)
        Slopes of the residuals there.
    losses : tuple of float
        Loss at the start and after each round.
    """

    problem: CellProblem
    z: Array
    residual: Array
    value: Array
    jacobian: Array
    losses: tuple[float, ...]

    @property
    def precision(self) -> Array:
        """Inverse covariance of the normal approximation, (k, k)."""
        return product(self.jacobian.T, self.jacobian) + np.eye(len(self.z))


def _evaluated(problem: CellProblem, z: Array) -> tuple[Array, Array] | None:
    return problem.evaluate(z)


def loss(residual: Array, z: Array) -> float:
    """Return half the sum of squares of residuals and standardized parameters."""
    return 0.5 * (dot(residual, residual) + dot(z, z))


def slopes(
    pool: Executor, problem: CellProblem, z: Array, residual: Array
) -> NDArray[np.float64]:
    """Return the slopes of the residuals by differences towards the prior."""
    points = []
    for k in range(len(z)):
        moved = z.copy()
        moved[k] += -_STEP if z[k] > 0 else _STEP
        points.append(pool.submit(_evaluated, problem, moved))
    columns = []
    for k, point in enumerate(points):
        seen = point.result()
        step = -_STEP if z[k] > 0 else _STEP
        nothing = np.zeros_like(residual)
        columns.append(nothing if seen is None else (seen[0] - residual) / step)
    return np.array(columns).T


def _moves(jacobian: Array, residual: Array, z: Array) -> list[Array]:
    normal = product(jacobian.T, jacobian) + np.eye(len(z))
    slope = product(jacobian.T, residual) + z
    found = []
    for damping in _DAMPING:
        move = -solve(normal + damping * np.diag(np.diag(normal)), slope)
        found.append(move * min(1.0, _LONGEST / float(np.abs(move).max())))
    return found


def fit_cell(
    problem: CellProblem,
    start: Array | None = None,
    *,
    rounds: int = 12,
    workers: Workers = 2,
    progress: Progress = lambda *_: None,
) -> CellOptimum:
    """Fit the cell.

    Parameters
    ----------
    problem : CellProblem
        What to fit.
    start : ndarray, shape (k,), optional
        Standardized parameters to start from; the priors' centers by default.
    rounds : int
        At most so many Jacobians.
    workers : int or Executor
        Processes to start, or who does the work; the result does not depend on it.
    progress : callable
        Told what is done, how many rounds and of how many.

    Returns
    -------
    CellOptimum
        The end, with the Jacobian there.

    Raises
    ------
    OestraError
        If the cell does not grow at the start.
    """
    z = np.zeros(len(problem.free)) if start is None else start.copy()
    with worker_pool(workers) as pool:
        seen = pool.submit(_evaluated, problem, z).result()
        if seen is None:
            raise OestraError("The cell does not grow with the values of its files.")
        residual, value = seen
        losses = [loss(residual, z)]
        for done in range(rounds):
            jacobian = slopes(pool, problem, z, residual)
            points = [z + move for move in _moves(jacobian, residual, z)]
            tried = [pool.submit(_evaluated, problem, point) for point in points]
            results = [one.result() for one in tried]
            found = [
                np.inf if one is None else loss(one[0], point)
                for one, point in zip(results, points, strict=True)
            ]
            best = int(np.argmin(found))
            progress(f"loss {min(found[best], losses[-1]):.1f}", done + 1, rounds)
            chosen = results[best]
            if chosen is None or found[best] > losses[-1]:
                break
            fell = losses[-1] - found[best]
            z, (residual, value) = points[best], chosen
            losses.append(found[best])
            if fell < _ENOUGH:
                break
        jacobian = slopes(pool, problem, z, residual)
    return CellOptimum(
        problem=problem,
        z=z,
        residual=residual,
        value=value,
        jacobian=jacobian,
        losses=tuple(losses),
    )


def fit_along(
    problem: CellProblem,
    start: Array,
    jacobian: Array,
    *,
    rounds: int = 8,
    workers: Workers = 2,
) -> CellOptimum:
    """Fit along slopes that are known from a nearby problem.

    Parameters
    ----------
    problem : CellProblem
        What to fit.
    start : ndarray, shape (k,)
        Standardized parameters to start from.
    jacobian : ndarray, shape (terms, k)
        Slopes of the residuals.
    rounds : int
        At most so many steps.
    workers : int or Executor
        Processes to start, or who does the work.

    Returns
    -------
    CellOptimum
        The end, with the slopes that were given.

    Raises
    ------
    OestraError
        If the cell does not grow at the start.
    """
    with worker_pool(workers) as pool:
        z, seen = start, pool.submit(_evaluated, problem, start).result()
        if seen is None:
            raise OestraError("The cell does not grow where the fit begins.")
        losses = [loss(seen[0], z)]
        for _ in range(rounds):
            points = [z + move for move in _moves(jacobian, seen[0], z)]
            tried = [pool.submit(_evaluated, problem, point) for point in points]
            results = [one.result() for one in tried]
            found = [
                np.inf if one is None else loss(one[0], point)
                for one, point in zip(results, points, strict=True)
            ]
            best = int(np.argmin(found))
            chosen, fell = results[best], losses[-1] - found[best]
            if chosen is None or fell <= 0.0:
                break
            z, seen = points[best], chosen
            losses.append(found[best])
            if fell < _ENOUGH:
                break
    return CellOptimum(
        problem=problem,
        z=z,
        residual=seen[0],
        value=seen[1],
        jacobian=jacobian,
        losses=tuple(losses),
    )
