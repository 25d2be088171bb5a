"""What facts determine: profile likelihoods, and parameters that stand for each other.

References
----------
.. [1] Raue A, Kreutz C, Maiwald T, et al. (2009). Structural and practical
   identifiability analysis of partially observed dynamical models by exploiting the
   profile likelihood. Bioinformatics 25:1923-1929.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.checkpoint import State
from oestra.calibration.fit import Problem, residual_at
from oestra.calibration.posterior import Posterior, laplace
from oestra.core.linear_algebra import dot, product, solve
from oestra.core.progress import Progress

__all__ = ["Pair", "Profile", "profile_parameters", "sharpen", "worst_pairs"]

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
    z : ndarray, shape (n,)
        Its standardized values, ascending; the best set is among them.
    excess : ndarray, shape (n,)
        Least loss of facts and priors there, over that of the best set.
    facts_alone : ndarray, shape (n,)
        The part of it that comes from the facts.
    lowest : ndarray, shape (k,)
        All parameters at the least loss that was met on the way.
    """

    name: str
    z: Array
    excess: Array
    facts_alone: Array
    lowest: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two parameters and the correlation of their posterior."""

    one: str
    other: str
    correlation: float


def worst_pairs(
    posterior: Posterior, names: tuple[str, ...], most: int = 10
) -> list[Pair]:
    """Return the pairs that the facts tell apart least.

    Parameters
    ----------
    posterior : Posterior
        Around the best set.
    names : tuple of str, length k
        Parameters.
    most : int
        How many pairs.

    Returns
    -------
    list of Pair
        By size of the correlation, the largest first.
    """
    deviation = np.sqrt(np.diag(posterior.covariance))
    correlation = posterior.covariance / np.outer(deviation, deviation)
    rows, columns = np.triu_indices(len(names), k=1)
    size = np.abs(correlation[rows, columns])
    order = np.argsort(-size, kind="stable")[:most]
    return [
        Pair(
            one=names[rows[i]],
            other=names[columns[i]],
            correlation=float(correlation[rows[i], columns[i]]),
        )
        for i in order
    ]


def _parts(z: Array, residual: Array) -> tuple[float, float]:
    facts = 0.5 * dot(residual, residual)
    return facts + 0.5 * dot(z, z), facts


def sharpen(objective: Problem, state: State, step: float = 0.1) -> State:
    """Return the end of a fit with its Jacobian by central differences.

    Parameters
    ----------
    objective : Problem
        The problem; evaluated twice a parameter, so one that is quick.
    state : State
        The end of its fit.
    step : float
        To either side, prior standard deviations.

    Returns
    -------
    State
        The same point.
    """
    columns = np.array(
        [
            residual_at(objective, state.z + move)
            - residual_at(objective, state.z - move)
            for move in step * np.eye(len(state.z))
        ]
    )
    return replace(state, columns=columns / (2.0 * step))


def _refitted(
    objective: Problem, state: State, posterior: Posterior, k: int, value: float
) -> tuple[float, float, Array]:
    """Fix one parameter, fit the others along the Jacobian of the best set."""
    others = np.arange(len(state.z)) != k
    z = state.z + posterior.covariance[k] / posterior.covariance[k, k] * (
        value - state.z[k]
    )
    j = state.columns[others]
    normal = product(j, j.T) + np.eye(int(others.sum()))
    found = []
    for _ in range(_STEPS + 1):
        residual = residual_at(objective, z)
        found.append((*_parts(z, residual), z))
        z = z.copy()
        z[others] -= solve(normal, product(j, residual) + z[others])
    return min(found, key=lambda one: one[0])


def profile_parameters(
    objective: Problem, state: State, progress: Progress = lambda *_: None
) -> list[Profile]:
    """Compute the profile of every fitted parameter.

    Parameters
    ----------
    objective : Problem
        The problem.
    state : State
        The end of its fit, with the Jacobian.
    progress : callable
        Told what is done, how many and of how many.

    Returns
    -------
    list of Profile
        In the order of the parameters, at one and two posterior standard deviations
        on either side of the best set.
    """
    posterior = laplace(state.z, state.columns)
    deviation = np.sqrt(np.diag(posterior.covariance))
    best, facts = _parts(state.z, state.residual)
    profiles = []
    for k, item in enumerate(objective.free):
        points = [(best, facts, state.z)]
        for away in _AWAY:
            value = float(state.z[k] + away * deviation[k])
            points.append(_refitted(objective, state, posterior, k, value))
        points.sort(key=lambda one: one[2][k])
        profiles.append(
            Profile(
                name=item.name,
                z=np.array([z[k] for _, _, z in points]),
                excess=np.array([loss - best for loss, _, _ in points]),
                facts_alone=np.array([part - facts for _, part, _ in points]),
                lowest=min(points, key=lambda one: one[0])[2],
            )
        )
        progress("profiles", k + 1, len(objective.free))
    return profiles
