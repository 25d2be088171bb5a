"""Loops in generated code."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from llvmlite import ir

from oestra.solve.vector import INT, Value

__all__ = ["loop", "unrolled"]

UNROLL = 4
"""Elements per pass: enough to hide the latency of an addition."""

Step = Callable[[Value, Sequence[Value]], Sequence[Value]]


@contextmanager
def loop(builder: Value, count: int | Value) -> Generator[Value]:
    """Emit a loop from zero to `count`; yields the index."""
    end = ir.Constant(INT, count) if isinstance(count, int) else count
    entry = builder.block
    head = builder.append_basic_block("loop")
    body = builder.append_basic_block("body")
    after = builder.append_basic_block("after")
    builder.branch(head)
    builder.position_at_end(head)
    index = builder.phi(INT)
    index.add_incoming(ir.Constant(INT, 0), entry)
    builder.cbranch(builder.icmp_signed("<", index, end), body, after)
    builder.position_at_end(body)
    yield index
    index.add_incoming(builder.add(index, ir.Constant(INT, 1)), builder.block)
    builder.branch(head)
    builder.position_at_end(after)


def unrolled(
    builder: Value, count: int, carried: Sequence[Value], step: Step
) -> list[Value]:
    """Emit a loop over elements, some per pass, that carries values in registers.

    Parameters
    ----------
    builder : ir.IRBuilder
        Where code is appended.
    count : int
        Number of elements.
    carried : sequence of Value
        Values at the beginning; each pass hands `UNROLL` copies of them around.
    step : callable
        Given an index and the carried values, emits an element and returns the values
        to carry on. It must be a sum, since copies are kept apart until the end.

    Returns
    -------
    list of Value
        The carried values of each copy, copy after copy.
    """
    width = len(carried)
    values = list(carried) * UNROLL
    passes = count // UNROLL
    if passes > 1:
        entry = builder.block
        body = builder.append_basic_block("unrolled")
        after = builder.append_basic_block("after")
        builder.branch(body)
        builder.position_at_end(body)
        index = builder.phi(INT)
        index.add_incoming(ir.Constant(INT, 0), entry)
        slots = [builder.phi(value.type) for value in values]
        for slot, value in zip(slots, values, strict=True):
            slot.add_incoming(value, entry)
        values = _pass(builder, index, slots, width, step)
        for slot, value in zip(slots, values, strict=True):
            slot.add_incoming(value, builder.block)
        following = builder.add(index, ir.Constant(INT, UNROLL))
        index.add_incoming(following, builder.block)
        end = ir.Constant(INT, passes * UNROLL)
        builder.cbranch(builder.icmp_signed("<", following, end), body, after)
        builder.position_at_end(after)
    for k in range(passes * UNROLL if passes > 1 else 0, count):
        first = (k % UNROLL) * width
        given = values[first : first + width]
        values[first : first + width] = step(ir.Constant(INT, k), given)
    return values


def _pass(
    builder: Value, index: Value, slots: Sequence[Value], width: int, step: Step
) -> list[Value]:
    values: list[Value] = []
    for copy in range(UNROLL):
        element = builder.add(index, ir.Constant(INT, copy))
        values += step(element, slots[copy * width : (copy + 1) * width])
    return values
