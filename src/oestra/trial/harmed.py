"""What harm does to the patients of one arm, and what they suffered.

Whether a patient is randomized or followed under every arm, her harm is drawn with her
number and the streams of the trial: who draws it again finds the same.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.trial.adverse_event import draw_events
from oestra.trial.arm_harm import ArmHarm
from oestra.trial.arm_treatment import phases_of
from oestra.trial.design import Arm
from oestra.trial.discontinue import Leaving, draw_leaving, harm_rates
from oestra.trial.doses_taken import INTENSITY, dose_intensity, periods_of
from oestra.trial.duration import days_of
from oestra.trial.members import Members
from oestra.trial.phase_harm import (
    PhaseHarm,
    after_run_in,
    phase_events,
    phase_harm,
    stop_of,
)
from oestra.trial.trial_setting import Setting

__all__ = [
    "COMPLETED",
    "ENDS",
    "ArmHarm",
    "arm_events",
    "arm_harm",
    "event_column",
    "phase_starts",
    "treated_until",
]

Array = NDArray[np.float64]
ENDS = ("adverse event", "progression", "death", "withdrawal", "ongoing")
"""Why treatment ended, the last of them where it had not at the data cut."""
COMPLETED = "completed"
"""Why it ended where the trial gives it for some time only, which ended."""


def phase_starts(arm: Arm, members: Members) -> list[Array]:
    """Return when the later phases of an arm begin, as far as that is known.

    Parameters
    ----------
    arm : Arm
        An arm without a choice.
    members : Members
        Its patients, with the events that are known.

    Returns
    -------
    list of ndarray, shape (n,)
        Days from randomization; that on which nothing more is given comes last, where
        the last phase ends. Empty for a regimen that goes on.
    """
    events = iter(members.events)
    never = np.full(len(members.patient), np.inf)
    day = np.zeros(len(members.patient))
    starts: list[Array] = []
    for phase in phases_of(arm):
        if phase.duration is None and phase.until is None:
            break
        day = day + days_of(phase.duration) if phase.duration else never
        if phase.until is not None:
            day = np.minimum(day, next(events, never))
        starts.append(day)
    return starts


def event_column(number: int) -> str:
    """Return the column of the day on which the event of that number, from 0, is."""
    return f"event_{number + 1}_day"


def _later(arm: Arm, setting: Setting) -> list[Regimen]:
    """Return what follows the first phase; nothing, where the last of them ends."""
    phases = phases_of(arm)
    later = [Regimen.parse(one.regimen, setting.library) for one in phases[1:]]
    return [*later, Regimen()] if phases[-1].duration or phases[-1].until else later


def arm_harm(arm: Arm, members: Members, setting: Setting, streams: Streams) -> ArmHarm:
    """Draw when the patients of an arm stop for harm, step down or leave.

    Parameters
    ----------
    arm : Arm
        The arm.
    members : Members
        Its patients.
    setting : Setting
        Population, treatment and conduct.
    streams : Streams
        Source of all chance of this trial.

    Returns
    -------
    ArmHarm
        The same whenever it is asked for.
    """
    regimen = Regimen.parse(phases_of(arm)[0].regimen, setting.library)
    exposure = setting.exposed(members.row, regimen) if setting.exposed else None
    rates = harm_rates(regimen, setting.assumptions, exposure)
    rates = after_run_in(rates, members, setting)
    leaving = draw_leaving(
        rates, members.patient, streams=streams, assumptions=setting.assumptions
    )
    later, n = _later(arm, setting), len(members.patient)
    if not later:
        return ArmHarm(regimen=regimen, rates=rates, leaving=leaving)
    first = PhaseHarm(
        number=0,
        regimen=regimen,
        start=np.zeros(n),
        end=np.full(n, np.inf),
        rates=rates,
        leaving=leaving,
    )
    phases = phase_harm(
        first, later, phase_starts(arm, members), members, setting, streams
    )
    return ArmHarm(
        regimen=regimen,
        rates=rates,
        leaving=stop_of(phases, setting.assumptions),
        phases=phases,
    )


def treated_until(
    day: Array, event: NDArray[np.bool_], leaving: Leaving, cut_day: Array
) -> Array:
    """Return when treatment ends for another reason than harm, in days.

    Parameters
    ----------
    day : ndarray of float64, shape (n,)
        Progression or death, or the last assessment.
    event : ndarray of bool, shape (n,)
        Which of them.
    leaving : Leaving
        When patients leave the trial.
    cut_day : ndarray of float64, shape (n,)
        Day of the data cut.
    """
    # Who has not progressed takes the drugs beyond her last scan.
    return np.where(event, day, np.minimum(leaving.last_day, cut_day))


def _ends(
    table: pd.DataFrame, leaving: Leaving, until: Array, completed: Array
) -> tuple[NDArray[np.str_], Array]:
    """Return why and when treatment ended."""
    event = table["pfs_event"].to_numpy(dtype=bool)
    died = event & (table["pfs_reason"].to_numpy() == "death")
    left = ~event & (leaving.last_day < table["cut_day"].to_numpy())
    harm, progression, death, withdrawal, ongoing = ENDS
    why = np.select([died, event, left], [death, progression, withdrawal], ongoing)
    stopped = leaving.stop_day < until
    why = np.where(stopped, harm, why)
    day = np.minimum(until, leaving.stop_day)
    return np.where(completed < day, COMPLETED, why), np.minimum(day, completed)


def arm_events(
    arm: Arm,
    members: Members,
    table: pd.DataFrame,
    setting: Setting,
    streams: Streams,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the adverse events of the patients of an arm, and why treatment ended.

    Parameters
    ----------
    arm : Arm
        The arm.
    members : Members
        Its patients.
    table : DataFrame
        Their endpoints, in the same order.
    setting : Setting
        Population, treatment and conduct.
    streams : Streams
        Source of all chance of this trial.

    Returns
    -------
    events : DataFrame
        As `oestra.trial.adverse_event.draw_events` returns them, with the arm.
    ends : DataFrame
        Of each patient: ``patient``, ``end_reason`` of `ENDS` or `COMPLETED`,
        ``end_day``,
        ``deteriorated_day`` with ``deteriorated``, whether she was seen to, and of each
        drug the share of the planned dose that was taken, as `INTENSITY` names it.
    """
    ended = [phase for phase in phases_of(arm) if phase.until is not None]
    events = tuple(table[event_column(k)].to_numpy() for k in range(len(ended)))
    members = replace(members, events=events)
    found = arm_harm(arm, members, setting, streams)
    cut = table["cut_day"].to_numpy()
    until = treated_until(
        table["pfs_day"].to_numpy(),
        table["pfs_event"].to_numpy(dtype=bool),
        found.leaving,
        cut,
    )
    if found.phases:
        events = phase_events(
            found.phases,
            members,
            until=until,
            cut=cut,
            streams=streams,
            known=setting.assumptions,
        )
    else:
        events = draw_events(
            found.rates,
            found.leaving,
            members.patient,
            until=until,
            cut=cut,
            streams=streams,
            known=setting.assumptions,
        )
    events = _in_life(events, table)
    why, day = _ends(table, found.leaving, until, found.completed_day)
    ends = pd.DataFrame(
        {"patient": members.patient, "arm": arm.id, "end_reason": why, "end_day": day}
    )
    periods = periods_of(found, members.patient, day, events)
    taken = dose_intensity(periods, len(members.patient))
    ends = ends.assign(
        **_deterioration(events, table),
        **{INTENSITY + drug: share for drug, share in taken.items()},
    )
    return events.assign(arm=arm.id), ends


def _in_life(events: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return events without the ends that patients did not live to see."""
    death = table["os_day"].where(table["os_event"].astype(bool), np.inf)
    death.index = pd.Index(table["patient"])
    lasting = events["end_day"] <= death.reindex(events["patient"]).to_numpy()
    return events.assign(end_day=events["end_day"].where(lasting, np.inf))


def _deterioration(events: pd.DataFrame, table: pd.DataFrame) -> dict[str, Array]:
    """Return when quality of life first falls: by an event, progression or death.

    An event counts that patients feel and that is of grade 2 or more: from there on it
    limits the activities of daily life, by the definition of the grades.
    """
    limiting = events["felt"].to_numpy(dtype=bool) & (events["grade"] >= 2).to_numpy()
    first = events.loc[limiting].groupby("patient")["onset_day"].min()
    by_harm = first.reindex(table["patient"]).fillna(np.inf).to_numpy(dtype=float)
    day, event = table["pfs_day"].to_numpy(), table["pfs_event"].to_numpy(dtype=bool)
    harmed = by_harm < np.where(event, day, np.inf)
    return {
        "deteriorated_day": np.where(harmed, by_harm, day),
        "deteriorated": harmed | event,
    }
