"""Sums whose order of additions is fixed, whatever the shape and layout of an array.

`numpy.sum` adds in an order that depends on strides and shape, so a row alone could
get other last digits than the same row among many.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["ordered_sum"]

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
        total += part
    return total
