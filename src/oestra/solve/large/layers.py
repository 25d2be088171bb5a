"""Elimination of a sparse matrix in layers, and of its dense rest by LAPACK.

A layer is a set of pivots that no entry joins: all of them are eliminated at once, by
one product of sparse matrices. Pivots of few neighbors go first [1]_. Networks that are
joined at random soon fill up; once what is left is rather dense, LAPACK factors it with
pivoting.

References
----------
.. [1] Duff IS, Erisman AM, Reid JK (2017). Direct Methods for Sparse Matrices, 2nd ed.,
   Oxford University Press, chapters 7 and 9.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import get_lapack_funcs
from scipy.sparse import csr_array, diags_array

__all__ = ["MOST_ROWS", "Factors", "Layers", "factor", "layers_of"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
_FACTOR, _SOLVE = get_lapack_funcs(("getrf", "getrs"), dtype=np.float64)

MOST_ROWS = 4000
"""Rows of a dense rest; its factors take 128 MB and some seconds."""
_DENSE = 0.1
"""Share of entries from which on a matrix is treated as dense."""
_SMALL = 100
"""Rows from which on it always is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """The order of elimination.

    Parameters
    ----------
    size : int
        Rows of the matrix.
    layers : tuple of (ndarray, ndarray)
        Pivots of each layer and what is left after it, as places among the rows left
        by the layer before.
    core : int
        Rows of the dense rest.
    """

    size: int
    layers: tuple[tuple[Places, Places], ...]
    core: int


def layers_of(pattern: csr_array) -> Layers:
    """Order the pivots of a matrix.

    Parameters
    ----------
    pattern : csr_array, shape (n, n)
        Its entries that may be nonzero; the diagonal always is.

    Returns
    -------
    Layers
        The order.

    Raises
    ------
    OverflowError
        If more than `MOST_ROWS` rows would be left.
    """
    size = _rows(pattern)
    left = _symmetric(pattern)
    found: list[tuple[Places, Places]] = []
    while _rows(left) > _SMALL and left.nnz < _DENSE * _rows(left) ** 2:
        pivots, rest = _independent(left)
        found.append((pivots, rest))
        joined = left[rest][:, pivots]
        left = _symmetric(left[rest][:, rest] + joined @ joined.T)
        if left.nnz > _DENSE * MOST_ROWS**2 and _rows(left) > MOST_ROWS:
            break
    if _rows(left) > MOST_ROWS:
        raise OverflowError(f"more than {MOST_ROWS} rows are left")
    return Layers(size=size, layers=tuple(found), core=_rows(left))


def _rows(matrix: csr_array) -> int:
    return len(matrix.indptr) - 1


def _symmetric(pattern: csr_array) -> csr_array:
    both = csr_array(pattern + pattern.T + diags_array(np.ones(_rows(pattern))))
    both.data = np.ones(both.nnz)
    return both


def _independent(pattern: csr_array) -> tuple[Places, Places]:
    """Choose pivots of few neighbors, no two of them neighbors, and return the rest."""
    degree = np.diff(pattern.indptr)
    most = 1.5 * degree.min() + 1
    free = np.ones(len(degree), dtype=bool)
    chosen = np.zeros(len(degree), dtype=bool)
    for k in np.argsort(degree, kind="stable"):
        if degree[k] > most:
            break
        if free[k]:
            chosen[k] = True
            free[pattern.indices[pattern.indptr[k] : pattern.indptr[k + 1]]] = False
    return np.flatnonzero(chosen), np.flatnonzero(~chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """Factors of a matrix.

    Parameters
    ----------
    plan : Layers
        The order.
    parts : tuple of (ndarray, csr_array, csr_array)
        For each layer the reciprocal pivots, the columns below them divided by them,
        and the rows beside them.
    core : ndarray, shape (core, core)
        LAPACK's factors of the rest.
    swaps : ndarray, shape (core,)
        Its interchanges of rows.
    """

    plan: Layers
    parts: tuple[tuple[Floats, csr_array, csr_array], ...]
    core: Floats
    swaps: NDArray[np.int32]

    def solve(self, b: Floats) -> Floats:
        """Return the solution of a system, shape (n,)."""
        solved = []
        for (pivots, rest), (_, below, _) in zip(
            self.plan.layers, self.parts, strict=True
        ):
            here = b[pivots]
            solved.append(here)
            b = b[rest] - below @ here
        x = _SOLVE(self.core, self.swaps, b)[0] if len(b) else b
        for (pivots, rest), (inverse, _, beside), here in zip(
            reversed(self.plan.layers), reversed(self.parts), reversed(solved),
            strict=True,
        ):  # fmt: skip
            whole = np.empty(len(pivots) + len(rest))
            whole[rest] = x
            whole[pivots] = inverse * (here - beside @ x)
            x = whole
        return x


def factor(matrix: csr_array, plan: Layers) -> Factors:
    """Factor a matrix.

    Parameters
    ----------
    matrix : csr_array, shape (n, n)
        The matrix; nonzero only where the plan's pattern is.
    plan : Layers
        The order.

    Returns
    -------
    Factors
        Factors; not finite where a pivot is zero.
    """
    parts = []
    with np.errstate(all="ignore"):
        for pivots, rest in plan.layers:
            inverse = 1.0 / np.asarray(matrix.diagonal(), dtype=float)[pivots]
            upper, lower = matrix[pivots], matrix[rest]
            beside = upper[:, rest]
            below = csr_array(lower[:, pivots] @ diags_array(inverse))
            parts.append((inverse, below, beside))
            matrix = csr_array(lower[:, rest] - below @ beside)
    core, swaps, _ = _FACTOR(matrix.toarray(order="F"), overwrite_a=True)
    return Factors(plan=plan, parts=tuple(parts), core=core, swaps=swaps)
