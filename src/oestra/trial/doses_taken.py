"""What the patients of an arm took of each drug, period by period, of what was planned.

A drug that is interrupted for an adverse event is not taken from the day of the event
until it is over. What follows from harm, dose and course is as the model simulates it:
doses that are lowered, drugs that are stopped. Interruptions lower exposure as it is
recorded, and not the loads that act on the tumor.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.drugs.component import Component
from oestra.drugs.regimen import Regimen
from oestra.trial.adverse_event import Action
from oestra.trial.arm_harm import ArmHarm

__all__ = ["INTENSITY", "Period", "dose_intensity", "periods_of"]

INTENSITY = "dose_intensity_"
"""Before the drug in the name of a column with the share of the planned dose taken."""

Array = NDArray[np.float64]
_Days = tuple[Array, Array, Array]
_LONG = 4000.0
"""Days that no trial reaches, at which a course without end still goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Periods in which patients take one drug at one dose, or take none of it.

    Parameters
    ----------
    component : Component
        Drug, dose and schedule.
    place : ndarray of int64, shape (m,)
        Places of the patients in the arm.
    first, last : ndarray of float64, shape (m,)
        First and last day, from randomization, whole days.
    share : float
        Of the planned dose: 1, less after a reduction, 0 while interrupted.
    why : str
        ``"adverse event"`` where the dose is not the planned one.
    """

    component: Component
    place: NDArray[np.int64]
    first: Array
    last: Array
    share: float
    why: str = ""

    @property
    def days(self) -> Array:
        """Days of each, shape (m,)."""
        return np.floor(self.last) - np.floor(self.first) + 1


def _until(component: Component) -> float:
    """Return the day on which a course ends by itself, inf for one without end."""
    pauses = component.pauses(_LONG)
    ends = component.phases[-1].length_days and pauses and pauses[-1][1] >= _LONG
    return pauses[-1][0] if ends else np.inf


def _phases(harm: ArmHarm, end: Array) -> list[tuple[Regimen, Regimen, _Days]]:
    """Return what follows each other: regimen, lower doses, start, end, reduction."""
    if not harm.phases:
        days = np.zeros(end.size), end, harm.leaving.reduce_day
        return [(harm.regimen, harm.rates.reduced, days)]
    return [
        (
            phase.regimen,
            phase.rates.reduced,
            (
                np.ceil(phase.start),
                np.minimum(end, np.ceil(phase.end) - 1),
                phase.start + phase.leaving.reduce_day,
            ),
        )
        for phase in harm.phases
    ]


def _planned(pair: tuple[Component, Component], days: _Days) -> Iterator[Period]:
    """Yield the periods of a drug in a phase: before its reduction, and after it."""
    component, lower = pair
    start, end, reduce_day = days
    stop = np.minimum(end, start + _until(component))
    changed = component != lower
    step = np.floor(reduce_day) if changed else np.full(end.size, np.inf)
    step = np.maximum(step, np.floor(start))
    taken = (start <= stop) & np.isfinite(start)
    reduced = np.flatnonzero(taken & (step <= stop))
    before = np.flatnonzero(taken & (step > start))
    # The last day at the dose of the trial is the one before the lower dose begins.
    until = np.where(taken & (step <= stop), step - 1, stop)
    yield Period(
        component=component,
        place=before,
        first=start[before],
        last=until[before],
        share=1.0,
    )
    less = lower.phases[-1].dose.amount / component.phases[-1].dose.amount
    yield Period(
        component=lower,
        place=reduced,
        first=step[reduced],
        last=stop[reduced],
        share=less,
        why="adverse event",
    )


def _gaps(
    events: pd.DataFrame, patient: NDArray[np.integer]
) -> dict[str, dict[int, list[tuple[float, float]]]]:
    """Return the days without a drug, by drug and place of the patient, apart."""
    held = events.loc[events["action"] == Action.INTERRUPTION.value]
    place = {int(number): at for at, number in enumerate(patient)}
    found: dict[str, dict[int, list[tuple[float, float]]]] = {}
    rows = held.sort_values("onset_day", kind="stable")
    for who, drug, onset, over in zip(
        rows["patient"], rows["drug"], rows["onset_day"], rows["end_day"], strict=True
    ):
        if int(who) not in place:
            continue
        mine = found.setdefault(str(drug), {}).setdefault(place[int(who)], [])
        first = float(np.floor(onset))
        last = max(first, float(np.ceil(over)) - 1.0)
        if mine and first <= mine[-1][1] + 1:
            mine[-1] = mine[-1][0], max(last, mine[-1][1])
        else:
            mine.append((first, last))
    return found


def _held(period: Period, gaps: dict[int, list[tuple[float, float]]]) -> list[Period]:
    """Return a period without the days on which the drug is held, and those days."""
    if not gaps or not period.place.size:
        return [period]
    taken: list[tuple[int, float, float]] = []
    missed: list[tuple[int, float, float]] = []
    touched = np.isin(period.place, list(gaps))
    for at in np.flatnonzero(touched):
        who = int(period.place[at])
        here, last = float(period.first[at]), float(period.last[at])
        for one, other in gaps[who]:
            begin, end = max(one, np.floor(here)), min(other, np.floor(last))
            if begin > end:
                continue
            if begin > np.floor(here):
                taken.append((who, here, begin - 1))
            missed.append((who, begin, end))
            here = end + 1
        if here <= last:
            taken.append((who, here, last))
    whole = ~touched
    more = np.array(taken, dtype=float).reshape(-1, 3)
    none = np.array(missed, dtype=float).reshape(-1, 3)
    return [
        Period(
            component=period.component,
            place=np.concatenate([period.place[whole], more[:, 0].astype(np.int64)]),
            first=np.concatenate([period.first[whole], more[:, 1]]),
            last=np.concatenate([period.last[whole], more[:, 2]]),
            share=period.share,
            why=period.why,
        ),
        Period(
            component=period.component,
            place=none[:, 0].astype(np.int64),
            first=none[:, 1],
            last=none[:, 2],
            share=0.0,
            why="adverse event",
        ),
    ]


def periods_of(
    harm: ArmHarm,
    patient: NDArray[np.integer],
    end: Array,
    events: pd.DataFrame,
) -> list[Period]:
    """Return what patients took, drug after drug of each phase.

    Parameters
    ----------
    harm : ArmHarm
        What they take, and when harm changes it.
    patient : ndarray of int, shape (n,)
        Their numbers.
    end : ndarray of float64, shape (n,)
        Last days of treatment.
    events : DataFrame
        Adverse events, of these patients and perhaps of others.

    Returns
    -------
    list of Period
        Those without patients too.
    """
    gaps = _gaps(events, patient)
    return [
        part
        for regimen, lower, days in _phases(harm, end)
        for pair in zip(regimen.components, lower.components, strict=True)
        for period in _planned(pair, days)
        for part in _held(period, gaps.get(pair[0].drug.id, {}))
    ]


def dose_intensity(periods: Sequence[Period], size: int) -> dict[str, Array]:
    """Return the share of the planned dose that each patient took while treated.

    Parameters
    ----------
    periods : sequence of Period
        From `periods_of`.
    size : int
        Patients of the arm.

    Returns
    -------
    dict of str to ndarray of float64, shape (n,)
        By drug; nan for who never began it.
    """
    planned: dict[str, Array] = {}
    taken: dict[str, Array] = {}
    for one in periods:
        drug = one.component.drug.id
        np.add.at(planned.setdefault(drug, np.zeros(size)), one.place, one.days)
        np.add.at(
            taken.setdefault(drug, np.zeros(size)), one.place, one.share * one.days
        )
    return {
        drug: np.where(days > 0, taken[drug] / np.maximum(days, 1.0), np.nan)
        for drug, days in planned.items()
    }
