"""What a reader of scans sees of the lesions: targets, diameters, sums, burden."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.terms import Site
from oestra.trial.criteria import CriteriaRules

__all__ = [
    "NODE",
    "Lesions",
    "at_visits",
    "choose_targets",
    "diameter",
    "target_sizes",
]

NODE = list(Site).index(Site.NODE)
"""Site code of lymph nodes."""

_EMPTY = -30.0
"""Log volume that stands for no lesion; a lesion of 1e-13 mm^3 cannot be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesions:
    """Lesions at baseline and at each visit.

    Parameters
    ----------
    log_volume : ndarray of float64, shape (n, l, 1 + v)
        Natural log of volume in mm^3; the first column is the baseline.
    site : ndarray of int, shape (n, l)
        Site code of each lesion, -1 for none.
    measurable : ndarray of bool, shape (n, l)
        Lesions that may be chosen as targets.
    """

    log_volume: NDArray[np.float64]
    site: NDArray[np.integer]
    measurable: NDArray[np.bool_]


def diameter(log_volume: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the diameter in mm of a sphere whose log volume in mm^3 is given.

    It is rounded to 0.0001 mm: volumes are kept in single precision, whose last digits
    would decide what lies on the border of a rule.
    """
    return np.round(np.exp(log_volume / 3.0) * (6.0 / np.pi) ** (1.0 / 3.0), 4)


def at_visits(
    log_volume: NDArray[np.floating],
    days: NDArray[np.float64],
    visit_day: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Interpolate log volume, linear between output days, at each patient's visits.

    Parameters
    ----------
    log_volume : ndarray, shape (n, l, t)
        Log volume at the output days, -inf where there is no lesion.
    days : ndarray of float64, shape (t,)
        Output days, ascending from 0.
    visit_day : ndarray of float64, shape (n, v)
        Days of the visits; later than the last output day counts as that day.

    Returns
    -------
    ndarray of float64, shape (n, l, 1 + v)
        Log volume at baseline and at the visits.
    """
    when = np.concatenate([np.zeros((len(visit_day), 1)), visit_day], axis=1)
    right = np.clip(np.searchsorted(days, when, side="left"), 1, days.size - 1)
    span = days[right] - days[right - 1]
    share = np.clip((when - days[right - 1]) / span, 0.0, 1.0)[:, None, :]
    volume = np.maximum(log_volume, _EMPTY)
    after = np.take_along_axis(volume, right[:, None, :], axis=2)
    before = np.take_along_axis(volume, right[:, None, :] - 1, axis=2)
    return (before * (1 - share) + after * share).astype(np.float64)


def choose_targets(lesions: Lesions, rules: CriteriaRules) -> NDArray[np.bool_]:
    """Choose the largest measurable lesions within the limits of the rule set.

    Parameters
    ----------
    lesions : Lesions
        Lesions with their baseline.
    rules : CriteriaRules
        Limits in all and per organ, and the least short axis of a node.

    Returns
    -------
    ndarray of bool, shape (n, l)
        The target lesions.
    """
    large = diameter(lesions.log_volume[:, :, 0]) >= np.where(
        lesions.site == NODE, rules.target_node, 0.0
    )
    size = np.where(lesions.measurable & large, lesions.log_volume[:, :, 0], -np.inf)
    order = np.argsort(-size, axis=1, kind="stable")
    site = np.take_along_axis(lesions.site, order, axis=1)
    able = np.take_along_axis(np.isfinite(size) & (size > _EMPTY), order, axis=1)
    same = (site[:, :, None] == site[:, None, :]) & able[:, None, :]
    earlier = np.tri(site.shape[1], k=-1, dtype=bool)
    rank_in_site = (same & earlier).sum(axis=2)
    fits = able & (rank_in_site < rules.max_per_site)
    chosen = fits & (np.cumsum(fits, axis=1) <= rules.max_targets)
    target = np.zeros_like(chosen)
    np.put_along_axis(target, order, chosen, axis=1)
    return target


def target_sizes(
    size: NDArray[np.float64], target: NDArray[np.bool_], rules: CriteriaRules
) -> NDArray[np.float64]:
    """Return what each target lesion adds to the sum as the rule set measures it.

    Parameters
    ----------
    size : ndarray of float64, shape (n, l, v)
        Recorded diameters, mm; 0 where a lesion has gone.
    target : ndarray of bool, shape (n, l)
        Which lesions are targets.
    rules : CriteriaRules
        Diameters or products, and the least diameter recorded.

    Returns
    -------
    ndarray of float64, shape (n, l, v)
        Diameters (mm) or products (mm^2); 0 of lesions that are no targets.
    """
    recorded = np.where(size > 0, np.maximum(size, rules.smallest_recorded), 0.0)
    power = recorded if rules.dimension == 1 else recorded * recorded
    return power * target[:, :, None]
