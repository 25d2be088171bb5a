"""Adverse events of patients on trial: what, how bad, when, and what was done.

The days on which a patient stops for harm or steps down are those she is followed with;
each is the day of one event, drawn by the hazards of those that do it. Other events
follow their own hazards, lower once the dose is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH
from oestra.drugs.onset import calendar_months, onset_months
from oestra.drugs.toxicity import Consequence
from oestra.trial.assumption import Assumptions
from oestra.trial.discontinue import Leaving, Rates
from oestra.trial.harm import DrugHarm, Steered

__all__ = ["COLUMNS", "Action", "draw_events"]

Array = NDArray[np.float64]
_DRAWS = 6
COLUMNS = (
    "patient",
    "drug",
    "term",
    "grade",
    "onset_day",
    "end_day",
    "action",
    "related",
    "felt",
    "treatment",
)
"""Of one event: end_day is inf where it lasts beyond the data cut (or to death)."""


class Action(StrEnum):
    """What was done with the drug."""

    NONE = "none"
    INTERRUPTION = "interruption"
    DOSE_STEP = "dose step"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Events of one kind: places of the patients, and when."""

    who: NDArray[np.int64]
    day: Array
    drug: str
    kind: Steered
    action: Action


def _wait(level: Array, hazard: Array, lower: Array, change: Array) -> Array:
    """Return when an exponential level is reached under a hazard that changes once."""

    def over(amount: Array, rate: Array) -> Array:
        able = rate > 0
        return np.where(able, amount / np.where(able, rate, 1.0), np.inf)

    with np.errstate(invalid="ignore"):
        spent = np.where(hazard > 0, change * hazard, 0.0)
    first = over(level, hazard)
    after = change + over(np.maximum(level - spent, 0.0), lower)
    return np.where(first <= change, first, after)


def _action(one: Steered) -> Action:
    """Return what is done after an event whose drug goes on at its dose."""
    acts = one.severe and one.kind.felt and one.kind.leads_to is not Consequence.NONE
    return Action.INTERRUPTION if acts else Action.NONE


def _alone(
    rates: Rates, leaving: Leaving, until: Array, level: "_Levels", constant: float
) -> Iterator[_Found]:
    """Yield the events that change nothing for good."""
    change = onset_months(leaving.reduce_day / DAYS_PER_MONTH, constant)
    for harm, less in zip(rates.drugs, rates.lower, strict=True):
        for one, lower in zip(harm.others(), less.others(), strict=True):
            onset = _wait(level.of(harm.drug, one, 0), one.hazard, lower.hazard, change)
            day = DAYS_PER_MONTH * calendar_months(onset, constant)
            who = np.flatnonzero(day < until)
            if who.size:
                yield _Found(
                    who=who, day=day[who], drug=harm.drug, kind=one, action=_action(one)
                )


def _causes(
    harms: Sequence[tuple[DrugHarm, list[Steered]]],
    day: Array,
    until: Array,
    pick: Array,
    action: Action,
) -> Iterator[_Found]:
    """Yield the events that stop treatment or lower doses, one a patient."""
    able = np.flatnonzero(day < until)
    listed = [(harm.drug, one) for harm, steered in harms for one in steered]
    if not able.size or not listed:
        return
    hazard = np.stack([np.broadcast_to(one.hazard, day.shape) for _, one in listed])
    edges = np.cumsum(hazard[:, able], axis=0)
    chosen = (edges < pick[able] * edges[-1]).sum(axis=0)
    for number, (drug, one) in enumerate(listed):
        who = able[chosen == number]
        if who.size:
            yield _Found(who=who, day=day[who], drug=drug, kind=one, action=action)


@dataclass(frozen=True, slots=True)
class _Levels:
    """Draws of patients, six a kind of event and severity."""

    streams: Streams
    patient: NDArray[np.int64]

    def of(self, drug: str, one: Steered, number: int) -> Array:
        """Return the exponential draw of that number, shape (n,)."""
        name = Stream.HARM.of(f"{drug} {one.kind.event}")
        index = number + (_DRAWS // 2 if one.severe else 0)
        return self.streams.exponential(name, self.patient, index=index)[:, 0]


def _grades(found: _Found, level: Array, known: Assumptions) -> NDArray[np.int64]:
    """Return the grades of events; those that stop a drug are of grade 2 at least."""
    u = np.exp(-level)
    if found.kind.severe:
        return np.where(u < known.life_threatening_events.value, 4, 3)
    if found.action is Action.STOP:
        return np.full(len(level), 2)
    return np.where(u < known.moderate_events.value, 2, 1)


def _rows(
    found: _Found, level: _Levels, cut: Array, known: Assumptions
) -> dict[str, NDArray[np.generic]]:
    who, kind = found.who, found.kind.kind
    lasting = level.of(found.drug, found.kind, 2)[who] * known.event_days.value
    end = found.day + lasting
    count = len(who)
    return {
        "patient": level.patient[who],
        "drug": np.full(count, found.drug, dtype=object),
        "term": np.full(count, kind.event, dtype=object),
        "grade": _grades(found, level.of(found.drug, found.kind, 1)[who], known),
        "onset_day": found.day,
        "end_day": np.where(end <= cut[who], end, np.inf),
        "action": np.full(count, found.action.value, dtype=object),
        "related": np.full(count, kind.related),
        "felt": np.full(count, kind.felt),
        "treatment": np.full(
            count, kind.rescue if found.kind.severe else "", dtype=object
        ),
    }


def draw_events(  # noqa: PLR0913
    rates: Rates,
    leaving: Leaving,
    patient: NDArray[np.int64],
    *,
    until: Array,
    cut: Array,
    streams: Streams,
    known: Assumptions,
) -> pd.DataFrame:
    """Draw the adverse events of the patients of one arm while they are treated.

    Parameters
    ----------
    rates : Rates
        Harm of their drugs.
    leaving : Leaving
        When each stops for harm and steps down.
    patient : ndarray of int64, shape (n,)
        Numbers that key the draws; a patient has the same luck in every arm.
    until, cut : ndarray of float64, shape (n,)
        Days on which treatment ends for another reason than harm, and of the data cut.
    streams : Streams
        Source of chance of the trial.
    known : Assumptions
        Grades and lengths of events.

    Returns
    -------
    DataFrame
        One row an event, `COLUMNS`, in the order of patients and then of days; a
        patient has at most one event of a drug, term, severity and action.
    """
    level = _Levels(streams, patient)
    taken = np.minimum(until, leaving.stop_day)
    pick = streams.uniform(Stream.HARM_CAUSE, patient, 2)
    found = [
        *_alone(rates, leaving, taken, level, known.harm_onset.value),
        *_causes(
            [(harm, harm.steps()) for harm in rates.drugs],
            leaving.reduce_day,
            taken,
            pick[:, 0],
            Action.DOSE_STEP,
        ),
        *_causes(
            [(harm, harm.stops()) for harm in rates.drugs],
            leaving.stop_day,
            until,
            pick[:, 1],
            Action.STOP,
        ),
    ]
    parts = [_rows(one, level, cut, known) for one in found]
    if not parts:
        return pd.DataFrame({name: [] for name in COLUMNS})
    joined = {name: np.concatenate([one[name] for one in parts]) for name in COLUMNS}
    whole = pd.DataFrame(joined)
    return whole.sort_values(
        ["patient", "onset_day", "term"], kind="stable", ignore_index=True
    )
