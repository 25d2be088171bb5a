"""What generated code must know of events and of jumps by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from oestra.solve.clock import Crossing, Crossings, crossings
from oestra.solve.event import Event
from oestra.solve.expression import Expression, const, operation, walk
from oestra.solve.simplify import ONE, ZERO, lower, simplify

__all__ = ["MOST_WATCHED", "EventPlan", "plan_events"]

MOST_WATCHED = 100
"""Conditions on states in rates that are watched."""


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
    gauges : tuple of Expression
        What passes zero where a comparison in a trigger turns that cannot be solved
        for.
    timed : tuple of bool
        Whether each trigger depends on time alone, and cannot be solved for.
    watched : tuple of bool
        Whether each only watches where a state makes rates jump.
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
    gauges: tuple[Expression, ...]
    timed: tuple[bool, ...]
    watched: tuple[bool, ...]
    jumps: Crossings

    @property
    def count(self) -> int:
        """Number of events."""
        return len(self.triggers)


def plan_events(events: Sequence[Event], rhs: Sequence[Expression]) -> EventPlan | None:
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
    found = crossings([e.trigger for e in events], rhs)
    by_time = _watches_of_time(found, {e.trigger for e in events})
    by_states = _watches_of_states(found)
    events = [*events, *by_time, *by_states]
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
        gauges=_ready(jumps.gauges),
        timed=tuple(_timed(t, set(jumps.untimed)) for t in triggers),
        watched=(*[False] * (len(events) - len(by_states)), *[True] * len(by_states)),
        jumps=_lowered(jumps),
    )


def _watches_of_time(found: Crossings, triggers: set[Expression]) -> list[Event]:
    """Return events that set nothing, so that steps end where rates jump in time."""
    parts = [n for n in found.untimed if n not in triggers]
    turns = (t for n in parts for c in _conditions(n) for t in (c, operation("not", c)))
    return [Event(name="", trigger=turn) for turn in turns]


def _watches_of_states(found: Crossings) -> list[Event]:
    """Return events that set nothing, so that steps end where states make rates jump.

    What is not persistent is found where it turns either way.
    """
    if len(found.turning) > MOST_WATCHED:
        return []
    parts = [n for n in found.turning if n.op not in ("eq", "ne")]
    turns = (c for n in parts for c in _conditions(n))
    return [Event(name="", trigger=turn, persistent=False) for turn in turns]


def _conditions(node: Expression) -> list[Expression]:
    """Return what turns where a node jumps or has a kink.

    For steps these are the last binary digits of their number, so that some turn unless
    as many as sixteen steps lie between two looks.
    """
    a = node.args
    if node.op in ("lt", "le", "eq", "ne"):
        return [node]
    if node.op in ("abs", "min", "max"):
        return [operation("lt", a[0], a[1] if len(a) > 1 else ZERO)]
    count = operation("floor", a[0] / a[1]) if node.op == "rem" else node
    halves = [operation("floor", count * const(0.5**k)) for k in range(4)]
    return [operation("eq", operation("rem", h, const(2.0)), ZERO) for h in halves]


def _timed(trigger: Expression, untimed: set[Expression]) -> bool:
    below = list(walk([trigger]))
    return all(n.op != "state" for n in below) and not untimed.isdisjoint(below)


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
