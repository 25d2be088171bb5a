"""From a model to callable code, by way of the cache."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from oestra.solve.bound import SECONDS
from oestra.solve.cache import remembered
from oestra.solve.call import Code
from oestra.solve.event import Event
from oestra.solve.expression import Expression, const, fingerprint
from oestra.solve.kernel import Kernel
from oestra.solve.model import OdeModel
from oestra.solve.processor import Processor, host, link, translate
from oestra.solve.program import Program, prepare, requested
from oestra.solve.shape import Shape
from oestra.solve.tableau import TABLEAUS

__all__ = ["compile_model"]

_ENTRIES = (*(f"advance_{name}" for name in TABLEAUS), "sweep_rates", "sweep_outputs")


_LONG = 5.0
"""Seconds of compilation that the user is told of."""


def _silent(_line: str) -> None:
    """Tell nobody."""


def compile_model(
    model: OdeModel,
    outputs: Sequence[str] = (),
    *,
    jumps: Mapping[str, Expression] | None = None,
    events: Sequence[Event] | None = None,
    tell: Callable[[str], None] = _silent,
) -> Kernel:
    """Compile a model for this processor.

    Object code and the sizes it works on are kept in the user's cache folder, so the
    second time nothing is derived, ordered or compiled.

    Parameters
    ----------
    model : OdeModel
        The model.
    outputs : sequence of str
        Names of outputs, states or parameters to record.
    jumps : mapping of str to Expression, optional
        What a state or parameter becomes, from the values before, at the start of each
        segment of a schedule.
    events : sequence of Event, optional
        Events. If given, even if empty, steps end where the clock makes rates jump.
    tell : callable, optional
        Takes a line before a compilation that takes long.

    Returns
    -------
    Kernel
        The compiled model.

    Raises
    ------
    InputError
        If an output or a target of a jump is not known.
    TooLargeError
        If the code would be too long (see `oestra.solve.bound`).
    """
    changes = dict(jumps or {})
    processor = host()
    shape, code = remembered(
        f"{processor.identity} {_identity(model, outputs, changes, events)}",
        lambda: _build(
            _told(prepare(model, outputs, changes, events), tell), processor
        ),
        read=_parts,
    )
    compiled = Code(
        model=model,
        outputs=tuple(outputs),
        jumps=changes,
        shape=shape,
        linked=link(code, _ENTRIES, processor),
        width=processor.width,
        events=None if events is None else tuple(events),
    )
    return Kernel(code=compiled)


def _told(program: Program, tell: Callable[[str], None]) -> Program:
    """Say before a long compilation how long it takes."""
    seconds = program.operations * SECONDS
    if seconds >= _LONG:
        tell(
            f"Compiling {program.operations:,} operations of {program.states:,} states "
            f"takes about {seconds:.0f} s; the code is kept for the next time."
        )
    return program


def _build(program: Program, processor: Processor) -> bytes:
    """Return the shape of a program, a line of JSON, and its object code."""
    # Only writing code needs the writers: a start from the cache does without them.
    from oestra.solve.generate import generate, workspace  # noqa: PLC0415

    shape = Shape(
        states=program.states,
        parameters=program.parameters,
        jumps=bool(program.jumps),
        autonomous=program.autonomous,
        memory=workspace(program).size(processor.width),
        events=program.events is not None,
    )
    code = translate(generate(program, processor.width), processor)
    return json.dumps(asdict(shape)).encode() + b"\n" + code


def _parts(stored: bytes) -> tuple[Shape, bytes]:
    """Return the shape and the object code that `_build` put together."""
    shape, _, code = stored.partition(b"\n")
    return Shape(**json.loads(shape)), code


def _identity(
    model: OdeModel,
    outputs: Sequence[str],
    jumps: Mapping[str, Expression],
    events: Sequence[Event] | None,
) -> str:
    observed, places = requested(model, outputs, jumps)
    targets = " ".join(map(str, places))
    counts = f"{len(model.states)} {len(model.parameters)} {len(observed)}"
    roots = [*model.rhs, *observed, *jumps.values()]
    if events is None:
        return f"{counts} {targets} {fingerprint(roots)}"
    for event in events:
        roots += [
            event.trigger,
            event.delay or const(0.0),
            event.priority or const(0.0),
        ]
        roots += [
            x for a in event.assignments for x in (a.value, a.scale or const(1.0))
        ]
    facts = [
        (
            e.priority is not None, e.initially, e.persistent, e.early,
            [a.state for a in e.assignments],
        )
        for e in events
    ]  # fmt: skip
    return f"{counts} {targets} {facts} {fingerprint(roots)}"
