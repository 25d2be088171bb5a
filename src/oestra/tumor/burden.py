"""From clones to lesions: every lesion is a mix of the same clones."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.ordered_sum import ordered_sum
from oestra.tumor.presentation import Presentation

__all__ = ["lesion_log_volume", "log_total"]

Array = NDArray[np.float64]


def log_total(log_cells: Array) -> Array:
    """Return the log of the sum of clones along the last axis.

    Parameters
    ----------
    log_cells : ndarray, shape (..., clones)
        Natural logs of cell numbers, ``-inf`` for an absent clone.

    Returns
    -------
    ndarray, shape (...)
        Log of all cells; ``-inf`` when there are none.
    """
    # Clone by clone: NumPy is slow along short axes.
    top = log_cells[..., 0].copy()
    for clone in range(1, log_cells.shape[-1]):
        np.maximum(top, log_cells[..., clone], out=top)
    base = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return base + np.log(ordered_sum(np.exp(log_cells - base[..., None]), axis=-1))


def lesion_log_volume(
    start: Array,
    growth: Array,
    lesions: Presentation,
    cells_per_mm3: float,
    cleared: Array | float = np.inf,
) -> NDArray[np.float32]:
    """Return lesion volumes over time from the growth of clones.

    Parameters
    ----------
    start : ndarray, shape (n, clones)
        Log cell numbers at time zero, ``-inf`` for an absent clone.
    growth : ndarray, shape (n, times, clones)
        Rise of each clone's log cell number since time zero, ``-inf`` once a clone
        has died out.
    lesions : Presentation
        Shares, mixes and pace of lesions.
    cells_per_mm3 : float
        Cell density.
    cleared : float or ndarray, shape (times,)
        Time over the time constant of the clearance of stroma; by default it goes
        with the cells.

    Returns
    -------
    ndarray of float32, shape (n, lesions, times)
        Natural log of volume in mm³, ``-inf`` where there is no lesion.
    """
    whole = log_total(start)
    # Most patients have few of the lesions that a patient may have.
    who, which = np.nonzero(lesions.share)
    share, mix = lesions.share[who, which], lesions.mix[who, which]
    pace, stroma = lesions.pace[who, which], lesions.stroma[who, which]
    size = (whole - np.log(cells_per_mm3))[who] + np.log(share)
    mixed = (start - whole[:, None])[who] + mix
    mixed = mixed - log_total(mixed)[:, None]
    risen = pace[:, None, None] * growth[who]
    change = log_total(mixed[:, None, :] + risen)
    # Stroma grows with the cells and goes after them.
    lag = np.maximum(change, -np.asarray(cleared, dtype=float))
    with np.errstate(divide="ignore"):
        parts = np.log(1.0 - stroma), np.log(stroma)
    change = np.logaddexp(parts[0][:, None] + change, parts[1][:, None] + lag)
    found = np.full((*lesions.share.shape, growth.shape[1]), -np.inf, dtype=np.float32)
    found[who, which] = size[:, None] + change
    return found
