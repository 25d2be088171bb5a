"""Ensembles of any size in bounded memory: lanes are made, advanced and dropped."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.solve.advance import Advance
from oestra.solve.kernel import Kernel

__all__ = ["stream"]

Lanes = tuple[NDArray[np.float64], NDArray[np.float64]]


def stream(
    kernel: Kernel,
    lanes: int,
    make: Callable[[NDArray[np.int64]], Lanes],
    *,
    chunk: int = 4096,
    **options: Any,
) -> Iterator[tuple[NDArray[np.int64], Advance]]:
    """Advance an ensemble chunk by chunk.

    Parameters
    ----------
    kernel : Kernel
        The compiled model.
    lanes : int
        Size of the ensemble.
    make : callable
        Given the numbers of some lanes, returns their states (lanes, n) and parameters
        (lanes, m).
    chunk : int
        Lanes held in memory at a time.
    **options
        Passed to `Kernel.advance`.

    Yields
    ------
    numbers : ndarray of int64
        Lanes of this chunk.
    result : Advance
        Where they arrived; the same bits for any `chunk`.

    Raises
    ------
    InputError
        If `chunk` is not positive.
    """
    if chunk < 1:
        raise InputError(f"chunk must be positive, got {chunk}.")
    for first in range(0, lanes, chunk):
        numbers = np.arange(first, min(first + chunk, lanes))
        y, p = make(numbers)
        yield numbers, kernel.advance(y, p, **options)
