"""Errors of trials may be outliers: residuals count by Student's loss."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["hardened", "soften", "weight"]

Array = NDArray[np.float64]
_FREEDOM = 2.0
"""Degrees of freedom of the errors: published numbers contradict each other more often
than their intervals allow. Given the residuals, 2 is likelier than 1, 3, 4, 6 or 10; a
fit with 4 brings no more endpoints inside their intervals."""
_NEAR = 1e-6


def soften(residual: Array) -> Array:
    """Let residuals beyond a few standard errors count less than their square.

    Half the square is the negative log likelihood of Student's errors [1]_, so that a
    contradiction in the evidence does not pull the whole fit.

    References
    ----------
    .. [1] Lange KL, Little RJA, Taylor JMG (1989). Robust statistical modeling using
       the t distribution. J Am Stat Assoc 84:881-896.
    """
    far = np.log1p(residual**2 / _FREEDOM)
    return np.sign(residual) * np.sqrt((_FREEDOM + 1.0) * far)


def hardened(softened: Array) -> tuple[Array, Array]:
    """Return the residuals that `soften` made these of, and its slope there."""
    square = _FREEDOM * np.expm1(softened**2 / (_FREEDOM + 1.0))
    residual = np.sign(softened) * np.sqrt(square)
    near = np.abs(residual) < _NEAR
    ratio = np.where(near, 1.0, residual) / np.where(near, 1.0, softened)
    at_zero = np.sqrt(_FREEDOM / (_FREEDOM + 1.0))
    return residual, weight(residual) * np.where(near, at_zero, ratio)


def weight(residual: Array) -> Array:
    """Return what squares of residuals weigh where parabolas touch Student's loss."""
    return (_FREEDOM + 1.0) / (_FREEDOM + residual**2)
