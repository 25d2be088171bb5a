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

__all__ = ["Posterior", "contraction", "laplace"]

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
