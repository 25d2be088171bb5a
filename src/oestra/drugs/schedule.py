"""When a drug is given: phases of dosing, and the trains of doses they unfold to.

Time 0 is the start of the regimen, which is the morning of its day 1.
"""

import math
from dataclasses import dataclass, replace

from oestra.core.errors import InputError
from oestra.drugs.dose import Dose

__all__ = ["Component", "Phase", "Train"]

TWICE_DAILY = 0.5
DAILY = 1.0
WEEKLY = 7.0
_LONG = 4000.0
"""Days after which every drug is at steady state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Train:
    """Equal doses at equal distances, in bouts that may repeat.

    Parameters
    ----------
    start : float
        Time of the first dose, days.
    dose : Dose
        What is given each time.
    interval : float
        Days between the doses of a bout.
    count : float
        Doses in a bout; infinite when it never ends.
    cycle : float
        Days from the start of one bout to the next.
    bouts : float
        Number of bouts; infinite when they never end.
    """

    start: float
    dose: Dose
    interval: float = DAILY
    count: float = 1
    cycle: float = math.inf
    bouts: float = 1

    def times(self, until: float) -> list[float]:
        """Return the times of the doses given before ``until``, days."""
        found: list[float] = []
        bout = 0
        while bout < self.bouts:
            first = self.start + (bout * self.cycle if bout else 0.0)
            if first >= until:
                break
            span = (until - first) / self.interval
            given = min(self.count, math.ceil(span - 1e-9))
            found.extend(first + k * self.interval for k in range(int(given)))
            bout += 1
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One stretch of dosing: on named days, or at an interval.

    Parameters
    ----------
    dose : Dose
        What is given each time.
    days : tuple of int
        Days of the regimen (the first is day 1) on which single doses are given; empty
        for dosing at an interval.
    interval : float
        Days between doses; half a day is twice daily.
    on_days, cycle_days : int
        Doses are given for ``on_days`` of every ``cycle_days``; 0 without a pause.
    length_days : int
        Days after which the phase ends; 0 when it goes on.

    Raises
    ------
    InputError
        If the days do not ascend, or a cycle is shorter than its days of treatment.
    """

    dose: Dose
    days: tuple[int, ...] = ()
    interval: float = DAILY
    on_days: int = 0
    cycle_days: int = 0
    length_days: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be followed."""
        if any(b <= a for a, b in zip((0, *self.days), self.days, strict=False)):
            listed = ", ".join(map(str, self.days))
            raise InputError(f"Days must ascend from day 1, got days {listed}.")
        if self.cycle_days and not 0 < self.on_days < self.cycle_days:
            raise InputError(
                f"A cycle of {self.cycle_days} days cannot hold {self.on_days} days "
                "of treatment and a pause."
            )
        if self.interval > (self.on_days or math.inf):
            raise InputError(
                f"Doses every {self.interval:g} days do not fit into {self.on_days} "
                "days of treatment."
            )

    @property
    def ends(self) -> bool:
        """Whether the phase ends by itself."""
        return bool(self.days or self.length_days)

    def __str__(self) -> str:
        """Return the phase as the grammar writes it, without its dose."""
        if self.days:
            listed = ", ".join(map(str, self.days))
            return f"on day{'s' if len(self.days) > 1 else ''} {listed}"
        text = _interval(self.interval)
        if self.cycle_days:
            text += f" for {self.on_days} days every {self.cycle_days} days"
        if self.length_days % 7 == 0 and self.length_days:
            text += f" for {self.length_days // 7} weeks"
        elif self.length_days:
            text += f" for {self.length_days} days"
        return text

    def start_after(self, day: float) -> float:
        """Return when an interval phase starts that follows dosing on ``day``."""
        return day + self.interval

    def trains(self, start: float) -> tuple[Train, ...]:
        """Unfold the phase.

        Parameters
        ----------
        start : float
            Time at which an interval phase starts, days; named days are absolute.

        Returns
        -------
        tuple of Train
            Together they hold every dose of the phase.
        """
        if self.days:
            return tuple(Train(start=day - 1.0, dose=self.dose) for day in self.days)
        end = self.length_days or math.inf
        train = Train(start=start, dose=self.dose, interval=self.interval)
        if not self.cycle_days:
            return (replace(train, count=_fit(end, self.interval)),)
        train = replace(train, count=_fit(self.on_days, self.interval))
        if math.isinf(end):
            return (replace(train, cycle=float(self.cycle_days), bouts=math.inf),)
        whole, rest = divmod(end, self.cycle_days)
        last = replace(
            train,
            start=start + whole * self.cycle_days,
            count=_fit(min(rest, self.on_days), self.interval),
        )
        repeated = replace(train, cycle=float(self.cycle_days), bouts=whole)
        return tuple(t for t in (repeated, last) if t.bouts and t.count)


def _fit(length: float, interval: float) -> float:
    return length if math.isinf(length) else math.ceil(length / interval - 1e-9)


def _interval(interval: float) -> str:
    named = {TWICE_DAILY: "twice daily", DAILY: "daily", WEEKLY: "weekly"}
    return named.get(interval) or f"every {interval:g} days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One drug of a regimen with its phases, in order.

    Parameters
    ----------
    drug : str
        Id of the drug.
    phases : tuple of Phase
        Each follows the one before.

    Raises
    ------
    InputError
        If a phase that never ends is followed by another, or days run backward.
    """

    drug: str
    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be followed."""
        for phase in self.phases[:-1]:
            if not phase.ends:
                raise InputError(
                    f"{self.drug} '{phase.dose} {phase}' never ends, so nothing can "
                    "follow it; say for how long, such as 'daily for 4 weeks then'."
                )
        for phase, start in self._starts():
            if phase.days and phase.days[0] - 1 < start:
                raise InputError(
                    f"{self.drug} is given on day {phase.days[0]} after a phase that "
                    f"lasts until day {start:g}; days count from the first of all."
                )

    def _starts(self) -> list[tuple[Phase, float]]:
        found: list[tuple[Phase, float]] = []
        start, last_dose = 0.0, None
        for phase in self.phases:
            if last_dose is not None and not phase.days:
                start = phase.start_after(last_dose)
            found.append((phase, start))
            if phase.days:
                last_dose = phase.days[-1] - 1.0
                start = float(phase.days[-1])
            else:
                last_dose, start = None, start + phase.length_days
        return found

    def trains(self) -> tuple[Train, ...]:
        """Return every dose of the component, as trains."""
        return tuple(t for phase, start in self._starts() for t in phase.trains(start))

    def at_steady_state(self) -> tuple["Component", float, float]:
        """Return the last phase as if it went on for ever, and one late cycle of it.

        Returns
        -------
        component : Component
            The last phase alone, without end.
        start, length : float
            A cycle at steady state, days.

        Raises
        ------
        InputError
            If the drug ends on single doses, so that there is no steady state.
        """
        last = self.phases[-1]
        if last.days:
            raise InputError(
                f"'{self}' gives single doses and has no steady state; "
                "add an interval, such as 'then every 28 days'."
            )
        endless = Component(drug=self.drug, phases=(replace(last, length_days=0),))
        length = float(last.cycle_days or last.interval)
        return endless, math.ceil(_LONG / length) * length, length

    def pauses(self, until: float) -> tuple[tuple[float, float], ...]:
        """Return the stretches without treatment before ``until``, days.

        A pause is the rest of a cycle, or what follows a course that ended. The wait
        between single doses of a long-acting drug is none.
        """
        found: list[tuple[float, float]] = []
        for phase, start in self._starts():
            end = min(until, start + phase.length_days if phase.length_days else until)
            if phase.cycle_days and not phase.days:
                cycles = range(math.ceil(max(end - start, 0.0) / phase.cycle_days))
                edges = [start + k * phase.cycle_days for k in cycles]
                found.extend(
                    (edge + phase.on_days, min(edge + phase.cycle_days, end))
                    for edge in edges
                    if edge + phase.on_days < end
                )
            if phase is self.phases[-1] and phase.length_days and end < until:
                found.append((end, until))
        return tuple(found)

    def __str__(self) -> str:
        """Return the component as the grammar writes it."""
        parts = [f"{self.drug} {self.phases[0].dose} {self.phases[0]}"]
        for before, phase in zip(self.phases, self.phases[1:], strict=False):
            dose = f"{phase.dose} " if phase.dose != before.dose else ""
            parts.append(f"{dose}{phase}")
        return " then ".join(parts)
