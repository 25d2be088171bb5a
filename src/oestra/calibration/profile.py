"""What facts determine: profile likelihoods, and parameters that stand for each other.

References
----------
.. [1] Raue A, Kreutz C, Maiwald T, et al. (2009). Structural and practical
   identifiability analysis of partially observed dynamical models by exploiting the
   profile likelihood. Bioinformatics 25:1923-1929.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.checkpoint import State
from oestra.calibration.fit import Problem, Progress, residual_at
from oestra.calibration.posterior import Posterior, laplace

__all__ = ["Pair", "Profile", "profile_parameters", "worst_pairs"]

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
    """

    name: str
    z: Array
    excess: Array
    facts_alone: Array


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
    facts = 0.5 * float(residual @ residual)
    return facts + 0.5 * float(z @ z), facts


def _refitted(
    objective: Problem, state: State, posterior: Posterior, k: int, value: float
) -> tuple[float, float]:
    """Fix one parameter, fit the others along the Jacobian of the best set."""
    others = np.arange(len(state.z)) != k
    z = state.z + posterior.covariance[k] / posterior.covariance[k, k] * (
        value - state.z[k]
    )
    j = state.columns[others]
    normal = j @ j.T + np.eye(int(others.sum()))
    found = []
    for _ in range(_STEPS):
        residual = residual_at(objective, z)
        found.append(_parts(z, residual))
        z = z.copy()
        z[others] -= np.linalg.solve(normal, j @ residual + z[others])
    return min([*found, _parts(z, residual_at(objective, z))])


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
        points = [(float(state.z[k]), 0.0, 0.0)]
        for away in _AWAY:
            value = float(state.z[k] + away * deviation[k])
            loss, part = _refitted(objective, state, posterior, k, value)
            points.append((value, loss - best, part - facts))
        z, excess, alone = (
            np.array(column) for column in zip(*sorted(points), strict=True)
        )
        profiles.append(Profile(name=item.name, z=z, excess=excess, facts_alone=alone))
        progress("profiles", k + 1, len(objective.free))
    return profiles
