"""Where a falling step curve of survival crosses a level.

References
----------
.. [1] Brookmeyer R, Crowley J (1982). A confidence interval for the median survival
   time. Biometrics 38:29-41.
.. [2] Therneau TM. quantile.survfit, in the R package survival (3.5-3).
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["crossing"]

_TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))


def crossing(
    times: NDArray[np.float64], curve: NDArray[np.float64], level: float
) -> float | None:
    """Return the time at which a curve falls to a level.

    A curve that runs level at exactly that height crosses it in the middle of the
    stretch, which makes the median that of a sorted list where nobody is censored. A
    stretch that the last follow-up ends is taken to end there.

    Parameters
    ----------
    times : ndarray of float64, shape (k,)
        Ascending times.
    curve : ndarray of float64, shape (k,)
        Height from each time on; nan where it cannot be told.
    level : float
        Height asked for, below 1.

    Returns
    -------
    float or None
        The time; None if the curve stays above.
    """
    known = ~np.isnan(curve)
    time, height = times[known], curve[known]
    reached = np.flatnonzero(height <= level + _TOLERANCE)
    if not reached.size:
        return None
    first = reached[0]
    below = np.flatnonzero(height < level - _TOLERANCE)
    if not below.size:
        # The stretch has no end but that of follow-up, if the curve is known there.
        return float((time[first] + times[-1]) / 2) if known[-1] else None
    return float((time[first] + time[below[0]]) / 2)
