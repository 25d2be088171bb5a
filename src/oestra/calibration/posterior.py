"""What the data leave open: the posterior around the best set, and draws from it.

References
----------
.. [1] Gelman A, Carlin JB, Stern HS, Dunson DB, Vehtari A, Rubin DB (2013). Bayesian
   Data Analysis, 3rd ed., ch. 4 and 10: normal approximation, importance weights.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.linear_algebra import cholesky, inverse, product
from oestra.core.stream import Stream
from oestra.core.streams import Streams

__all__ = ["Pair", "Posterior", "contraction", "laplace", "worst_pairs"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Normal approximation of the posterior in standardized parameters.

    Parameters
    ----------
    mean : ndarray, shape (k,)
        The best set.
    covariance : ndarray, shape (k, k)
        Inverse of the curvature of the loss.
    """

    mean: Array
    covariance: Array

    def draw(self, count: int, streams: Streams) -> Array:
        """Draw parameter sets, shape (count, k)."""
        root = cholesky(self.covariance)
        noise = streams.normal(Stream.POSTERIOR, np.arange(count), len(self.mean))
        return self.mean + product(noise, root.T)


def laplace(z: Array, columns: Array) -> Posterior:
    """Approximate the posterior from the Jacobian at the best set.

    Parameters
    ----------
    z : ndarray, shape (k,)
        Best standardized parameters.
    columns : ndarray, shape (k, m)
        Derivatives of the residuals.

    Returns
    -------
    Posterior
        With the standard normal prior of every parameter included.
    """
    curvature = product(columns, columns.T) + np.eye(len(z))
    covariance = inverse(curvature)
    return Posterior(mean=z, covariance=0.5 * (covariance + covariance.T))


def contraction(posterior: Posterior) -> Array:
    """Return how much the data narrowed each parameter, shape (k,).

    One minus the posterior variance over the prior's: 0 for a parameter the data say
    nothing of, near 1 for one they determine.
    """
    return 1.0 - np.diag(posterior.covariance)


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
