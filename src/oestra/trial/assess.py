"""Reading a trial's scans: from lesions to responses, visit by visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from oestra.core.ordered_sum import ordered_sum
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.terms import Criteria
from oestra.trial.assumption import Assumptions
from oestra.trial.criteria import CriteriaRules, rules_of
from oestra.trial.lesion import (
    NODE,
    Lesions,
    at_visits,
    choose_targets,
    diameter,
    target_sizes,
)
from oestra.trial.nontarget import read_nontarget
from oestra.trial.reading import Measured, Reading
from oestra.trial.recist import overall_response
from oestra.trial.response_code import Code
from oestra.trial.target_growth import lesion_grown

__all__ = ["Assessment", "Followed", "Schedule", "assess", "read_scans"]


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
    neither : Code
        What a response counts as that is not confirmed in a patient without targets.
    """

    schedule: Schedule
    response: NDArray[np.int8]
    measurable: NDArray[np.bool_]
    change_percent: NDArray[np.float64]
    neither: Code = Code.NON_CR_NON_PD


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
    read = np.round(true * np.exp(spread * target[:, :, None] * error), 4)
    return np.where(true >= assumptions.visible_diameter.value, read, 0.0)


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
    normal = np.where(lesions.site == NODE, rules.normal_node, 0.0)
    gone = (size == 0) | (size < normal[:, :, None]) | ~target[:, :, None]
    sizes = target_sizes(size, target, rules)
    sums = ordered_sum(sizes, axis=1)
    others = read_nontarget(
        lesions,
        target,
        schedule.day,
        schedule.attended,
        rules=rules,
        assumptions=assumptions,
    )
    return Reading(
        day=schedule.day,
        assessed=schedule.attended,
        baseline=sums[:, 0],
        target=sums[:, 1:],
        target_cleared=gone.all(axis=1)[:, 1:] & np.any(target, axis=1, keepdims=True),
        nontarget_cleared=others.cleared,
        nontarget_worse=others.worse,
        new_lesion=others.new | (schedule.day >= followed.new_lesion_day[:, None]),
        target_worse=lesion_grown(
            sizes, schedule.attended[:, None, :], rules.lesion_ratio
        ),
        diseased=others.any_at_baseline | (sums[:, 0] > 0),
        measured=Measured(target=target, site=lesions.site, size=sizes),
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
    rules = rules_of(criteria)
    return Assessment(
        schedule=schedule,
        response=overall_response(reading, rules),
        measurable=measurable,
        change_percent=100 * (reading.target / base - 1),
        neither=rules.neither,
    )
