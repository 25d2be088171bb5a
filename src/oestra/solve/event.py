"""Events: instantaneous changes when a condition turns true."""

from dataclasses import dataclass

from oestra.solve.expression import Expression

__all__ = ["Assignment", "Event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What an event sets.

    Parameters
    ----------
    state : int
        Position of the state.
    value : Expression
        Its new value, from the moment of triggering or of execution.
    scale : Expression or None
        What the value is multiplied with at the moment of execution, such as the size
        of a compartment.
    """

    state: int
    value: Expression
    scale: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An instantaneous change.

    Parameters
    ----------
    name : str
        Its identifier.
    trigger : Expression
        Condition that fires the event when it turns from false (zero) to true.
    delay : Expression or None
        Time from triggering to execution.
    priority : Expression or None
        Among events that are due together, the highest goes first; equal ones are
        drawn at random, and those without one come last, in their order.
    initially : bool
        Truth of the trigger before time zero; when false, an event whose trigger is
        true at time zero fires then.
    persistent : bool
        Whether the event stays due when its trigger turns false again before it had
        its turn.
    early : bool
        Whether new values are computed when the event is triggered, not when it has
        its turn.
    assignments : tuple of Assignment
        What it sets.
    """

    name: str
    trigger: Expression
    delay: Expression | None = None
    priority: Expression | None = None
    initially: bool = True
    persistent: bool = True
    early: bool = True
    assignments: tuple[Assignment, ...] = ()
