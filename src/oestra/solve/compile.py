"""From a model to callable code, by way of the cache."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from oestra.solve.cache import remembered
from oestra.solve.call import Code
from oestra.solve.expression import Expression, fingerprint
from oestra.solve.kernel import Kernel
from oestra.solve.model import OdeModel
from oestra.solve.processor import Processor, host, link, translate
from oestra.solve.program import Program, prepare, requested
from oestra.solve.shape import Shape
from oestra.solve.tableau import TABLEAUS

__all__ = ["compile_model"]

_ENTRIES = (*(f"advance_{name}" for name in TABLEAUS), "sweep_rates", "sweep_outputs")


def compile_model(
    model: OdeModel,
    outputs: Sequence[str] = (),
    *,
    jumps: Mapping[str, Expression] | None = None,
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

    Returns
    -------
    Kernel
        The compiled model.

    Raises
    ------
    InputError
        If an output or a target of a jump is not known.
    """
    changes = dict(jumps or {})
    processor = host()
    shape, code = remembered(
        f"{processor.identity} {_identity(model, outputs, changes)}",
        lambda: _build(prepare(model, outputs, changes), processor),
        read=_parts,
    )
    compiled = Code(
        model=model,
        outputs=tuple(outputs),
        jumps=changes,
        shape=shape,
        linked=link(code, _ENTRIES, processor),
        width=processor.width,
    )
    return Kernel(code=compiled)


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
    )
    code = translate(generate(program, processor.width), processor)
    return json.dumps(asdict(shape)).encode() + b"\n" + code


def _parts(stored: bytes) -> tuple[Shape, bytes]:
    """Return the shape and the object code that `_build` put together."""
    shape, _, code = stored.partition(b"\n")
    return Shape(**json.loads(shape)), code


def _identity(
    model: OdeModel, outputs: Sequence[str], jumps: Mapping[str, Expression]
) -> str:
    observed, places = requested(model, outputs, jumps)
    targets = " ".join(map(str, places))
    counts = f"{len(model.states)} {len(model.parameters)} {len(observed)}"
    return f"{counts} {targets} {fingerprint([*model.rhs, *observed, *jumps.values()])}"
