"""ZIP: what a pair does beyond drugs that leave each other's potency alone.

References
----------
.. [1] Yadav B, Wennerberg K, Aittokallio T, Tang J (2015). Searching for drug synergy
   in complex dose-response landscapes using an interaction potency model. Comput Struct
   Biotechnol J 13:504-513.
"""

import numpy as np
from numpy.typing import NDArray

from oestra.culture.hill import LEAST_DOSES, fit_hill

__all__ = ["zip_excess"]

Array = NDArray[np.float64]


def zip_excess(
    doses: tuple[Array, Array], alone: tuple[Array, Array], together: Array
) -> Array:
    """Return the effect of pairs beyond zero interaction potency.

    Parameters
    ----------
    doses : tuple of ndarray, shapes (n,) and (m,)
        Doses of each drug, nM.
    alone : tuple of ndarray, shapes (n,) and (m,)
        Effects of each alone.
    together : ndarray, shape (n, m)
        Effects of pairs.

    Returns
    -------
    ndarray, shape (n, m)
        Positive for synergy; NaN with fewer than four doses of a drug, which do not
        determine a curve.

    Notes
    -----
    Expected is the effect of both fitted single curves if neither moves the other.
    Seen is the mean of the curves fitted along each drug, which begin at the other's
    own effect [1]_.
    """
    if min(map(len, doses)) < LEAST_DOSES:
        return np.full(together.shape, np.nan)
    first, second = (
        fit_hill(dose, effect).at(dose)
        for dose, effect in zip(doses, alone, strict=True)
    )
    expected = first[:, None] + second[None, :] - np.outer(first, second)
    along_first = [
        fit_hill(doses[0], column, start=float(start)).at(doses[0])
        for column, start in zip(together.T, second, strict=True)
    ]
    along_second = [
        fit_hill(doses[1], row, start=float(start)).at(doses[1])
        for row, start in zip(together, first, strict=True)
    ]
    return 0.5 * (np.array(along_first).T + np.array(along_second)) - expected
