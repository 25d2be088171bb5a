"""Sums whose order of additions is fixed, whatever the shape and layout of an array.

`numpy.sum` adds in an order that depends on strides and shape, and a matrix product in
one that depends on the processor and the number of threads, so that a row alone could
get other last digits than the same row among many.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["dot", "ordered_sum", "product"]

Array = NDArray[np.float64]


def ordered_sum(values: ArrayLike, axis: int) -> Array:
    """Add up along one axis, first to last; meant for short axes.

    Parameters
    ----------
    values : array_like of float64
        What to add.
    axis : int
        Axis that disappears.

    Returns
    -------
    ndarray of float64
        The sums; 0 over an axis of length 0.

    Examples
    --------
    >>> ordered_sum([[1.0, 2.0], [3.0, 4.0]], axis=1)
    array([3., 7.])
    """
    parts = np.moveaxis(np.asarray(values, dtype=np.float64), axis, 0)
    total = np.zeros(parts.shape[1:])
    for part in parts:
        total = total + part
    return total


def dot(a: ArrayLike, b: ArrayLike) -> float:
    """Return the scalar product of two vectors, without a matrix library.

    Parameters
    ----------
    a, b : array_like of float64, shape (n,)
        The vectors.

    Returns
    -------
    float
        Their scalar product.
    """
    # A new array is contiguous, and so always summed in the same order.
    return float(np.sum(np.asarray(a, dtype=float) * np.asarray(b, dtype=float)))


def product(a: ArrayLike, b: ArrayLike) -> Array:
    """Return a matrix product, without a matrix library.

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
        total = total + left[:, k, None] * columns[k]
    return total[:, 0] if right.ndim == 1 else total
