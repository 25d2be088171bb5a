"""One patient's dated history, and what a rule of events and censoring makes of it.

>>> from oestra.trial.censoring import RULES, RuleName
>>> seen = [Scan(42), Scan(84, adequate=False), Scan(126, adequate=False), Scan(168)]
>>> history = PatientHistory(scans=seen, progression_day=168, cut_day=400)
>>> time_to_event(history, RULES[RuleName.FDA_2018])
EventTime(day=42.0, event=False, reason='progression after missed scans')
>>> time_to_event(history, RULES[RuleName.EMA])
EventTime(day=168.0, event=True, reason='progression on scan')
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from oestra.core.errors import InputError, shown, unknown_name
from oestra.core.name import plain_name
from oestra.trial.analysis import TimeToEvent
from oestra.trial.censoring import RULES, EventRule
from oestra.trial.event_rule import Histories, time_to

__all__ = ["EventTime", "PatientHistory", "Scan", "time_to_event"]


_LATEST_DAY = 36_500
"""A century."""


def _is_day(given: object) -> bool:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return False
    return 0 <= given <= _LATEST_DAY


@dataclass(frozen=True, slots=True)
class Scan:
    """A scheduled assessment.

    Parameters
    ----------
    day : float
        Day from randomization on which it was done or, if missed, due.
    adequate : bool
        Whether it was done and could be evaluated.
    """

    day: float
    adequate: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientHistory:
    """What is known of one patient, in days from randomization (day 0); None if never.

    Parameters
    ----------
    scans : sequence of Scan
        Scheduled assessments after the baseline, missed ones included.
    progression_day : float or None
        First progression that a scan shows.
    symptom_day : float or None
        Progression by symptoms.
    death_day : float or None
        Death.
    new_therapy_day : float or None
        Start of another anticancer therapy.
    withdrawal_day : float or None
        Withdrawal of consent or loss to follow-up; nothing later is known, save
        death in overall survival.
    cut_day : float or None
        Data cut; None if all is known.
    baseline : bool
        Whether there is a baseline assessment.

    Raises
    ------
    InputError
        If a day is no day, scans do not ascend, progression is said to be seen at a
        scan that was missed, or something comes after death.
    """

    scans: Sequence[Scan] = ()
    progression_day: float | None = None
    symptom_day: float | None = None
    death_day: float | None = None
    new_therapy_day: float | None = None
    withdrawal_day: float | None = None
    cut_day: float | None = None
    baseline: bool = True

    def __post_init__(self) -> None:
        """Check the days."""
        days: list[tuple[str, float | None]] = [
            ("scans", one.day) for one in self.scans
        ]
        days += [
            (field.name, getattr(self, field.name))
            for field in fields(self)
            if field.name.endswith("_day")
        ]
        for name, day in days:
            if day is not None and not _is_day(day):
                raise InputError(
                    f"{name} must be a day from 0, the day of randomization, to "
                    f"{_LATEST_DAY:,}, or None, got {shown(day)}."
                )
        order = [scan.day for scan in self.scans]
        if order != sorted(set(order)):
            raise InputError(
                f"Scans must ascend, each on a day of its own, got {order}."
            )
        missed = {scan.day for scan in self.scans if not scan.adequate}
        if self.progression_day in missed:
            raise InputError(
                f"Progression cannot be seen on day {self.progression_day:g}, where "
                "the scan is not adequate; mark it adequate, or give another day."
            )
        self._nothing_after_death()

    def _nothing_after_death(self) -> None:
        """Refuse what a patient who has died cannot have had."""
        if self.death_day is None:
            return
        done = [("an adequate scan", one.day) for one in self.scans if one.adequate]
        told = [
            ("progression_day", self.progression_day),
            ("symptom_day", self.symptom_day),
            ("new_therapy_day", self.new_therapy_day),
        ]
        for name, day in [*done, *told]:
            if day is not None and day > self.death_day:
                raise InputError(
                    f"death_day {self.death_day:g} comes before {name} on day {day:g}."
                )


@dataclass(frozen=True, slots=True)
class EventTime:
    """A time of one patient.

    Parameters
    ----------
    day : float
        Day of the event or of censoring, from randomization; the study day of a table
        that has no day 0 is one more.
    event : bool
        Whether it is an event.
    reason : str
        What the event was, or why the time is censored.
    """

    day: float
    event: bool
    reason: str


def time_to_event(
    history: PatientHistory,
    rule: EventRule | str,
    endpoint: TimeToEvent | str = TimeToEvent.PFS,
) -> EventTime:
    """Return the time of one patient under a rule.

    Parameters
    ----------
    history : PatientHistory
        What is known of her.
    rule : EventRule or str
        One of `oestra.trial.censoring.RULES`, by its name too, or any other.
    endpoint : TimeToEvent or str
        ``pfs``, ``ttp`` or ``os``.

    Returns
    -------
    EventTime
        The time, whether it is an event, and why.

    Raises
    ------
    InputError
        If there is no such endpoint or rule.
    """
    if isinstance(rule, str):
        names = {plain_name(name): name for name in RULES}
        found = names.get(plain_name(rule))
        if found is None:
            raise unknown_name("rule", rule, RULES)
        rule = RULES[found]
    # A second progression is on another treatment, with a history of its own.
    known = [one.value for one in TimeToEvent if one is not TimeToEvent.PFS2]
    if endpoint not in known:
        raise unknown_name("endpoint", str(endpoint), known)

    def one(day: float | None) -> np.ndarray:
        return np.array([np.inf if day is None else float(day)])

    timed = time_to(
        TimeToEvent(endpoint),
        Histories(
            scan_day=np.array([[float(scan.day) for scan in history.scans]]),
            adequate=np.array([[scan.adequate for scan in history.scans]], dtype=bool),
            progression_day=one(history.progression_day),
            symptom_day=one(history.symptom_day),
            death_day=one(history.death_day),
            new_therapy_day=one(history.new_therapy_day),
            last_day=one(history.withdrawal_day),
            cut_day=one(history.cut_day),
            baseline=np.array([history.baseline]),
        ),
        rule,
    )
    return EventTime(
        float(timed.day[0]), bool(timed.event_observed[0]), str(timed.reason[0])
    )
