"""From dated histories to times: who had the event when, or was censored why.

One implementation serves the patients of a trial and, through
`oestra.trial.patient_history`, a single patient.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.trial.analysis import TimeToEvent
from oestra.trial.censoring import EventRule, Missed, Symptoms, Therapy
from oestra.trial.data_cut import cut

__all__ = ["Histories", "Timed", "last_adequate", "time_to"]

_CUT = "data cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Histories:
    """What is known of each patient, in days from randomization; inf if never.

    Parameters
    ----------
    scan_day : ndarray of float64, shape (n, v)
        Days of the scheduled assessments, done or missed.
    adequate : ndarray of bool, shape (n, v)
        Which of them were done and could be evaluated.
    progression_day : ndarray of float64, shape (n,)
        First progression that a scan shows.
    symptom_day : ndarray of float64, shape (n,)
        Progression by symptoms.
    death_day : ndarray of float64, shape (n,)
        Death.
    new_therapy_day : ndarray of float64, shape (n,)
        Start of another anticancer therapy.
    last_day : ndarray of float64, shape (n,)
        Withdrawal or loss to follow-up; what comes later is not known.
    cut_day : ndarray of float64, shape (n,)
        Data cut.
    baseline : ndarray of bool, shape (n,)
        Patients with a baseline assessment.
    """

    scan_day: NDArray[np.float64]
    adequate: NDArray[np.bool_]
    progression_day: NDArray[np.float64]
    symptom_day: NDArray[np.float64]
    death_day: NDArray[np.float64]
    new_therapy_day: NDArray[np.float64]
    last_day: NDArray[np.float64]
    cut_day: NDArray[np.float64]
    baseline: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Time to an event.

    Parameters
    ----------
    day : ndarray of float64, shape (n,)
        Day of the event or of censoring, from randomization.
    event_observed : ndarray of bool, shape (n,)
        True where the event was seen.
    reason : ndarray of str, shape (n,)
        What the event was, or why the time is censored.
    """

    day: NDArray[np.float64]
    event_observed: NDArray[np.bool_]
    reason: NDArray[np.str_]


def _first(
    causes: dict[str, NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """Return the earliest of some days and its name; of two on one day, the former."""
    days = np.stack(list(causes.values()))
    names = np.array(list(causes))
    return days.min(axis=0), names[days.argmin(axis=0)]


def last_adequate(
    histories: Histories, until: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the last adequate assessment up to a day; 0, randomization, before any.

    Parameters
    ----------
    histories : Histories
        The patients.
    until : ndarray of float64, shape (n,)
        A day for each.

    Returns
    -------
    ndarray of float64, shape (n,)
        Its day.
    """
    seen = histories.adequate & (histories.scan_day <= until[:, None])
    return np.where(seen, histories.scan_day, 0.0).max(axis=1, initial=0.0)


def _missed_before(
    histories: Histories, day: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Count assessments missed just before a day; return the adequate one before."""
    before = histories.scan_day < day[:, None]
    seen = histories.adequate & before
    last = np.where(seen, histories.scan_day, 0.0).max(axis=1, initial=0.0)
    missed = before & ~histories.adequate & (histories.scan_day > last[:, None])
    return missed.sum(axis=1), last


def _causes(
    endpoint: TimeToEvent, h: Histories, rule: EventRule
) -> dict[str, NDArray[np.float64]]:
    """Return the days of what is an event; of two on one day the first is told."""
    causes = {"progression on scan": h.progression_day}
    if rule.symptomatic_progression is Symptoms.EVENT:
        causes["clinical progression"] = h.symptom_day
    if rule.new_therapy is Therapy.EVENT:
        causes["new anticancer therapy"] = h.new_therapy_day
    if endpoint is TimeToEvent.PFS:
        causes["death"] = h.death_day
    return causes


def _ends(
    endpoint: TimeToEvent, h: Histories, rule: EventRule
) -> dict[str, NDArray[np.float64]]:
    """Return the days after which no event is known, or none can come."""
    ends = {"left the study": h.last_day}
    if endpoint is TimeToEvent.TTP:
        ends = {"death without progression": h.death_day} | ends
    if rule.new_therapy is Therapy.CENSOR:
        ends = {"new anticancer therapy": h.new_therapy_day} | ends
    return ends


def _after_missed(
    what: NDArray[np.str_], missed: NDArray[np.int64], rule: EventRule
) -> NDArray[np.bool_]:
    if not rule.missed_assessments:
        return np.zeros(missed.shape, dtype=bool)
    spared = (what == "death") & (rule.death_after_missed is Missed.EVENT)
    return (missed >= rule.missed_assessments) & ~spared


def time_to(endpoint: TimeToEvent, histories: Histories, rule: EventRule) -> Timed:
    """Return the time of each patient to an event.

    An event on the day on which something censors still counts. Of two events on one
    day, a scan comes before symptoms, these before other therapy, and death last. A
    patient without a baseline assessment is censored at randomization. One without an
    adequate assessment after it is too, unless an event is found before so many
    assessments are missed as the rule says: her early death counts.

    Parameters
    ----------
    endpoint : TimeToEvent
        Progression-free survival, time to progression or overall survival.
    histories : Histories
        The patients.
    rule : EventRule
        What counts and what censors.

    Returns
    -------
    Timed
        Times with their reasons.
    """
    h = histories
    if endpoint is TimeToEvent.OS:
        day, event = cut(h.death_day, np.isfinite(h.death_day), None, h.cut_day)
        return Timed(
            day=day, event_observed=event, reason=np.where(event, "death", _CUT)
        )
    found, what = _first(_causes(endpoint, h, rule))
    end, why = _first(_ends(endpoint, h, rule))
    event = np.isfinite(found) & (found <= end)
    known = np.where(event, found <= h.cut_day, end < h.cut_day)
    missed, before = _missed_before(h, found)
    late = event & _after_missed(what, missed, rule)
    counts = event & ~late & h.baseline
    day = np.where(counts, found, np.where(late, before, last_adequate(h, end)))
    seen = (what == "progression on scan") | (what == "clinical progression")
    name = np.where(seen, "progression", what)
    why = np.where(late, np.char.add(name, " after missed scans"), why)
    scans = np.where(h.adequate & h.baseline[:, None], h.scan_day, np.inf)
    day, counts = cut(np.where(h.baseline, day, 0.0), counts, scans, h.cut_day)
    reason = np.where(h.baseline, np.where(known, why, _CUT), "no baseline scan")
    return Timed(day=day, event_observed=counts, reason=np.where(counts, what, reason))
