"""Harm where treatments follow each other: each drug by the time it has been taken.

Events of a drug are a Poisson process whose hazard falls with the time on it. So what a
phase brings follows from the hazards with which it begins: in full for a drug that is
new, and as far as they have fallen by then for one that is taken on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH
from oestra.drugs.onset import hazard_left
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import Step
from oestra.trial.adverse_event import Action, draw_events
from oestra.trial.assumption import Assumptions
from oestra.trial.discontinue import Leaving, Rates, draw_leaving, harm_rates
from oestra.trial.harm import DrugHarm
from oestra.trial.members import Members
from oestra.trial.trial_setting import Setting

__all__ = [
    "PhaseHarm",
    "after_run_in",
    "phase_events",
    "phase_harm",
    "steps_of",
    "stop_of",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseHarm:
    """Harm in one phase of a treatment.

    Parameters
    ----------
    number : int
        Number of the phase, from 0.
    regimen : Regimen
        What is taken.
    start, end : ndarray, shape (n,)
        Days from randomization on which it begins and on which another begins, ``inf``
        for never; ``start`` also where harm has ended the treatment before.
    rates : Rates
        How often its drugs harm, as of its start.
    leaving : Leaving
        When each stops or steps down, days from the start of the phase; ``inf`` where
        that would come after its end.
    """

    number: int
    regimen: Regimen
    start: Array
    end: Array
    rates: Rates
    leaving: Leaving

    @property
    def reduce_day(self) -> Array:
        """Days from randomization on which doses are lowered, shape (n,)."""
        return self.start + self.leaving.reduce_day

    @property
    def stop_day(self) -> Array:
        """Days from randomization on which harm ends the treatment, shape (n,)."""
        return self.start + self.leaving.stop_day


def _scaled(harm: DrugHarm, factor: Array) -> DrugHarm:
    kinds = tuple(
        replace(kind, mild=kind.mild * factor, severe=kind.severe * factor)
        for kind in harm.kinds
    )
    return replace(
        harm, kinds=kinds, stop=harm.stop * factor, reduce=harm.reduce * factor
    )


def _as_of(rates: Rates, factors: dict[str, Array], n: int) -> Rates:
    """Return rates as they are once each drug has been taken for some time."""
    drugs = tuple(_scaled(harm, factors[harm.drug]) for harm in rates.drugs)
    return replace(
        rates,
        drugs=drugs,
        lower=tuple(_scaled(harm, factors[harm.drug]) for harm in rates.lower),
        stop=sum((harm.stop for harm in drugs), np.zeros(n)),
        reduce=sum((harm.reduce for harm in drugs), np.zeros(n)),
    )


def _within(day: Array, length: Array) -> Array:
    return np.where(day < length, day, np.inf)


def _length(start: Array, end: Array) -> Array:
    """Return how long phases last, 0 where they never begin."""
    begun = np.isfinite(start)
    return np.where(begun, end - np.where(begun, start, 0.0), 0.0)


def phase_harm(
    first: PhaseHarm,
    regimens: Sequence[Regimen],
    starts: Sequence[Array],
    members: Members,
    setting: Setting,
    streams: Streams,
) -> tuple[PhaseHarm, ...]:
    """Draw harm in the phases of a treatment.

    Parameters
    ----------
    first : PhaseHarm
        The first phase; its harm as if it went on.
    regimens : sequence of Regimen
        What follows.
    starts : sequence of ndarray, shape (n,)
        Days on which each of these begins unless harm ends the treatment before.
    members : Members
        The patients.
    setting : Setting
        Population and conduct.
    streams : Streams
        Source of all chance of this trial.

    Returns
    -------
    tuple of PhaseHarm
        One a phase. Who has stopped for harm goes on to no later phase; who takes less
        of its drugs takes less in all that follow.
    """
    n, known = len(members.patient), setting.assumptions
    ends = [*starts[1:], np.full(n, np.inf)]
    found = [_ended(first, starts[0])]
    since = {c.drug.id: first.start for c in first.regimen.components}
    if members.before is not None:
        taken = Regimen.parse(members.before.regimen, setting.library).drugs
        since |= dict.fromkeys(since.keys() & set(taken), -members.before.days)
    for number, (regimen, start, end) in enumerate(
        zip(regimens, starts, ends, strict=True), start=first.number + 1
    ):
        before = found[-1]
        begins = np.where(before.stop_day <= start, np.inf, start)
        begins = np.where(np.isfinite(before.start), begins, np.inf)
        own = {
            c.drug.id: np.minimum(since.get(c.drug.id, begins), begins)
            for c in regimen.components
        }
        exposure = setting.exposed(members.row, regimen) if setting.exposed else None
        rates = _as_of(
            harm_rates(regimen, known, exposure),
            {drug: _fallen(begins, day, known) for drug, day in own.items()},
            n,
        )
        drawn = draw_leaving(
            rates,
            members.patient,
            streams=streams.spawn(Stream.PHASE, number),
            assumptions=known,
        )
        less = np.isfinite(before.leaving.reduce_day)
        phase = PhaseHarm(
            number=number,
            regimen=regimen,
            start=begins,
            end=end,
            rates=rates,
            leaving=replace(drawn, reduce_day=np.where(less, 0.0, drawn.reduce_day)),
        )
        found.append(_ended(phase, end))
        since = own
    return tuple(found)


def after_run_in(rates: Rates, members: Members, setting: Setting) -> Rates:
    """Return how often drugs harm patients some of which they took in a run-in.

    Parameters
    ----------
    rates : Rates
        As if all of them were new.
    members : Members
        The patients.
    setting : Setting
        Conduct, and the library of the drugs.
    """
    before = members.before
    if before is None:
        return rates
    zero = np.zeros(len(before.days))
    taken = Regimen.parse(before.regimen, setting.library).drugs
    return _as_of(
        rates,
        {
            harm.drug: _fallen(
                zero, zero - before.days * (harm.drug in taken), setting.assumptions
            )
            for harm in rates.drugs
        },
        len(zero),
    )


def _fallen(start: Array, since: Array, known: Assumptions) -> Array:
    """Return what is left of the hazard of a drug when a phase begins, 0 to 1."""
    taken = np.where(np.isfinite(start), start, 0.0) - np.where(
        np.isfinite(start), since, 0.0
    )
    return hazard_left(taken, known.harm_onset.value * DAYS_PER_MONTH)


def _ended(phase: PhaseHarm, end: Array) -> PhaseHarm:
    length = _length(phase.start, end)
    leaving = replace(
        phase.leaving,
        stop_day=_within(phase.leaving.stop_day, length),
        reduce_day=_within(phase.leaving.reduce_day, length),
    )
    return replace(phase, end=end, leaving=leaving)


def stop_of(phases: Sequence[PhaseHarm], assumptions: Assumptions) -> Leaving:
    """Return when harm ends or lowers a treatment of several phases.

    Parameters
    ----------
    phases : sequence of PhaseHarm
        The phases.
    assumptions : Assumptions
        Delay of the next treatment.
    """
    stop = np.min([phase.stop_day for phase in phases], axis=0)
    return Leaving(
        stop_day=stop,
        reduce_day=np.min([phase.reduce_day for phase in phases], axis=0),
        last_day=phases[0].leaving.last_day,
        new_therapy_day=stop + assumptions.new_therapy_delay.value,
    )


def steps_of(phases: Sequence[PhaseHarm]) -> tuple[Step, ...]:
    """Return what patients go on to after the first phase, with lower doses.

    Parameters
    ----------
    phases : sequence of PhaseHarm
        The phases.
    """
    steps: list[Step] = []
    for phase in phases[1:]:
        steps.append(Step(day=phase.start, regimen=phase.regimen))
        if np.isfinite(phase.reduce_day).any():
            steps.append(Step(day=phase.reduce_day, regimen=phase.rates.reduced))
    return tuple(steps)


def phase_events(
    phases: Sequence[PhaseHarm],
    members: Members,
    *,
    until: Array,
    cut: Array,
    streams: Streams,
    known: Assumptions,
) -> pd.DataFrame:
    """Draw the adverse events of patients in the phases of their treatment.

    Parameters
    ----------
    phases : sequence of PhaseHarm
        The phases.
    members : Members
        The patients.
    until, cut : ndarray, shape (n,)
        Days on which treatment ends for another reason than harm, and of the data cut.
    streams : Streams
        Source of all chance of this trial.
    known : Assumptions
        Grades and lengths of events.

    Returns
    -------
    DataFrame
        As `oestra.trial.adverse_event.draw_events` returns them.
    """
    parts: list[pd.DataFrame] = []
    for phase in phases:
        begun = np.isfinite(phase.start)
        start = np.where(begun, phase.start, 0.0)
        last = np.where(begun, np.minimum(until, phase.end) - start, -1.0)
        events = draw_events(
            phase.rates,
            phase.leaving,
            members.patient,
            until=last,
            cut=cut - start,
            streams=streams.spawn(Stream.PHASE, phase.number)
            if phase.number
            else streams,
            known=known,
        )
        # Doses that were lowered before stay low, which is no event of this phase.
        again = (events["action"] == Action.DOSE_STEP.value) & (
            events["onset_day"] <= 0
        )
        events = events.loc[~again]
        shift = start[np.searchsorted(members.patient, events["patient"])]
        parts.append(
            events.assign(
                onset_day=events["onset_day"] + shift,
                end_day=events["end_day"] + shift,
            )
        )
    whole = pd.concat(parts, ignore_index=True)
    return whole.sort_values(
        ["patient", "onset_day", "term"], kind="stable", ignore_index=True
    )
