"""What a reader makes of lesions that are no targets: gone, there, worse, or new."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.ordered_sum import ordered_sum
from oestra.core.terms import Site
from oestra.trial.assumption import Assumptions
from oestra.trial.bone import log_extent
from oestra.trial.criteria import CriteriaRules
from oestra.trial.lesion import NODE, Lesions, diameter
from oestra.trial.new_lesion import dated_back

__all__ = ["NonTarget", "read_nontarget"]

_BONE = list(Site).index(Site.BONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NonTarget:
    """Lesions that are no targets, as read.

    Parameters
    ----------
    cleared, worse, new : ndarray of bool, shape (n, v)
        All gone or normal (also where there are none); unequivocally worse; a lesion
        seen that was not seen, or a node enlarged that was normal, at baseline.
    any_at_baseline : ndarray of bool, shape (n,)
        Patients who have such disease before treatment.
    """

    cleared: NDArray[np.bool_]
    worse: NDArray[np.bool_]
    new: NDArray[np.bool_]
    any_at_baseline: NDArray[np.bool_]


def _total(
    log_volume: NDArray[np.float64], which: NDArray[np.bool_]
) -> NDArray[np.float64]:
    return ordered_sum(np.exp(log_volume) * which[:, :, None], axis=1)


def _risen(
    volume: NDArray[np.float64], attended: NDArray[np.bool_], ratio: float
) -> NDArray[np.bool_]:
    """Tell whether a volume exceeds its nadir by a ratio; first column baseline."""
    seen = np.where(attended, volume[:, 1:], np.inf)
    series = np.concatenate([volume[:, :1], seen[:, :-1]], axis=1)
    nadir = np.minimum.accumulate(series, axis=1)
    return volume[:, 1:] >= ratio * nadir


def _worse(
    lesions: Lesions,
    target: NDArray[np.bool_],
    others: NDArray[np.bool_],
    attended: NDArray[np.bool_],
    rules: CriteriaRules,
    assumptions: Assumptions,
) -> NDArray[np.bool_]:
    """Tell at which visits growth beside the targets is unequivocal progression."""
    smallest = np.pi / 6 * assumptions.visible_diameter.value**3
    ratio, bone = assumptions.nontarget_rise.value, lesions.site == _BONE
    worse = np.zeros_like(attended)
    for which, least in (
        (others & ~bone, ratio),
        (others & bone, assumptions.bone_rise.value),
    ):
        volume = np.maximum(_total(lesions.log_volume, which), smallest)
        worse |= _risen(volume, attended, least)
    if rules.whole_burden:
        whole = _total(lesions.log_volume, np.ones_like(target))
        rise = _risen(np.maximum(whole, smallest), attended, ratio)
        worse &= rise | ~np.any(target, axis=1, keepdims=True)
    return worse


def read_nontarget(
    lesions: Lesions,
    target: NDArray[np.bool_],
    day: NDArray[np.float64],
    attended: NDArray[np.bool_],
    *,
    rules: CriteriaRules,
    assumptions: Assumptions,
) -> NonTarget:
    """Read what is no target at every visit.

    A node below the normal short axis is no disease; where such a node at baseline
    enlarges later, it is a new lesion, and below the size of a target only if the next
    scan shows it still. A bone lesion is seen until its bone is renewed.

    Parameters
    ----------
    lesions : Lesions
        All lesions, at baseline and at the visits.
    target : ndarray of bool, shape (n, l)
        Which are targets.
    day : ndarray of float64, shape (n, v)
        Days of the visits.
    attended : ndarray of bool, shape (n, v)
        Visits that took place.
    rules : CriteriaRules
        The rule set.
    assumptions : Assumptions
        What can be seen, and what growth is unequivocal.

    Returns
    -------
    NonTarget
        What was read.

    References
    ----------
    .. [1] EORTC, RECIST 1.1 questions and clarifications, "New lymph node lesions": a
       node that grows from 9 to 11 mm is judged by the next scan.
    """
    there = ~target & (lesions.site >= 0)
    node, bone = lesions.site == NODE, lesions.site == _BONE
    size = diameter(lesions.log_volume)
    smallest = assumptions.visible_diameter.value
    least = np.where(node, max(smallest, rules.normal_node), smallest)[:, :, None]
    abnormal = (size >= least) & there[:, :, None]
    known = abnormal[:, :, 0]
    when = np.concatenate([np.zeros((len(day), 1)), day], axis=1)
    seen = diameter(
        log_extent(lesions.log_volume, when, assumptions.bone_renewal.value)
    )
    left = np.where(bone[:, :, None], seen >= least, abnormal)[:, :, 1:]
    worse = _worse(lesions, target, known, attended, rules, assumptions)
    cleared = ~np.any(left & known[:, :, None], axis=1)
    enlarged = abnormal[:, :, 1:] & ~known[:, :, None]
    doubtful = node[:, :, None] & (size[:, :, 1:] < rules.target_node)
    equivocal = np.any(enlarged & doubtful, axis=1)
    new = dated_back(
        np.any(enlarged & ~doubtful, axis=1), equivocal, attended, still=equivocal
    )
    return NonTarget(
        cleared=cleared,
        worse=worse & ~cleared,
        new=new,
        any_at_baseline=np.any(known, axis=1),
    )
