"""Tumors slow down as they grow: cells of a small one turn over faster.

References
----------
.. [1] Norton L (1988). A Gompertzian model of human breast cancer growth. Cancer Res
   48:7067-7071.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["pace_of_size"]


def pace_of_size(
    log_cells: NDArray[np.float64], p: Mapping[str, float]
) -> NDArray[np.float64]:
    """Return how much faster cells divide and die in metastases not yet found.

    Parameters
    ----------
    log_cells : ndarray, shape (n,)
        Natural log of cell numbers; ``-inf`` counts as one cell.
    p : mapping of str to float
        ``limit_log10_cells`` and ``detection_log10_cells``.

    Returns
    -------
    ndarray, shape (n,)
        Their pace relative to that at the size at which metastases are usually found,
        to which doubling times belong; 1 from there on.

    Notes
    -----
    Gompertz [1]_: the rate of growth falls with the log of the size and is nothing at
    the limit. Under treatment of metastases that have been found, sizes change too
    little for it to matter and the pace is left as it is.
    """
    found, limit = p["detection_log10_cells"], p["limit_log10_cells"]
    size = np.clip(log_cells / np.log(10.0), 0.0, found)
    return (limit - size) / (limit - found)
