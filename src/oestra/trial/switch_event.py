"""Events that end a phase of a treatment: what plasma or scans show at a visit.

A patient goes on with the four weeks of treatment that begin next, so that what an
event follows from is not touched by it.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.trial.arm_treatment import Event, EventKind, phases_of
from oestra.trial.design import Arm, TrialDesign
from oestra.trial.duration import days_of
from oestra.trial.lesion import at_visits
from oestra.trial.members import Draw, Members
from oestra.trial.plasma import copies_read, first_rise
from oestra.trial.response_code import Code
from oestra.trial.treat import Treated, treat
from oestra.trial.trial_setting import Setting
from oestra.tumor.burden import log_total
from oestra.tumor.clone import esr1_columns

__all__ = ["cycle_after", "with_events"]

Array = NDArray[np.float64]
_CYCLE_DAYS = 28.0


def cycle_after(day: Array) -> Array:
    """Return the start of the four weeks of treatment that begin on a day or next.

    Examples
    --------
    >>> cycle_after(np.array([56.0, 57.0]))
    array([56., 84.])
    """
    return _CYCLE_DAYS * np.ceil(day / _CYCLE_DAYS)


def with_events(
    design: TrialDesign,
    arm: Arm,
    members: Members,
    setting: Setting,
    streams: Streams,
    draw: Draw,
) -> Members:
    """Return patients with the days on which events end phases of their treatment.

    Each event is looked for in patients who are treated as if there were no later one.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    arm : Arm
        The arm, without a choice.
    members : Members
        Its patients.
    setting : Setting
        Population, treatment and conduct.
    streams : Streams
        Source of all chance of this trial.
    draw : Draw
        The draw of chance with which they are followed.

    Returns
    -------
    Members
        The same, with ``events``.
    """
    for number, phase in enumerate(phases_of(arm)):
        if phase.until is not None:
            found = treat(design, arm, members, setting, streams, draw)
            begins = next_begins(
                phase.until, number, found, members, setting=setting, design=design
            )
            members = replace(members, events=(*members.events, begins))
    return members


def next_begins(
    event: Event,
    number: int,
    found: Treated,
    members: Members,
    *,
    setting: Setting,
    design: TrialDesign,
) -> Array:
    """Return when what follows a phase begins, for who comes to the event that ends it.

    Parameters
    ----------
    event : Event
        What ends the phase.
    number : int
        Number of the phase, from 0.
    found : Treated
        The patients, treated as if nothing ended it.
    members : Members
        Who they are.
    setting : Setting
        Population, treatment and conduct.
    design : TrialDesign
        The trial.

    Returns
    -------
    ndarray, shape (n,)
        Days from randomization, ``inf`` for never.
    """
    day = _event_day(event, found, members, setting, design)
    progressed = event.event is EventKind.PROGRESSION
    goes_on = _goes_on(day, number, found, progressed=progressed)
    return np.where(goes_on, cycle_after(day), np.inf)


def _goes_on(
    day: Array, number: int, found: Treated, *, progressed: bool
) -> NDArray[np.bool_]:
    """Tell who is still treated, in that phase and without progression, on a day.

    That progression itself is what happens on the day makes no difference.
    """
    phase, fate = found.harm.phases[number], found.fate
    last = np.minimum.reduce(
        [
            np.full_like(day, np.inf) if progressed else found.progression_day,
            found.harm.leaving.stop_day,
            fate.death_day,
            fate.last_day,
            fate.cut_day,
            phase.end,
        ]
    )
    return np.isfinite(phase.start) & (day >= phase.start) & (day < last)


def _event_day(
    event: Event,
    found: Treated,
    members: Members,
    setting: Setting,
    design: TrialDesign,
) -> Array:
    """Return the day on which an event is seen, inf for never, shape (n,)."""
    if event.event is EventKind.RISING_ESR1:
        return _rise_day(found, members, setting)
    if event.event is EventKind.PROGRESSION:
        return found.progression_day
    at = days_of(event.at or "0 days")
    day, code = found.visits.day, found.assessment.response
    due = found.visits.attended & (day <= at + design.visits.window_days)
    responded = (due & (code >= Code.PR)).any(axis=1)
    decided = np.maximum(np.where(due, day, 0.0).max(axis=1, initial=0.0), at)
    wanted = responded == (event.event is EventKind.RESPONSE)
    return np.where(wanted, decided, np.inf)


def _rise_day(found: Treated, members: Members, setting: Setting) -> Array:
    cells = getattr(found.followed, "clone_log_cells", None)
    if cells is None:
        raise InputError(
            "Plasma is drawn from patients of the model; this population has no clones."
        )
    mutants = cells[:, esr1_columns(cells.shape[1]), :].transpose(0, 2, 1)
    mutant = log_total(mutants).astype(cells.dtype)
    visits = found.visits
    log_cells = at_visits(mutant[:, None], found.followed.days, visits.day)[:, 0, :]
    copies = copies_read(
        log_cells,
        members.patient,
        streams=found.chance.visits,
        assumptions=setting.assumptions,
    )
    visit = first_rise(copies, visits.attended, setting.assumptions)
    if not visits.day.shape[1]:
        return np.full(len(visit), np.inf)
    day = np.take_along_axis(visits.day, np.maximum(visit, 0)[:, None], axis=1)[:, 0]
    return np.where(visit >= 0, day, np.inf)
