"""Growth of single target lesions: progression by WHO, whatever the sum does.

References
----------
.. [1] Miller AB et al. (1981). Reporting results of cancer treatment. Cancer 47:207-14:
   progressive disease is an increase of a quarter or more in one or more measurable
   lesions, or a new lesion.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["lesion_grown"]

_ROUND = 1e-9


def lesion_grown(
    sizes: NDArray[np.float64], seen: NDArray[np.bool_], ratio: float
) -> NDArray[np.bool_] | None:
    """Tell at which visits a single target has grown over its own nadir by a ratio.

    Parameters
    ----------
    sizes : ndarray of float64, shape (n, l, 1 + v)
        Sizes of target lesions, baseline first; 0 of others and of those gone.
    seen : ndarray of bool, shape (n, l, v) or (n, 1, v)
        Visits at which each could be evaluated.
    ratio : float
        Least ratio to the smallest size before, baseline included; inf for none.

    Returns
    -------
    ndarray of bool, shape (n, v), or None
        None where the rule set does not look at single lesions.
    """
    if not np.isfinite(ratio):
        return None
    now = sizes[:, :, 1:]
    before = np.where(seen, now, np.inf)
    series = np.concatenate([sizes[:, :, :1], before[:, :, :-1]], axis=2)
    nadir = np.minimum.accumulate(series, axis=2)
    grown = (now >= ratio * nadir - _ROUND) & (now > nadir + _ROUND) & seen
    return np.any(grown & (sizes[:, :, :1] > 0), axis=1)
