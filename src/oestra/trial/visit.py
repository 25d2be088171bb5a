"""Days of the scans: the plan of the protocol, and when they really were done."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.trial.assess import Schedule
from oestra.trial.assumption import Assumptions
from oestra.trial.design import TrialDesign, Visits

__all__ = ["draw_interval", "output_days", "planned_days", "schedule"]


def draw_interval(visits: Visits, streams: Streams) -> float:
    """Return the interval in weeks; of several candidates, one drawn at random."""
    options = visits.candidates
    level = float(streams.uniform(Stream.VISIT_INTERVAL, [0])[0, 0])
    return options[int(level * len(options))]


def planned_days(
    visits: Visits, interval_weeks: float, until_day: float
) -> NDArray[np.float64]:
    """Return the planned days of scans, shape (v,).

    Parameters
    ----------
    visits : Visits
        The protocol's rule.
    interval_weeks : float
        Interval at first.
    until_day : float
        Last day of follow-up.

    Returns
    -------
    ndarray of float64, shape (v,)
        Days from randomization, ascending, without the baseline.
    """
    step = 7.0 * interval_weeks
    if visits.later_interval_weeks is None or visits.later_after_weeks is None:
        return np.arange(step, until_day + 1e-6, step)
    switch = 7.0 * visits.later_after_weeks
    first = np.arange(step, min(switch, until_day) + 1e-6, step)
    last = first[-1] if first.size else 0.0
    later = 7.0 * visits.later_interval_weeks
    return np.append(first, np.arange(last + later, until_day + 1e-6, later))


def output_days(
    design: TrialDesign, interval_weeks: float, until_day: float
) -> NDArray[np.float64]:
    """Return the days at which courses are asked for, shape (t,).

    Scans lie between them; two a scan interval, at most four weeks apart, follow the
    nadir closely enough for linear interpolation of log volume.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    interval_weeks : float
        Interval between scans.
    until_day : float
        Last day of follow-up.

    Returns
    -------
    ndarray of float64, shape (t,)
        Ascending from 0.
    """
    step = min(28.0, 3.5 * interval_weeks)
    days = np.arange(0.0, until_day + step, step)
    analysis = design.analysis
    extra = [x.day for x in (analysis.ki67, analysis.metabolic) if x is not None]
    return np.unique(np.append(days, extra)) if extra else days


def schedule(
    planned: NDArray[np.float64],
    visits: Visits,
    patient: NDArray[np.int64],
    *,
    streams: Streams,
    assumptions: Assumptions,
) -> Schedule:
    """Draw when each patient was really scanned.

    Parameters
    ----------
    planned : ndarray of float64, shape (v,)
        Planned days.
    visits : Visits
        Window of the protocol.
    patient : ndarray of int64, shape (n,)
        Numbers that key the draws.
    streams : Streams
        Source of jitter and missed visits.
    assumptions : Assumptions
        Their sizes.

    Returns
    -------
    Schedule
        Day of each visit and whether it was attended, shape (n, v) each.
    """
    if not planned.size:
        empty = np.zeros((patient.size, 0))
        return Schedule(day=empty, attended=empty.astype(bool))
    jitter = streams.normal(Stream.VISIT_DAY, patient, planned.size)
    offset = assumptions.visit_jitter.value * jitter
    day = planned + np.clip(offset, -visits.window_days, visits.window_days)
    level = streams.uniform(Stream.MISSED_VISIT, patient, planned.size)
    return Schedule(
        day=np.maximum(day, 1.0), attended=level >= assumptions.missed_visit.value
    )
