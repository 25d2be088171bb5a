"""Reading a trial's scans: from lesions to responses, visit by visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from oestra.core.ordered_sum import ordered_sum
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.terms import Criteria, Site
from oestra.trial.assumption import Assumptions
from oestra.trial.criteria import CriteriaRules, rules_of
from oestra.trial.lesion import (
    Lesions,
    at_visits,
    choose_targets,
    diameter,
    target_sum,
)
from oestra.trial.recist import Reading, overall_response

__all__ = ["Assessment", "Followed", "Schedule", "assess", "read_scans"]

_NODE, _BONE = list(Site).index(Site.NODE), list(Site).index(Site.BONE)


class Followed(Protocol):
    """Courses of patients under treatment, as the storey below returns them."""

    @property
    def days(self) -> NDArray[np.float64]:
        """Output days from randomization, shape (t,)."""
        ...

    @property
    def log_volume(self) -> NDArray[np.float32]:
        """Log volume in mm^3 of each lesion, -inf if absent, shape (n, l, t)."""
        ...

    @property
    def site(self) -> NDArray[np.integer]:
        """Site codes, shape (n, l)."""
        ...

    @property
    def measurable(self) -> NDArray[np.bool_]:
        """Lesions that can be measured, shape (n, l)."""
        ...

    @property
    def new_lesion_day(self) -> NDArray[np.float64]:
        """Day a new lesion can first be seen, inf if none, shape (n,)."""
        ...

    @property
    def symptom_day(self) -> NDArray[np.float64]:
        """Day of clinical progression, inf if none, shape (n,)."""
        ...

    @property
    def death_day(self) -> NDArray[np.float64]:
        """Day of death, inf if none, shape (n,)."""
        ...

    @property
    def ki67(self) -> NDArray[np.float64]:
        """Ki67 in percent, shape (n, t)."""
        ...

    @property
    def fdg_uptake(self) -> NDArray[np.float64]:
        """Uptake of FDG by a volume of tumor, in any unit, shape (n, t)."""
        ...

    @property
    def audit(self) -> Mapping[str, int]:
        """Counts of what was integrated and what was lost."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Visits of each patient.

    Parameters
    ----------
    day : ndarray of float64, shape (n, v)
        Day of each visit from randomization.
    attended : ndarray of bool, shape (n, v)
        Visits at which the patient was assessed.
    """

    day: NDArray[np.float64]
    attended: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Responses of each patient.

    Parameters
    ----------
    schedule : Schedule
        The visits.
    response : ndarray of int8, shape (n, v)
        Overall response at each visit as `Code`.
    measurable : ndarray of bool, shape (n,)
        Patients with target lesions.
    change_percent : ndarray of float64, shape (n, v)
        Change of the target sum from baseline; not meaningful without targets.
    """

    schedule: Schedule
    response: NDArray[np.int8]
    measurable: NDArray[np.bool_]
    change_percent: NDArray[np.float64]


def _sizes(
    lesions: Lesions,
    target: NDArray[np.bool_],
    patient: NDArray[np.int64],
    rules: CriteriaRules,
    streams: Streams,
    assumptions: Assumptions,
) -> NDArray[np.float64]:
    """Return diameters as recorded, with reading error, 0 below what can be seen."""
    true = diameter(lesions.log_volume)
    n, count, columns = true.shape
    rank = np.cumsum(target, axis=1) - 1
    most = int(target.sum(axis=1).max(initial=0))
    noise = streams.normal(Stream.READING, patient, max(most, 1) * columns)
    noise = noise.reshape(n, max(most, 1), columns)
    index = np.clip(rank, 0, max(most, 1) - 1)[:, :, None]
    error = np.take_along_axis(noise, np.broadcast_to(index, (n, count, 1)), axis=1)
    # Two diameters of one lesion are read with independent errors.
    spread = assumptions.reading_error.value / np.sqrt(rules.dimension)
    read = true * np.exp(spread * target.astype(float)[:, :, None] * error)
    return np.where(true >= assumptions.visible_diameter.value, read, 0.0)


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


def _nontarget(
    lesions: Lesions,
    target: NDArray[np.bool_],
    attended: NDArray[np.bool_],
    rules: CriteriaRules,
    assumptions: Assumptions,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return whether non-target lesions are all gone, and unequivocally worse."""
    others = np.logical_not(target)
    smallest = np.pi / 6 * assumptions.visible_diameter.value**3
    largest = np.where(others[:, :, None], lesions.log_volume, -np.inf)
    cleared = largest.max(axis=1, initial=-np.inf)[:, 1:] < np.log(smallest)
    ratio, bone = assumptions.nontarget_rise.value, lesions.site == _BONE
    worse = np.zeros_like(attended)
    for which, least in (
        (others & ~bone, ratio),
        (others & bone, assumptions.bone_rise.value),
    ):
        volume = np.maximum(_total(lesions.log_volume, which), smallest)
        worse |= _risen(volume, attended, least)
    worse &= ~cleared
    if rules.whole_burden:
        whole = _total(lesions.log_volume, np.ones_like(target))
        rise = _risen(np.maximum(whole, smallest), attended, ratio)
        worse &= rise | ~np.any(target, axis=1, keepdims=True)
    return cleared, worse


def read_scans(
    followed: Followed,
    schedule: Schedule,
    criteria: Criteria,
    patient: NDArray[np.int64],
    *,
    streams: Streams,
    assumptions: Assumptions,
) -> Reading:
    """Read every scan of every patient.

    Parameters
    ----------
    followed : Followed
        Lesions under treatment.
    schedule : Schedule
        Visits of each patient.
    criteria : Criteria
        Rule set of the trial.
    patient : ndarray of int64, shape (n,)
        Numbers that key the reading errors.
    streams : Streams
        Source of the reading errors.
    assumptions : Assumptions
        Reading error and what can be seen.

    Returns
    -------
    Reading
        Sums, non-target states and new lesions.
    """
    rules = rules_of(criteria)
    lesions = Lesions(
        log_volume=at_visits(followed.log_volume, followed.days, schedule.day),
        site=followed.site,
        measurable=followed.measurable,
    )
    target = choose_targets(lesions, rules)
    size = _sizes(lesions, target, patient, rules, streams, assumptions)
    normal = np.where(lesions.site == _NODE, rules.normal_node, 0.0)
    gone = (size == 0) | (size < normal[:, :, None]) | ~target[:, :, None]
    sums = target_sum(size, target, rules)
    cleared, worse = _nontarget(lesions, target, schedule.attended, rules, assumptions)
    return Reading(
        day=schedule.day,
        assessed=schedule.attended,
        baseline=sums[:, 0],
        target=sums[:, 1:],
        target_cleared=gone.all(axis=1)[:, 1:] & np.any(target, axis=1, keepdims=True),
        nontarget_cleared=cleared,
        nontarget_worse=worse,
        new_lesion=schedule.day >= followed.new_lesion_day[:, None],
    )


def assess(reading: Reading, schedule: Schedule, criteria: Criteria) -> Assessment:
    """Turn what was read into responses.

    Parameters
    ----------
    reading : Reading
        What was seen.
    schedule : Schedule
        Visits of each patient.
    criteria : Criteria
        Rule set of the trial.

    Returns
    -------
    Assessment
        Response at each visit and change from baseline.
    """
    measurable = reading.baseline > 0
    base = np.where(measurable, reading.baseline, 1.0)[:, None]
    return Assessment(
        schedule=schedule,
        response=overall_response(reading, rules_of(criteria)),
        measurable=measurable,
        change_percent=100 * (reading.target / base - 1),
    )
