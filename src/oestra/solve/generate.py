"""The LLVM module of a model: everything one call of the engine needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from llvmlite import ir

from oestra.solve.event_plan import EventPlan
from oestra.solve.executive import Executive
from oestra.solve.expression import Expression, operation
from oestra.solve.layout import Flag, Slots, Workspace, field_of
from oestra.solve.linear import factor, solve
from oestra.solve.loops import loop
from oestra.solve.next_jump import emit_next_jump
from oestra.solve.program import Program
from oestra.solve.queue import Attendant
from oestra.solve.simplify import ZERO
from oestra.solve.step import Stepper
from oestra.solve.straightline import StraightLine
from oestra.solve.tableau import TABLEAUS, Tableau
from oestra.solve.vector import BYTES, FLOAT, INT, POINTER, Value, Vector

__all__ = ["generate", "workspace"]

Body = Callable[[Vector, Sequence[Value]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    program: Program
    width: int
    layout: Workspace
    module: ir.Module = field(default_factory=lambda: ir.Module("oestra"))
    functions: dict[str, ir.Function] = field(default_factory=dict)

    def local(self, name: str, arguments: int, body: Body) -> None:
        """Write a function on arrays that do not overlap."""
        kind = ir.FunctionType(ir.VoidType(), [POINTER] * arguments)
        function = ir.Function(self.module, kind, name)
        function.linkage = "internal"
        function.attributes.add("noinline")
        function.attributes.add("nounwind")
        # Vectors that spill must not cross cache lines.
        function.attributes.alignstack = BYTES * self.width
        for argument in function.args:
            argument.add_attribute("noalias")
        builder = ir.IRBuilder(function.append_basic_block("entry"))
        body(Vector(builder, self.width), function.args)
        builder.ret_void()
        self.functions[name] = function

    def line(self, v: Vector, y: Value, p: Value, time: Value) -> StraightLine:
        """Start straight-line code that may use the invariants."""
        return StraightLine(v, y, p, time, self.program.invariants)

    def entry(self, name: str) -> tuple[Vector, Slots, Value, ir.Function]:
        """Start a function that is called from outside with a job and a workspace."""
        kind = ir.FunctionType(ir.VoidType(), [POINTER, POINTER])
        function = ir.Function(self.module, kind, name)
        builder = ir.IRBuilder(function.append_basic_block("entry"))
        v = Vector(builder, self.width)
        return v, Slots(v, function.args[1], self.layout), function.args[0], function


def _write_invariants(w: _Writer) -> None:
    def body(v: Vector, args: Sequence[Value]) -> None:
        p, time = args
        line = StraightLine(v, p, p, time)
        for node, place in w.program.invariants.items():
            v.store(line.emit(node), p, place)

    w.local("prepare", 2, body)


def _write_rates(w: _Writer) -> None:
    def body(v: Vector, args: Sequence[Value]) -> None:
        y, p, time, out = args
        line = w.line(v, y, p, time)
        line.lead(w.program.rhs)
        for i, node in enumerate(w.program.rhs):
            v.store(v.add(line.emit(node), v.load(out, i)), out, i)

    w.local("rates", 4, body)


def _write_jacobian(w: _Writer) -> None:
    def body(v: Vector, args: Sequence[Value]) -> None:
        y, p, time, jacobian, rates, slope = args
        line = w.line(v, y, p, time)
        entries: dict[int, list[tuple[int, Expression]]] = {}
        for k, ((i, _), node) in enumerate(w.program.jacobian.items()):
            entries.setdefault(i, []).append((k, node))
        line.lead(w.program.rhs)
        for i, node in enumerate(w.program.rhs):
            v.store(line.emit(node), rates, i)
            for k, entry in entries.get(i, []):
                v.store(line.emit(entry), jacobian, k)
            if not w.program.autonomous:
                v.store(line.emit(w.program.slope[i]), slope, i)

    w.local("jacobian", 6, body)


def _write_linear(w: _Writer) -> None:
    plan = w.program.plan

    def write_factor(v: Vector, args: Sequence[Value]) -> None:
        jacobian, shift, out = args
        where = {entry: k for k, entry in enumerate(w.program.jacobian)}
        addresses = {entry: v.at(jacobian, k) for entry, k in where.items()}
        factor(v, plan, addresses, v.load(shift), out)

    def write_solve(v: Vector, args: Sequence[Value]) -> None:
        factors, b = args
        solve(v, plan, factors, lambda i: v.load(b, i), b)

    def write_stage(v: Vector, args: Sequence[Value]) -> None:
        """Solve for the rates of a stage, plus what stands in the solution's place."""
        y, p, time, factors, b = args
        line = w.line(v, y, p, time)
        line.lead(w.program.rhs)

        def row(i: int) -> Value:
            return v.add(line.emit(w.program.rhs[i]), v.load(b, i))

        solve(v, plan, factors, row, b)

    w.local("factor", 3, write_factor)
    w.local("solve", 2, write_solve)
    w.local("stage", 5, write_stage)


