"""The scheduler in generated code: slots take lanes from a queue shared by threads.

Each slot of the vector carries one lane with its own time and step size. When a lane
reaches a stop, its outputs are recorded or its next segment begins; when it ends, the
slot takes the next lane at once, so that the vector stays full whatever the lanes cost.
A lane's arithmetic does not depend on its slot, so results are the same bits for any
number of threads, any batch and any order.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce

from llvmlite import ir

from oestra.solve.instants import Instants
from oestra.solve.layout import Flag, Slots, field_of
from oestra.solve.loops import loop
from oestra.solve.outcome import Outcome
from oestra.solve.program import Program
from oestra.solve.vector import BYTES, FLOAT, INT, Value, Vector, whole

__all__ = ["Attendant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendant:
    """Emits what happens to slots that need attention.

    Parameters
    ----------
    vector : Vector
        Where code is appended.
    slots : Slots
        The thread's workspace.
    job : Value
        The job.
    program : Program
        The model.
    functions : mapping of str to ir.Function
        ``prepare``, ``rates``, ``outputs`` and ``jumps``.
    """

    vector: Vector
    slots: Slots
    job: Value
    program: Program
    functions: Mapping[str, ir.Function]

    def emit(self) -> Value:
        """Serve all slots; return whether any lane is still running."""
        v, s = self.vector, self.slots
        instants = self._instants()
        if instants is not None:
            instants.reach()
        self._record()
        if instants is not None:
            instants.leave()
            # A point may lie between an instant and just behind it, where lanes end.
            self._record()
        with self._each(Flag.STOP) as slot:
            self._pass_boundary(slot)
        if instants is not None:
            instants.resume()
        with self._each(Flag.FAIL) as slot:
            self._finish(slot)
        with self._each(Flag.EMPTY) as slot:
            self._take(slot)
        if instants is not None:
            instants.start()
        self._begin_segments()
        self._record()
        if instants is not None:
            instants.look_ahead()
        with self._each(Flag.START, Flag.STOP) as slot:
            self._next_stop(slot)
        idle = v.builder.icmp_signed("!=", s.load("flag"), v.integer(Flag.IDLE))
        return v.any(idle)

    def _instants(self) -> Instants | None:
        plan = self.program.events
        if plan is None:
            return None
        return Instants(
            vector=self.vector,
            slots=self.slots,
            job=self.job,
            plan=plan,
            functions=self.functions,
        )

    @contextmanager
    def _each(self, *flags: int) -> Generator[Value]:
        """Emit a loop over the slots with one of some flags."""
        b = self.vector.builder
        mask = self._marked(*flags)
        width = ir.IntType(self.vector.width)
        bits = b.bitcast(mask, width)
        entry = b.block
        head, body = b.append_basic_block("slots"), b.append_basic_block("slot")
        after = b.append_basic_block("served")
        b.branch(head)
        b.position_at_end(head)
        left = b.phi(width)
        left.add_incoming(bits, entry)
        none = ir.Constant(width, 0)
        b.cbranch(b.icmp_unsigned("==", left, none), after, body)
        b.position_at_end(body)
        lowest = b.cttz(left, ir.Constant(ir.IntType(1), 1))
        yield b.zext(lowest, INT)
        rest = b.and_(left, b.sub(left, ir.Constant(width, 1)))
        left.add_incoming(rest, b.block)
        b.branch(head)
        b.position_at_end(after)

    def _marked(self, *flags: int) -> Value:
        """Return the mask of the slots with one of some flags."""
        v = self.vector
        flag = self.slots.load("flag")
        hits = [v.builder.icmp_signed("==", flag, v.integer(one)) for one in flags]
        return reduce(v.builder.or_, hits)

    def _element(self, name: str, index: Value, kind: ir.Type = FLOAT) -> Value:
        b = self.vector.builder
        where = b.gep(field_of(b, self.job, name), [index], source_etype=kind)
        return b.load(where, typ=kind, align=BYTES)

    def _put_element(self, value: Value, name: str, index: Value) -> None:
        b = self.vector.builder
        where = b.gep(field_of(b, self.job, name), [index], source_etype=value.type)
        b.store(value, where, align=BYTES)

    def _field(self, name: str) -> Value:
        return field_of(self.vector.builder, self.job, name)

    def _set_flag(self, slot: Value, flag: int) -> None:
        self.slots.put(whole(flag), "flag", slot)

    # Recording

    def _record(self) -> None:
        """Write the outputs of all slots whose time has reached a point."""
        if not self.program.outputs:
            return
        v, s = self.vector, self.slots
        reached = v.compare(">=", s.load("time"), s.load("due"))
        due = v.builder.and_(reached, self._marked(Flag.STOP, Flag.START))
        with v.builder.if_then(v.any(due)):
            arrays = [s.array(a) for a in ("y", "p", "time", "outputs")]
            v.builder.call(self.functions["outputs"], arrays)
            with self._each(Flag.STOP, Flag.START) as slot:
                self._while(lambda: self._due(slot), lambda: self._write_point(slot))

    def _while(self, condition: Callable[[], Value], body: Callable[[], None]) -> None:
        b = self.vector.builder
        head, inside = b.append_basic_block("while"), b.append_basic_block("do")
        after = b.append_basic_block("done")
        b.branch(head)
        b.position_at_end(head)
        b.cbranch(condition(), inside, after)
        b.position_at_end(inside)
        body()
        b.branch(head)
        b.position_at_end(after)

    def _point_time(self, slot: Value) -> Value:
        """Return the time of a slot's next point, infinity after the last."""
        b, s = self.vector.builder, self.slots
        point = s.get("point", slot)
        more = b.icmp_signed("<", point, self._field("count"))
        first = b.mul(s.get("lane", slot), self._field("point_stride"))
        index = b.select(more, b.add(first, point), whole(0))
        never = ir.Constant(FLOAT, float("inf"))
        return b.select(more, self._element("points", index), never)

    def _due(self, slot: Value) -> Value:
        b = self.vector.builder
        due, time = self.slots.get("due", slot), self.slots.get("time", slot)
        return b.fcmp_ordered("<=", due, time)

    def _write_point(self, slot: Value) -> None:
        b, s = self.vector.builder, self.slots
        width = len(self.program.outputs)
        point = s.get("point", slot)
        row = b.add(b.mul(s.get("lane", slot), self._field("count")), point)
        with loop(b, width) as k:
            value = b.load(s.cell("outputs", slot, k), typ=FLOAT, align=BYTES)
            self._put_element(value, "record", b.add(b.mul(row, whole(width)), k))
        s.put(b.add(point, whole(1)), "point", slot)
        s.put(self._point_time(slot), "due", slot)

    # Segments

    def _boundary(self, slot: Value, ahead: int) -> Value:
        b, s = self.vector.builder, self.slots
        first = b.mul(s.get("lane", slot), self._field("boundary_stride"))
        segment = b.add(s.get("segment", slot), whole(ahead))
        return self._element("boundaries", b.add(first, segment))

    def _pass_boundary(self, slot: Value) -> None:
        """At the end of a segment, begin the next or end the lane."""
        b, s = self.vector.builder, self.slots
        end = b.fcmp_ordered(">=", s.get("time", slot), self._boundary(slot, 1))
        with b.if_then(end):
            segment = b.add(s.get("segment", slot), whole(1))
            s.put(segment, "segment", slot)
            last = b.icmp_signed(">=", segment, self._field("segments"))
            with b.if_else(last) as (over, more):
                with over:
                    self._finish(slot)
                with more:
                    self._set_flag(slot, Flag.START)

    def _begin_segments(self) -> None:
        """Change parameters and states of slots at the start of a segment."""
        v, s = self.vector, self.slots
        b = v.builder
        with self._each(Flag.START) as slot:
            self._change(slot)
        starting = b.icmp_signed("==", s.load("flag"), v.integer(Flag.START))
        with b.if_then(v.any(starting)):
            if self.program.jumps:
                with b.if_then(b.icmp_signed("!=", self._field("jumps"), whole(0))):
                    arrays = [s.array(a) for a in ("y", "p", "time", "flag")]
                    b.call(self.functions["jumps"], arrays)
            b.call(self.functions["prepare"], [s.array("p"), s.array("time")])
            self._guess_steps()

    def _change(self, slot: Value) -> None:
        """Overwrite the parameters that a schedule changes."""
        b, s = self.vector.builder, self.slots
        changes = self._field("changes")
        lane = b.mul(s.get("lane", slot), self._field("value_stride"))
        row = b.add(lane, b.mul(s.get("segment", slot), changes))
        with loop(b, changes) as k:
            column = self._element("columns", k, INT)
            value = self._element("values", b.add(row, k))
            b.store(value, s.cell("p", slot, column), align=BYTES)

    def _guess_steps(self) -> None:
        """Estimate first steps from the size of states and rates [1]_.

        A later segment begins with the first step of the one before, since doses
        repeat; the trend of the controller starts anew.

        References
        ----------
        .. [1] Hairer E, Norsett SP, Wanner G (1993). Solving Ordinary Differential
           Equations I, 2nd ed. Springer. Section II.4.
        """
        v, s = self.vector, self.slots
        b = v.builder
        starting = b.icmp_signed("==", s.load("flag"), v.integer(Flag.START))
        known = v.compare(">", s.load("step"), v.number(0.0))
        unknown = b.and_(starting, b.not_(known))
        with b.if_then(v.any(unknown)):
            s.store(v.select(unknown, self._guess(), s.load("step")), "step")
        fresh = b.icmp_signed("!=", s.load("fresh"), v.integer(0))
        opening = s.load("opening")
        usable = b.and_(b.not_(fresh), v.compare(">", opening, v.number(0.0)))
        usable = b.and_(usable, starting)
        step = s.load("step")
        s.store(v.select(usable, v.min(opening, step), step), "step")
        zero = v.number(0.0)
        s.store(v.select(starting, zero, opening), "opening")
        s.store(v.select(starting, zero, s.load("last_step")), "last_step")
        s.store(v.select(starting, zero, s.load("trend")), "trend")
        for name in ("fresh", "turns"):
            s.store(b.select(starting, v.integer(0), s.load(name)), name)

    def _guess(self) -> Value:
        v, s = self.vector, self.slots
        self._scaled_sizes()
        state, rate = s.load("sum"), s.load("clock")
        tiny = v.compare("<", v.min(state, rate), v.number(1e-10))
        ratio = v.div(state, v.max(rate, v.number(1e-300)))
        guess = v.mul(v.number(0.01), v.intrinsic("sqrt", ratio))
        sound = v.builder.and_(
            v.compare(">", guess, v.number(0.0)),
            v.compare("<", guess, v.number(float("inf"))),
        )
        sound = v.builder.and_(sound, v.builder.not_(tiny))
        return v.select(sound, guess, v.number(1e-6))

    def _scaled_sizes(self) -> None:
        """Leave the squared sizes of states and rates in two vectors."""
        v, s = self.vector, self.slots
        b = v.builder
        relative = v.splat(self._field("relative"))
        rates = s.array("u")
        with loop(b, self.program.states) as i:
            v.store(v.number(0.0), rates, i)
        b.call(self.functions["rates"], [*map(s.array, ("y", "p", "time")), rates])
        s.store(v.number(0.0), "sum")
        s.store(v.number(0.0), "clock")
        with loop(b, self.program.states) as i:
            y, f = v.load(s.array("y"), i), v.load(rates, i)
            least = v.splat(self._element("tolerance", i))
            scale = v.div(v.number(1.0), v.fma(relative, v.intrinsic("fabs", y), least))
            for part, name in ((y, "sum"), (f, "clock")):
                scaled = v.mul(part, scale)
                s.store(v.fma(scaled, scaled, s.load(name)), name)

    def _next_stop(self, slot: Value) -> None:
        b, s = self.vector.builder, self.slots
        point, boundary = s.get("due", slot), self._boundary(slot, 1)
        first = b.fcmp_ordered("<", point, boundary)
        stop = b.select(first, point, boundary)
        instants = self._instants()
        if instants is not None:
            stop = instants.next_stop(slot, stop)
        s.put(stop, "stop", slot)
        there = b.fcmp_ordered("<=", stop, s.get("time", slot))
        flag = b.select(there, whole(Flag.STOP), whole(Flag.RUN))
        s.put(flag, "flag", slot)

    # Lanes

    def _finish(self, slot: Value) -> None:
        """Write a lane's results and empty its slot."""
        b, s = self.vector.builder, self.slots
        lane = s.get("lane", slot)
        self._write_row("y", "y_out", self.program.states, slot)
        with b.if_then(b.icmp_signed("!=", self._field("changed"), whole(0))):
            self._write_row("p", "p_out", self.program.parameters, slot)
        results = {
            "step_out": "step", "outcome": "outcome", "steps": "steps",
            "rejected": "rejected", "reached": "time", "turns": "turns",
            "turned": "turned",
        }  # fmt: skip
        for target, name in results.items():
            self._put_element(s.get(name, slot), target, lane)
        self._set_flag(slot, Flag.EMPTY)

    def _write_row(self, name: str, target: str, size: int, slot: Value) -> None:
        b, s = self.vector.builder, self.slots
        if size == 0:
            return
        first = b.mul(s.get("lane", slot), whole(size))
        with loop(b, size) as i:
            value = b.load(s.cell(name, slot, i), typ=FLOAT, align=BYTES)
            self._put_element(value, target, b.add(first, i))

    def _take(self, slot: Value) -> None:
        """Take the next lane from the queue, or leave the slot idle."""
        b, s = self.vector.builder, self.slots
        counter = self._field("next")
        lane = b.atomic_rmw("add", counter, whole(1), "monotonic")
        with b.if_else(b.icmp_signed("<", lane, self._field("lanes"))) as (more, none):
            with more:
                s.put(lane, "lane", slot)
                self._load(slot, lane)
            with none:
                self._set_flag(slot, Flag.IDLE)

    def _load(self, slot: Value, lane: Value) -> None:
        b, s = self.vector.builder, self.slots
        for name, size in (("y", self.program.states), ("p", self.program.parameters)):
            if size:
                with loop(b, size) as i:
                    index = b.add(b.mul(lane, whole(size)), i)
                    cell = s.cell(name, slot, i)
                    b.store(self._element(name, index), cell, align=BYTES)
        for name in ("segment", "point", "steps", "rejected"):
            s.put(whole(0), name, slot)
        s.put(self._point_time(slot), "due", slot)
        s.put(whole(Outcome.REACHED_END), "outcome", slot)
        s.put(whole(1), "fresh", slot)
        s.put(self._boundary(slot, 0), "time", slot)
        s.put(self._element("step", lane), "step", slot)
        for name in ("opening", "last_error", "last_step", "turned"):
            s.put(ir.Constant(FLOAT, 0.0), name, slot)
        instants = self._instants()
        if instants is not None:
            instants.begin(slot)
        self._set_flag(slot, Flag.START)
