"""One period of dosing at named days or at an interval."""

import math
from dataclasses import dataclass, replace

from oestra.core.errors import InputError
from oestra.drugs.dose import Dose
from oestra.drugs.train import Train

__all__ = ["DAILY", "TWICE_DAILY", "WEEKLY", "Phase"]

TWICE_DAILY = 0.5
DAILY = 1.0
WEEKLY = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One period of dosing: on named days, or at an interval.

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
