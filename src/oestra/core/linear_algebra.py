"""Small dense linear algebra in a fixed order of operations.

Libraries of matrices choose their order of additions by the processor and by the number
of threads, so their last digits differ from machine to machine. Here every operation is
one of whole rows, in the order of the textbook; fast enough for a few hundred unknowns.

References
----------
.. [1] Golub GH, Van Loan CF (2013). Matrix Computations, 4th ed., sections 3.4
   (elimination with partial pivoting) and 4.2 (Cholesky).
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["cholesky", "dot", "inverse", "norm", "product", "solve"]

Array = NDArray[np.float64]


def dot(a: ArrayLike, b: ArrayLike) -> float:
    """Return the scalar product of two vectors of equal length."""
    # A new array is contiguous, and so always summed in the same order.
    return float(np.sum(np.array(a, dtype=float) * np.array(b, dtype=float)))


def norm(a: ArrayLike) -> float:
    """Return the Euclidean length of a vector."""
    return float(np.sqrt(dot(a, a)))


def product(a: ArrayLike, b: ArrayLike) -> Array:
    """Return a matrix product.

    Parameters
    ----------
    a : array_like of float64, shape (m, k)
        Left factor.
    b : array_like of float64, shape (k, n) or (k,)
        Right factor.

    Returns
    -------
    ndarray of float64, shape (m, n) or (m,)
        The product; each number is added up over k in order.
    """
    left, right = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    columns = right[:, None] if right.ndim == 1 else right
    total = np.zeros((left.shape[0], columns.shape[1]))
    for k in range(left.shape[1]):
        total += left[:, k, None] * columns[k]
    return total[:, 0] if right.ndim == 1 else total


def cholesky(matrix: ArrayLike) -> Array:
    """Return the lower root of a symmetric matrix.

    Parameters
    ----------
    matrix : array_like of float64, shape (n, n)
        Symmetric and positive definite.

    Returns
    -------
    ndarray of float64, shape (n, n)
        L with zeros above its diagonal, such that L L' is the matrix.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the matrix is not positive definite.
    """
    rest = np.array(matrix, dtype=float)
    root = np.zeros_like(rest)
    for k in range(len(rest)):
        if not rest[k, k] > 0.0:
            raise np.linalg.LinAlgError("The matrix is not positive definite.")
        column = rest[k:, k] / np.sqrt(rest[k, k])
        root[k:, k] = column
        rest[k:, k:] -= column[:, None] * column
    return root


def solve(matrix: ArrayLike, right: ArrayLike) -> NDArray[Any]:
    """Solve linear equations by elimination with partial pivoting.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Real or complex.
    right : array_like, shape (n,) or (n, m)
        One or more right-hand sides.

    Returns
    -------
    ndarray, shape of `right`
        The solutions.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the matrix is singular, or holds what is not a number.
    """
    a, given = np.array(matrix), np.array(right)
    kind = np.result_type(a, given, np.float64)
    b = given.reshape(len(given), -1).astype(kind)
    a = a.astype(kind)
    for k in range(len(a)):
        pivot = k + int(np.argmax(np.abs(a[k:, k])))
        if not np.abs(a[pivot, k]) > 0.0:
            raise np.linalg.LinAlgError("The matrix is singular.")
        if pivot != k:
            a[[k, pivot]], b[[k, pivot]] = a[[pivot, k]], b[[pivot, k]]
        factor = (a[k + 1 :, k] / a[k, k])[:, None]
        a[k + 1 :, k:] -= factor * a[k, k:]
        b[k + 1 :] -= factor * b[k]
    for k in range(len(a) - 1, -1, -1):
        b[k] /= a[k, k]
        b[:k] -= a[:k, k, None] * b[k]
    return b.reshape(given.shape)


def inverse(matrix: ArrayLike) -> NDArray[Any]:
    """Return the inverse of a matrix; errors as in `solve`."""
    return solve(matrix, np.eye(len(np.asarray(matrix))))
