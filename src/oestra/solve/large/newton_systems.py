"""Systems of Newton's method: factored in layers, with pivoting where that fails."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import splu

from oestra.solve.large.layers import Layers, factor

__all__ = ["NewtonSystems", "Solver"]

Floats = NDArray[np.float64]
_UNSTABLE = 1e-2
"""Correction, relative to the solution, that tells that pivots were too small."""


class Solver(Protocol):
    """Factors of a matrix."""

    def solve(self, b: Floats) -> Floats:
        """Return the solution of a system, shape (n,)."""
        ...


class _Singular:
    """Stands for a matrix without factors: the step is refused and made smaller."""

    def solve(self, b: Floats) -> Floats:
        return np.full_like(b, np.nan)


class NewtonSystems:
    """Factors one matrix after the other.

    Parameters
    ----------
    plan : Layers
        Order of elimination of all of them.
    """

    def __init__(self, plan: Layers) -> None:
        self._plan = plan
        self._pivoted = False

    def factor(self, matrix: csr_array) -> Solver:
        """Return factors that were tried on one right-hand side.

        Parameters
        ----------
        matrix : csr_array, shape (n, n)
            The matrix.

        Returns
        -------
        Solver
            Its factors. Once those without pivoting were found wanting, those of
            SuperLU.
        """
        if not self._pivoted:
            factors = factor(matrix, self._plan)
            ones = np.ones(len(matrix.indptr) - 1)
            with np.errstate(all="ignore"):
                wrong = np.abs(matrix @ factors.solve(ones) - ones).max(initial=0.0)
            if wrong <= _UNSTABLE:
                return factors
            self._pivoted = bool(np.all(np.isfinite(matrix.data)))
        try:
            return splu(matrix.tocsc())
        except RuntimeError:  # exactly singular
            return _Singular()
