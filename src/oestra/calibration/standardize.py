"""Parameter sets on the scale on which a fit moves."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.free import FreeParameter

__all__ = ["standardize"]


def standardize(
    values: Mapping[str, float], free: Sequence[FreeParameter]
) -> NDArray[np.float64]:
    """Return where a parameter set lies among standardized values.

    Parameters
    ----------
    values : mapping of str to float
        Parameters by name.
    free : sequence of FreeParameter, length k
        The fitted ones.

    Returns
    -------
    ndarray, shape (k,)
        Undone by `oestra.calibration.free.to_parameters`.
    """
    return np.array([item.standardized(values[item.name]) for item in free])
