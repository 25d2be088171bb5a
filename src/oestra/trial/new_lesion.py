"""New lesions of which a reader is not sure at first.

References
----------
.. [1] Eisenhauer EA et al. (2009). Eur J Cancer 45:228-247, section 4.3.5: if repeat
   scans confirm that there is definitely a new lesion, progression is declared with the
   date of the initial scan.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["dated_back"]


def dated_back(
    sure: NDArray[np.bool_],
    equivocal: NDArray[np.bool_],
    assessed: NDArray[np.bool_],
    still: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Date new lesions to the scan that showed them first.

    Parameters
    ----------
    sure : ndarray of bool, shape (n, v)
        An unequivocal new lesion at a visit.
    equivocal : ndarray of bool, shape (n, v)
        Something at a visit that may be a new lesion.
    assessed : ndarray of bool, shape (n, v)
        False where nothing was seen; what a reader made of the lesion before waits for
        the next visit.
    still : ndarray of bool, shape (n, v), optional
        Visits at which an equivocal lesion that was there at the visit before is sure;
        by default only the reader says so.

    Returns
    -------
    ndarray of bool, shape (n, v)
        Visits with a new lesion: the sure ones, and the equivocal ones before them
        without a visit between at which it was not there.
    """
    new = sure & assessed
    doubt = equivocal & ~sure & assessed
    there, verdict = (np.zeros(sure.shape[0], dtype=bool) for _ in range(2))
    again = np.zeros_like(doubt) if still is None else doubt & still
    for visit in range(sure.shape[1]):
        new[:, visit] |= again[:, visit] & there
        there = np.where(assessed[:, visit], new[:, visit] | doubt[:, visit], there)
    for visit in range(sure.shape[1] - 1, -1, -1):
        new[:, visit] |= doubt[:, visit] & verdict
        verdict = np.where(assessed[:, visit], new[:, visit], verdict)
    return new
