"""Sizes a caller of generated code must know."""

from dataclasses import dataclass

__all__ = ["Shape"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is left of a program once it is object code.

    Parameters
    ----------
    states, parameters : int
        Lengths n and m of the vectors y and p.
    jumps : bool
        Whether something jumps at the start of a segment.
    autonomous : bool
        Whether time is absent from the right-hand side.
    memory : int
        Bytes a thread works in.
    events : bool
        Whether it holds events or jumps by the clock.
    """

    states: int
    parameters: int
    jumps: bool
    autonomous: bool
    memory: int
    events: bool = False
