"""The next instant at which something jumps by the clock, as generated code."""

from collections.abc import Sequence

from oestra.solve.clock import Crossing, Crossings
from oestra.solve.locator import BESIDE
from oestra.solve.straightline import StraightLine
from oestra.solve.vector import Value, Vector

__all__ = ["emit_next_jump"]


def emit_next_jump(v: Vector, jumps: Crossings, args: Sequence[Value]) -> None:
    """Emit the search for the first jump after a time.

    Jumps that differ by rounding are one, at the last of their instants, and so is an
    event that is due then.

    Parameters
    ----------
    v : Vector
        Where code is appended.
    jumps : Crossings
        What jumps.
    args : sequence of Value
        Addresses of states, parameters, time, when the next event is due, and where
        the instant is stored.
    """
    y, p, now, due, out = args
    line = StraightLine(v, y, p, now)
    time = v.load(now)
    never = v.number(float("inf"))
    candidates: list[Value] = []
    for jump in jumps.solved:
        wait = _wait(v, line, jump)
        there = v.add(time, wait)
        ahead = v.builder.and_(
            v.compare(">", wait, v.number(0.0)), v.compare(">", there, time)
        )
        candidates.append(v.select(ahead, there, never))
    first = never
    for candidate in candidates:
        first = v.min(candidate, first)
    last = first
    reach = v.mul(first, v.number(1.0 + BESIDE))
    for candidate in (*candidates, v.load(due)):
        same = v.compare("<=", candidate, reach)
        later = v.builder.and_(same, v.compare(">", candidate, last))
        last = v.select(later, candidate, last)
    v.store(last, out)


def _wait(v: Vector, line: StraightLine, jump: Crossing) -> Value:
    """Emit the time until a quantity passes zero, or the next whole number."""
    value, slope = line.emit(jump.value), line.emit(jump.slope)
    if not jump.whole:
        return v.div(v.neg(value), slope)
    up = v.sub(v.add(v.intrinsic("floor", value), v.number(1.0)), value)
    down = v.sub(v.sub(v.intrinsic("ceil", value), v.number(1.0)), value)
    rising = v.compare(">", slope, v.number(0.0))
    return v.div(v.select(rising, up, down), slope)
