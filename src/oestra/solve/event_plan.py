"""What generated code must know of events and of jumps by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from oestra.solve.clock import Crossing, Crossings, crossings
from oestra.solve.event import Event
from oestra.solve.expression import Expression, const
from oestra.solve.simplify import ONE, ZERO, lower, simplify

__all__ = ["EventPlan", "plan_events"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlan:
    """Events, made ready for code.

    Parameters
    ----------
    triggers, delays, priorities : tuple of Expression
        One for each event.
    values, scales : tuple of Expression
        What assignments set, event after event, and what it is multiplied with.
    targets : tuple of int
        The states they set.
    starts : tuple of int
        Where the assignments of each event begin, and the end of the last.
    ranked, initially, persistent, early : tuple of bool
        Whether each event has a priority, and as in `Event`.
    jumps : Crossings
        What jumps by the clock.
    """

    triggers: tuple[Expression, ...]
    delays: tuple[Expression, ...]
    priorities: tuple[Expression, ...]
    values: tuple[Expression, ...]
    scales: tuple[Expression, ...]
    targets: tuple[int, ...]
    starts: tuple[int, ...]
    ranked: tuple[bool, ...]
    initially: tuple[bool, ...]
    persistent: tuple[bool, ...]
    early: tuple[bool, ...]
    jumps: Crossings

    @property
    def count(self) -> int:
        """Number of events."""
        return len(self.triggers)


def plan_events(
    events: Sequence[Event], rhs: Sequence[Expression]
) -> EventPlan | None:
    """Prepare events for code.

    Parameters
    ----------
    events : sequence of Event
        The events.
    rhs : sequence of Expression
        Rates of the states.

    Returns
    -------
    EventPlan or None
        None if there are no events, and nothing jumps by the clock.
    """
    # Divisions stay as they are written: at a whole day, floor(t / 24) must be whole.
    triggers = [e.trigger for e in events]
    jumps = crossings(triggers, rhs)
    if not events and not jumps.solved:
        return None
    sets = [a for e in events for a in e.assignments]
    starts = [0]
    for event in events:
        starts.append(starts[-1] + len(event.assignments))
    return EventPlan(
        triggers=tuple(lower(triggers)),
        delays=_ready([e.delay or ZERO for e in events]),
        priorities=_ready([e.priority or const(0.0) for e in events]),
        values=_ready([a.value for a in sets]),
        scales=_ready([a.scale or ONE for a in sets]),
        targets=tuple(a.state for a in sets),
        starts=tuple(starts),
        ranked=tuple(e.priority is not None for e in events),
        initially=tuple(e.initially for e in events),
        persistent=tuple(e.persistent for e in events),
        early=tuple(e.early for e in events),
        jumps=_lowered(jumps),
    )


def _lowered(jumps: Crossings) -> Crossings:
    values = lower([c.value for c in jumps.solved])
    slopes = lower([c.slope for c in jumps.solved])
    rates = lower(jumps.clocks.values())
    solved = (
        Crossing(value, slope, old.whole)
        for value, slope, old in zip(values, slopes, jumps.solved, strict=True)
    )
    clocks = dict(zip(jumps.clocks, rates, strict=True))
    return replace(jumps, solved=tuple(solved), clocks=clocks)


def _ready(roots: Sequence[Expression]) -> tuple[Expression, ...]:
    return tuple(lower(simplify(roots)))
