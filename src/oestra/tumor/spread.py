"""New lesions: the hazard at which a tumor is seen at a place where it was not."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["new_lesion_risk"]

Array = NDArray[np.float64]
_CERTAIN = 700.0
"""Log of a hazard beyond any doubt; that of growth nobody stops would overflow."""


def new_lesion_risk(
    before: Array, after: Array, days: Array | float, p: Mapping[str, float]
) -> Array:
    """Return the cumulative hazard of a new lesion over periods of time.

    Parameters
    ----------
    before, after : ndarray
        Natural log of all cells at the start and the end of each period.
    days : ndarray or float
        Lengths of the periods.
    p : mapping of str to float
        Numbers of ``tumor/parameters/presentation.yaml``.

    Returns
    -------
    ndarray
        Of the same shape. A tumor seeds by its burden, so that one that responds
        rarely shows a new lesion, and by its growth, which also makes deposits visible
        that were too small.
    """
    first = np.maximum(np.nan_to_num(before, neginf=0.0), 0.0)
    last = np.maximum(np.nan_to_num(after, neginf=0.0), 0.0)
    seen = np.log(10.0) * p["detection_log10_cells"]
    above = p["new_lesion_burden"] * (0.5 * (first + last) - seen)
    burden = np.exp(np.minimum(above, _CERTAIN))
    # Growth that no scan can show makes nothing visible.
    least = np.log(10.0) * p["visible_log10_cells"]
    rise = np.maximum(np.maximum(last, least) - np.maximum(first, least), 0.0)
    return p["new_lesion_hazard"] * burden * days + p["new_lesion_growth"] * rise
