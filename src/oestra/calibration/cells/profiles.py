"""Profiles of the parameters of the cell: what the measurements determine.

References
----------
.. [1] Raue A, Kreutz C, Maiwald T, et al. (2009). Structural and practical
   identifiability analysis of partially observed dynamical models by exploiting the
   profile likelihood. Bioinformatics 25:1923-1929.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.cells.gauss_newton import CellOptimum, loss
from oestra.core.linear_algebra import inverse, product, solve

__all__ = ["Profile", "profile_cell"]

Array = NDArray[np.float64]
_AWAY = (-2.0, -1.0, 1.0, 2.0)
"""Points of a profile, posterior standard deviations from the best set."""
_STEPS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The least loss at fixed values of one parameter, all others fitted anew.

    Parameters
    ----------
    name : str
        The parameter.
    z : tuple of float
        Its standardized values, ascending; the best set is among them.
    excess : tuple of float
        Least loss there, over that of the best set.
    """

    name: str
    z: tuple[float, ...]
    excess: tuple[float, ...]


def _refitted(optimum: CellOptimum, k: int, value: float) -> float:
    """Fix one parameter, fit the others along the Jacobian of the best set."""
    others = np.arange(len(optimum.z)) != k
    covariance = inverse(optimum.precision)
    z = optimum.z + covariance[k] / covariance[k, k] * (value - optimum.z[k])
    j = optimum.jacobian[:, others]
    normal = product(j.T, j) + np.eye(int(others.sum()))
    found = []
    for _ in range(_STEPS + 1):
        seen = optimum.problem.evaluate(z)
        if seen is None:
            break
        found.append(loss(seen[0], z))
        z = z.copy()
        z[others] -= solve(normal, product(j.T, seen[0]) + z[others])
    return min(found, default=np.inf)


def profile_cell(
    pool: Executor, optimum: CellOptimum, names: Sequence[str]
) -> tuple[Profile, ...]:
    """Compute profiles.

    Parameters
    ----------
    pool : Executor
        Who does the work.
    optimum : CellOptimum
        The end of a fit.
    names : sequence of str
        Parameters.

    Returns
    -------
    tuple of Profile
        At one and two posterior standard deviations on either side of the best set.
    """
    deviation = np.sqrt(np.diag(inverse(optimum.precision)))
    places = {one.name: k for k, one in enumerate(optimum.problem.free)}
    best = loss(optimum.residual, optimum.z)
    asked = []
    for name in names:
        k = places[name]
        values = [float(optimum.z[k] + away * deviation[k]) for away in _AWAY]
        futures = [pool.submit(_refitted, optimum, k, value) for value in values]
        asked.append((name, k, values, futures))
    found = []
    for name, k, values, futures in asked:
        points = [(float(optimum.z[k]), 0.0)]
        points += [
            (value, future.result() - best)
            for value, future in zip(values, futures, strict=True)
        ]
        points.sort()
        z, excess = zip(*points, strict=True)
        found.append(Profile(name=name, z=z, excess=excess))
    return tuple(found)