def _write_outputs(w: _Writer) -> None:
    def body(v: Vector, args: Sequence[Value]) -> None:
        y, p, time, out = args
        w.line(v, y, p, time).store(w.program.outputs, out)

    w.local("outputs", 4, body)


def _write_jumps(w: _Writer) -> None:
    def body(v: Vector, args: Sequence[Value]) -> None:
        y, p, time, flag = args
        line = StraightLine(v, y, p, time)
        flags = v.load_whole(flag)
        starting = v.builder.icmp_signed("==", flags, v.integer(Flag.START))
        values = {k: line.emit(node) for k, node in w.program.jumps.items()}
        for k, value in values.items():
            base, index = (y, k) if k < w.program.states else (p, k - w.program.states)
            v.store(v.select(starting, value, v.load(base, index)), base, index)

    w.local("jumps", 4, body)


def _write_events(w: _Writer, plan: EventPlan) -> None:
    def write_triggers(v: Vector, args: Sequence[Value]) -> None:
        y, p, time, out = args
        line = StraightLine(v, y, p, time)
        for k, node in enumerate(plan.triggers):
            truth = operation("ne", node, ZERO)
            v.store(line.emit(truth), out, k)

    def write_doings(v: Vector, args: Sequence[Value]) -> None:
        y, p, time, *outs = args
        line = StraightLine(v, y, p, time)
        rows = (plan.delays, plan.priorities, plan.values, plan.scales)
        for row, out in zip(rows, outs, strict=True):
            line.store(row, out)

    def write_glide(v: Vector, args: Sequence[Value]) -> None:
        y, p, time, target = args
        line = StraightLine(v, y, p, time)
        rest = v.sub(v.load(target), v.load(time))
        moves = {i: line.emit(rate) for i, rate in plan.jumps.clocks.items()}
        for i, rate in moves.items():
            moved = v.fma(rest, rate, v.load(y, i))
            going = v.compare(">", rest, v.number(0.0))
            v.store(v.select(going, moved, v.load(y, i)), y, i)

    def write_gauges(v: Vector, args: Sequence[Value]) -> None:
        y, p, time, out = args
        StraightLine(v, y, p, time).store(plan.gauges, out)

    w.local("triggers", 4, write_triggers)
    w.local("gauges", 4, write_gauges)
    w.local("doings", 7, write_doings)
    w.local("glide", 4, write_glide)
    w.local("ahead", 5, lambda v, args: emit_next_jump(v, plan.jumps, args))
    w.local("cascade", 2, lambda v, args: _write_cascade(w, v, args))


def _write_cascade(w: _Writer, v: Vector, args: Sequence[Value]) -> None:
    plan = w.program.events
    if plan is not None:
        Executive(
            vector=v,
            slots=Slots(v, args[1], w.layout),
            job=args[0],
            program=w.program,
            plan=plan,
            functions=w.functions,
        ).emit()


