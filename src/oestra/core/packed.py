"""Arrays of numbers kept small: fewer bits of each, and like bytes side by side."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["pack", "rounded", "unpack"]

_BITS, _OF = 12, 23
"""Bits of the mantissa that are kept, of those of a float32: one part in 8,000."""
_SHIFTS = (24, 16, 8)
"""Bytes that hold what is kept; the last one is zero."""


def rounded(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round numbers to twelve bits, the nearest; what is not finite stays.

    Parameters
    ----------
    values : ndarray of float32
        The numbers.

    Returns
    -------
    ndarray of float32
        Same shape; relative error at most 1.2e-4.
    """
    drop = np.uint32(_OF - _BITS)
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    half = np.uint32(1) << (drop - np.uint32(1))
    near = ((bits + half) >> drop) << drop
    found = near.view(np.float32)
    return np.where(np.isfinite(values), found, values).astype(np.float32)


def pack(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return rounded numbers as planes of bytes, which compress well.

    Parameters
    ----------
    values : ndarray of float32, shape (n, ...)
        Numbers that `rounded` returned.

    Returns
    -------
    ndarray of uint8, shape (3, ..., n)
        Sign and exponent first.
    """
    turned = np.ascontiguousarray(np.moveaxis(values, 0, -1), dtype=np.float32)
    bits = turned.view(np.uint32)
    return np.stack([(bits >> np.uint32(s)).astype(np.uint8) for s in _SHIFTS])


def unpack(planes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the numbers that `pack` was given, shape (n, ...)."""
    bits = np.zeros(planes.shape[1:], dtype=np.uint32)
    for plane, shift in zip(planes, _SHIFTS, strict=True):
        bits |= plane.astype(np.uint32) << np.uint32(shift)
    return np.ascontiguousarray(np.moveaxis(bits.view(np.float32), -1, 0))
