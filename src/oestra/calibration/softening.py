"""Errors of trials may be outliers: residuals count by Student's loss."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["FREEDOM", "hardened", "soften", "weight"]

Array = NDArray[np.float64]
FREEDOM = 2.0
"""Degrees of freedom of the errors: published numbers contradict each other more often
than their intervals allow. Given the residuals, 2 is likelier than 1, 3, 4, 6 or 10; a
fit with 4 brings no more endpoints inside their intervals."""
_NEAR = 1e-6
_FARTHEST = 40.0
"""Standard errors beyond which a residual counts no more."""


def soften(residual: Array, freedom: float = FREEDOM) -> Array:
    """Let residuals beyond a few standard errors count less than their square.

    Half the square is the negative log likelihood of Student's errors [1]_, so that a
    contradiction in the evidence does not pull the whole fit. Beyond forty standard
    errors it counts no more.

    Parameters
    ----------
    residual : ndarray
        Standard errors off.
    freedom : float
        Degrees of freedom of the errors: the more, the more far ones count.

    Returns
    -------
    ndarray
        Of the same shape and signs.

    References
    ----------
    .. [1] Lange KL, Little RJA, Taylor JMG (1989). Robust statistical modeling using
       the t distribution. J Am Stat Assoc 84:881-896.
    """
    far = np.log1p(np.minimum(np.abs(residual), _FARTHEST) ** 2 / freedom)
    return np.sign(residual) * np.sqrt((freedom + 1.0) * far)


def hardened(softened: Array, freedom: float = FREEDOM) -> tuple[Array, Array]:
    """Return the residuals that `soften` made these of, and its slope there."""
    square = freedom * np.expm1(softened**2 / (freedom + 1.0))
    residual = np.sign(softened) * np.sqrt(square)
    near = np.abs(residual) < _NEAR
    ratio = np.where(near, 1.0, residual) / np.where(near, 1.0, softened)
    at_zero = np.sqrt(freedom / (freedom + 1.0))
    return residual, weight(residual, freedom) * np.where(near, at_zero, ratio)


def weight(residual: Array, freedom: float = FREEDOM) -> Array:
    """Return what squares of residuals weigh where parabolas touch Student's loss."""
    return (freedom + 1.0) / (freedom + residual**2)