def _write_advance(w: _Writer, tableau: Tableau) -> None:
    v, slots, job, function = w.entry(f"advance_{tableau.name}")
    b = v.builder
    serve, step, done = (
        function.append_basic_block(x) for x in ("serve", "step", "done")
    )
    parts: dict[str, Any] = {
        "vector": v, "slots": slots, "job": job, "program": w.program,
        "functions": w.functions,
    }  # fmt: skip
    empty = v.integer(Flag.EMPTY)
    b.store(empty, slots.array("flag"), align=BYTES * w.width)
    b.branch(serve)
    b.position_at_end(serve)
    b.cbranch(Attendant(**parts).emit(), step, done)
    b.position_at_end(step)
    b.cbranch(Stepper(**parts, tableau=tableau).emit(), serve, step)
    b.position_at_end(done)
    b.ret_void()


def _write_sweep(w: _Writer, name: str, size: int) -> None:
    """Write a function that evaluates rates or outputs of many lanes."""
    v, s, job, _ = w.entry(f"sweep_{name}")
    b = v.builder
    width = ir.Constant(INT, w.width)
    lanes = field_of(b, job, "lanes")
    last = b.sub(lanes, ir.Constant(INT, 1))
    blocks = b.sdiv(b.add(lanes, b.sub(width, ir.Constant(INT, 1))), width)
    with loop(b, blocks) as block:
        first = b.mul(block, width)
        with loop(b, w.width) as slot:
            lane = b.add(first, slot)
            lane = b.select(b.icmp_signed("<", lane, last), lane, last)
            _gather(s, job, slot, lane)
        b.call(w.functions["prepare"], [s.array("p"), s.array("time")])
        with loop(b, max(size, 1)) as i:
            v.store(v.number(0.0), s.array("u"), i)
        arrays = [s.array(a) for a in ("y", "p", "time", "u")]
        b.call(w.functions[name], arrays)
        with loop(b, w.width) as slot:
            lane = b.add(first, slot)
            with b.if_then(b.icmp_signed("<=", lane, last)), loop(b, size) as k:
                value = b.load(s.cell("u", slot, k), typ=FLOAT, align=BYTES)
                index = b.add(b.mul(lane, ir.Constant(INT, size)), k)
                record = field_of(b, job, "record")
                where = b.gep(record, [index], source_etype=FLOAT)
                b.store(value, where, align=BYTES)
    b.ret_void()


def _gather(s: Slots, job: Value, slot: Value, lane: Value) -> None:
    b = s.vector.builder
    program = s.layout.program
    sizes = {"y": program.states, "p": program.parameters, "boundaries": 1}
    for name, size in sizes.items():
        with loop(b, size) as i:
            index = b.add(b.mul(lane, ir.Constant(INT, size)), i)
            source = b.gep(field_of(b, job, name), [index], source_etype=FLOAT)
            value = b.load(source, typ=FLOAT, align=BYTES)
            target = s.cell("time" if name == "boundaries" else name, slot, i)
            b.store(value, target, align=BYTES)


def generate(program: Program, width: int) -> str:
    """Write the module of a program.

    Parameters
    ----------
    program : Program
        The prepared model.
    width : int
        Lanes in a vector.

    Returns
    -------
    str
        LLVM assembly.
    """
    writer = _Writer(program=program, width=width, layout=workspace(program))
    _write_invariants(writer)
    _write_rates(writer)
    _write_jacobian(writer)
    _write_linear(writer)
    _write_outputs(writer)
    _write_jumps(writer)
    if program.events is not None:
        _write_events(writer, program.events)
    for tableau in TABLEAUS.values():
        _write_advance(writer, tableau)
    _write_sweep(writer, "rates", program.states)
    _write_sweep(writer, "outputs", len(program.outputs))
    return str(writer.module)


def workspace(program: Program) -> Workspace:
    """Return the memory layout of a program."""
    stages = max(tableau.stages for tableau in TABLEAUS.values())
    return Workspace(program=program, stages=stages)
