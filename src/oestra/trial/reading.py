"""What a reader of scans saw, visit by visit.

Arrays have one row per patient and one column per visit; the baseline is not a visit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Measured", "Reading", "nadir_before"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Target lesions as the reader measured them.

    Parameters
    ----------
    target : ndarray of bool, shape (n, l)
        Which lesions are targets.
    site : ndarray of int, shape (n, l)
        Site code of each lesion.
    size : ndarray of float64, shape (n, l, 1 + v)
        What each adds to the sum (mm or mm^2), baseline first; 0 of other lesions.
    """

    target: NDArray[np.bool_]
    site: NDArray[np.integer]
    size: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the reader saw.

    Parameters
    ----------
    day : ndarray of float64, shape (n, v)
        Day of each visit from randomization.
    assessed : ndarray of bool, shape (n, v)
        False where a visit was missed, so that nothing at all was seen.
    baseline : ndarray of float64, shape (n,)
        Sum over target lesions before treatment; 0 without measurable disease.
    target : ndarray of float64, shape (n, v)
        Sum over target lesions (mm or mm^2), over those that could be evaluated.
    target_cleared : ndarray of bool, shape (n, v)
        All target lesions gone (or nodes normal).
    nontarget_cleared, nontarget_worse, new_lesion : ndarray of bool, shape (n, v)
        Non-target lesions all gone (also where there are none), unequivocally
        worse; a lesion seen that was not there before.
    target_evaluable, nontarget_evaluable : ndarray of bool, shape (n, v), optional
        False where not all lesions of the kind could be evaluated; by default all
        could wherever a visit was assessed.
    target_worse : ndarray of bool, shape (n, v), optional
        A single target lesion has grown enough to be progression (WHO).
    disease_seen : ndarray of bool, shape (n, v), optional
        Any disease seen, also where not all lesions could be evaluated; by default
        wherever not all lesions are gone.
    diseased : ndarray of bool, shape (n,), optional
        False for patients in whom no disease was seen before treatment; by default
        all have some.
    measured : Measured, optional
        The target lesions one by one, where they are known.
    """

    day: NDArray[np.float64]
    assessed: NDArray[np.bool_]
    baseline: NDArray[np.float64]
    target: NDArray[np.float64]
    target_cleared: NDArray[np.bool_]
    nontarget_cleared: NDArray[np.bool_]
    nontarget_worse: NDArray[np.bool_]
    new_lesion: NDArray[np.bool_]
    target_evaluable: NDArray[np.bool_] | None = None
    nontarget_evaluable: NDArray[np.bool_] | None = None
    target_worse: NDArray[np.bool_] | None = None
    disease_seen: NDArray[np.bool_] | None = None
    diseased: NDArray[np.bool_] | None = None
    measured: Measured | None = None

    @property
    def targets_seen(self) -> NDArray[np.bool_]:
        """Visits at which every target lesion was evaluated, shape (n, v)."""
        if self.target_evaluable is None:
            return self.assessed
        return self.assessed & self.target_evaluable

    @property
    def nontargets_seen(self) -> NDArray[np.bool_]:
        """Visits at which every non-target lesion was evaluated, shape (n, v)."""
        if self.nontarget_evaluable is None:
            return self.assessed
        return self.assessed & self.nontarget_evaluable


def nadir_before(reading: Reading) -> NDArray[np.float64]:
    """Return the smallest sum seen before each visit, baseline included.

    Parameters
    ----------
    reading : Reading
        What was seen.

    Returns
    -------
    ndarray of float64, shape (n, v)
        The nadir; visits not assessed do not lower it, and neither do sums in which
        a lesion is missing.
    """
    seen = np.where(reading.targets_seen, reading.target, np.inf)
    series = np.concatenate([reading.baseline[:, None], seen[:, :-1]], axis=1)
    return np.minimum.accumulate(series, axis=1)
