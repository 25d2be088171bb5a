"""Radau IIA of order 5 with pivoted factors and a differenced Jacobian [1]_.

Slow and sturdy: the whole system of the three stages is solved at once, and the
Jacobian is made anew at each step. All sums have a fixed order, so a result does not
depend on a library of matrices.

References
----------
.. [1] Hairer E, Wanner G (1996). Solving Ordinary Differential Equations II, 2nd ed.,
   section IV.8: coefficients, simplified Newton iterations, error estimate.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.linear_algebra import product, solve
from oestra.core.ordered_sum import ordered_sum

__all__ = ["Radau"]

Floats = NDArray[np.float64]
_ROOT = 6.0**0.5
_NODES = np.array([(4 - _ROOT) / 10, (4 + _ROOT) / 10, 1.0])
_STAGES = np.array(
    [
        [(88 - 7 * _ROOT) / 360, (296 - 169 * _ROOT) / 1800, (-2 + 3 * _ROOT) / 225],
        [(296 + 169 * _ROOT) / 1800, (88 + 7 * _ROOT) / 360, (-2 - 3 * _ROOT) / 225],
        [(16 - _ROOT) / 36, (16 + _ROOT) / 36, 1 / 9],
    ]
)
_ERROR = np.array([-13 - 7 * _ROOT, -13 + 7 * _ROOT, -1.0]) / 3
_EIGENVALUE = 3 + 3 ** (2 / 3) - 3 ** (1 / 3)
"""The real eigenvalue of the inverse of the matrix of the stages."""
_ITERATIONS, _SAFETY, _LEAST, _MOST = 8, 0.9, 0.2, 8.0


@dataclass(slots=True)
class Radau:
    """One integration.

    Parameters
    ----------
    rates : callable
        Time derivatives at a time and state, shape (n,).
    rtol : float
        Relative tolerance.
    atol : array_like
        Absolute tolerance, scalar or of shape (n,).
    most : int
        Steps to try.
    calls : int
        Evaluations of the rates so far.
    tried : int
        Steps tried so far.
    reached : float
        Time reached so far.
    path : ndarray, shape (points, n)
        States at the times passed so far, NaN at the others.
    """

    rates: Callable[[float, Floats], Floats]
    rtol: float
    atol: ArrayLike
    most: int = 100_000
    calls: int = 0
    tried: int = 0
    reached: float = 0.0
    path: Floats = field(default_factory=lambda: np.empty((0, 0)))

    def run(self, y: Floats, begin: float, times: Floats) -> Floats | None:
        """Integrate from a time on.

        Parameters
        ----------
        y : ndarray, shape (n,)
            State at the beginning.
        begin : float
            When that is.
        times : ndarray, shape (points,)
            Ascending times, not before it.

        Returns
        -------
        ndarray, shape (points, n), or None
            States at these times; None if the step size vanished.
        """
        with np.errstate(all="ignore"):
            return self._run(y, begin, times)

    def _run(self, y: Floats, begin: float, times: Floats) -> Floats | None:
        self.path = path = np.full((len(times), len(y)), np.nan)
        t, step = begin, self._first_step(y, begin, float(times[-1]))
        self.tried, self.reached = 0, begin
        for place, stop in enumerate(map(float, times)):
            while t < stop:
                whole = t + 1.01 * step >= stop
                tried = stop - t if whole else step
                self.tried += 1
                if self.tried > self.most or not step > 16 * np.spacing(abs(t)):
                    return None
                try:
                    moved, factor = self._step(t, y, tried)
                except np.linalg.LinAlgError:
                    moved, factor = None, 0.5
                if moved is None:
                    step = tried * factor
                    continue
                # A step cut short by a stop does not lower the proposal before it.
                step = max(step, tried * factor) if whole else tried * factor
                t, y = (stop if whole else t + tried), moved
                self.reached = t
            path[place] = y
        return path

    def _rates(self, t: float, y: Floats) -> Floats:
        self.calls += 1
        return self.rates(t, y)

    def _first_step(self, y: Floats, t: float, end: float) -> float:
        scale = self._scale(y, y)
        size, speed = _mean(y / scale), _mean(self._rates(t, y) / scale)
        slow = min(size, speed) < 1e-5
        return min(end - t, 1e-6 if slow else float(0.01 * size / speed))

    def _scale(self, y: Floats, other: Floats) -> Floats:
        largest = np.maximum(np.abs(y), np.abs(other))
        return np.asarray(self.atol, dtype=float) + self.rtol * largest

    def _step(self, t: float, y: Floats, h: float) -> tuple[Floats | None, float]:
        """Return the state after a step, None if refused, and a factor on its size."""
        here = self._rates(t, y)
        jacobian = self._jacobian(t, y, here)
        stages = self._newton(t, y, h, jacobian)
        if stages is None:
            return None, 0.5
        moved = y + stages[-1]
        scale = self._scale(y, moved)
        matrix = _EIGENVALUE / h * np.eye(len(y)) - jacobian
        ahead = ordered_sum(_ERROR[:, None] * stages, axis=0) / h
        apart = solve(matrix, here + ahead)
        size = _mean(apart / scale)
        if size > 1.0:
            again = self._rates(t, y + apart)
            if np.all(np.isfinite(again)):
                size = _mean(solve(matrix, again + ahead) / scale)
        if not np.isfinite(size):
            return None, _LEAST
        factor = _SAFETY * float(max(size, 1e-10)) ** -0.25
        return (moved if size <= 1.0 else None), min(max(factor, _LEAST), _MOST)

    def _newton(self, t: float, y: Floats, h: float, jacobian: Floats) -> Floats | None:
        """Return the stages' distances from the state, None without convergence."""
        n, scale = len(y), self._scale(y, y)
        matrix = np.eye(3 * n) - h * np.kron(_STAGES, jacobian)
        goal = max(10 * np.finfo(float).eps / self.rtol, min(0.03, self.rtol**0.5))
        stages, before = np.zeros((3, n)), np.inf
        for _ in range(_ITERATIONS):
            rates = np.array(
                [
                    self._rates(t + c * h, y + z)
                    for c, z in zip(_NODES, stages, strict=True)
                ]
            )
            if not np.all(np.isfinite(rates)):
                return None
            wanted = h * product(_STAGES, rates) - stages
            move = solve(matrix, wanted.ravel()).reshape(3, n)
            size = _mean(move / scale)
            stages = stages + move
            if size == 0.0 or (size < before and size < goal):
                return stages
            if not size < 2.0 * before:
                return None
            before = size
        return None

    def _jacobian(self, t: float, y: Floats, here: Floats) -> Floats:
        """Return df/dy by differences, toward where the state goes."""
        least = np.broadcast_to(np.asarray(self.atol, dtype=float), y.shape)
        size = np.sqrt(np.finfo(float).eps) * np.maximum(np.abs(y), least)
        found = np.zeros((len(y), len(y)))
        for k, side in enumerate(np.where(here < 0.0, -1.0, 1.0)):
            for aside in (side * size[k], -side * size[k]):
                near = y.copy()
                near[k] += aside
                change = (self._rates(t, near) - here) / (near[k] - y[k])
                # Beyond the end of a function's domain there is no slope.
                if np.all(np.isfinite(change)):
                    found[:, k] = change
                    break
        return found


def _mean(values: Floats) -> np.float64:
    """Return the root of the mean square, infinite where it overflows."""
    return np.float64(np.sqrt(np.sum(values * values) / max(values.size, 1)))
