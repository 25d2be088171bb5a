"""Growth of single target lesions: progression by WHO, whatever the sum does.

References
----------
.. [1] Miller AB et al. (1981). Reporting results of cancer treatment. Cancer 47:207-14:
   progressive disease is an increase of a quarter or more in one or more measurable
   lesions, or a new lesion.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["joined", "lesion_grown"]

_ROUND = 1e-9


def joined(
    sizes: NDArray[np.float64], merged: NDArray[np.bool_], site: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Add to single targets those that merged, so that growth is that of both.

    A lesion merged into that target of its organ which grew most at this visit; from
    then on neither is judged alone, and both together by what they were before.

    Parameters
    ----------
    sizes : ndarray of float64, shape (l, 1 + v)
        Sizes of the targets of one patient, nan if not evaluable.
    merged : ndarray of bool, shape (l, 1 + v)
        Visits at which a target is part of another.
    site : sequence of str
        Organ of each target.

    Returns
    -------
    tuple of ndarray of float64 and of bool, shape (l + m, 1 + v)
        Sizes, 0 if not evaluable, and where they could be evaluated; a row more for
        each target that merged.
    """
    known = ~np.isnan(sizes)
    rows, seen = [np.nan_to_num(sizes)], [known.copy()]
    when = np.where(known, np.arange(known.shape[1]), 0)
    last = np.take_along_axis(rows[0], np.maximum.accumulate(when, axis=1), axis=1)
    group = {row: frozenset([row]) for row in range(len(site))}
    first = [(int(np.argmax(one)), row) for row, one in enumerate(merged) if one.any()]
    for at, row in sorted(first):
        others = [
            other
            for other, organ in enumerate(site)
            if organ == site[row] and not merged[other, at]
        ]
        if not others:
            continue
        rise = [rows[0][other, at] - last[other, at - 1] for other in others]
        host = others[int(np.argmax(rise))]
        both = group[row] | group[host]
        group |= dict.fromkeys(both, both)
        seen[0][[row, host], at:] = False
    for both in {one for one in group.values() if len(one) > 1}:
        members = sorted(both)
        rows.append(rows[0][members].sum(axis=0, keepdims=True))
        seen.append(np.logical_and.reduce(known[members], axis=0, keepdims=True))
    return np.concatenate(rows), np.concatenate(seen)


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
