"""What patients die of: the burden of their tumor, or something else."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams

__all__ = ["background_death", "fatal_log_cells"]


def fatal_log_cells(p: Mapping[str, float]) -> float:
    """Return the natural log of the number of cells that kills."""
    return float(np.log(10.0) * p["death_log10_cells"])


def background_death(
    ids: NDArray[np.int64], p: Mapping[str, float], streams: Streams
) -> NDArray[np.float64]:
    """Draw when patients would die of something else.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
        Patient numbers.
    p : mapping of str to float
        The hazard, per day.
    streams : Streams
        Source of chance on trial; later lines share it.

    Returns
    -------
    ndarray, shape (n,)
        Days from randomization.
    """
    return streams.exponential(Stream.DEATH, ids)[:, 0] / p["death_hazard"]
