"""One drug of a regimen: its phases in order, doses and pauses.

Time 0 is the start of the regimen, which is the morning of its day 1.
"""

import math
from dataclasses import dataclass, replace

from oestra.core.errors import InputError
from oestra.drugs.drug import Drug
from oestra.drugs.phase import Phase
from oestra.drugs.train import Train

__all__ = ["Component"]

_LONG = 4000.0
"""Days after which every drug is at steady state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One drug of a regimen with its phases, in order.

    Parameters
    ----------
    drug : Drug
        What is given.
    phases : tuple of Phase
        Each follows the one before.

    Raises
    ------
    InputError
        If a phase that never ends is followed by another, or days run backward.
    """

    drug: Drug
    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be followed."""
        for phase in self.phases[:-1]:
            if not phase.ends:
                raise InputError(
                    f"{self.drug.id} '{phase.dose} {phase}' never ends, so nothing can "
                    "follow it; say for how long, such as 'daily for 4 weeks then'."
                )
        for phase, start in self._starts():
            if phase.days and phase.days[0] - 1 < start:
                raise InputError(
                    f"{self.drug.id} is given on day {phase.days[0]} after a phase "
                    f"that lasts until day {start:g}; days count from the first of all."
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
        """Return the periods without treatment before ``until``, days.

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
        parts = [f"{self.drug.id} {self.phases[0].dose} {self.phases[0]}"]
        for before, phase in zip(self.phases, self.phases[1:], strict=False):
            dose = f"{phase.dose} " if phase.dose != before.dose else ""
            parts.append(f"{dose}{phase}")
        return " then ".join(parts)
