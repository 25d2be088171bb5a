"""One step of a Rosenbrock method for all slots of a vector, as generated code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from llvmlite import ir

from oestra.solve.controller import Control, next_step
from oestra.solve.layout import Flag, Slots, field_of
from oestra.solve.locator import Locator
from oestra.solve.loops import unrolled
from oestra.solve.outcome import Outcome
from oestra.solve.program import Program
from oestra.solve.tableau import Tableau
from oestra.solve.vector import BYTES, FLOAT, Value, Vector

__all__ = ["Stepper"]

CLEAR_MOVEMENT = 10.0
"""Change in a step, in units of the tolerance, whose direction is taken seriously."""

Functions = Mapping[str, ir.Function]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepper:
    """Emits a step: factors, stages, error, acceptance and the next step's size.

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
    tableau : Tableau
        The method.
    functions : mapping of str to ir.Function
        ``jacobian``, ``factor``, ``stage`` and ``solve``.
    """

    vector: Vector
    slots: Slots
    job: Value
    program: Program
    tableau: Tableau
    functions: Functions

    def emit(self) -> Value:
        """Emit one step; return whether any slot needs attention."""
        v, s = self.vector, self.slots
        used, clipped = self._choose_size()
        s.store(used, "used")
        inverse = v.div(v.number(1.0), used)
        s.store(v.mul(inverse, v.number(1.0 / self.tableau.gamma)), "shift")
        self._call("jacobian", "y", "p", "time", "jacobian", "u", "slope")
        self._call("factor", "jacobian", "shift", "factors")
        for stage in range(self.tableau.stages):
            self._stage(stage, used, inverse)
        return self._judge(self._error(), used, clipped)

    def _call(self, name: str, *arrays: str | Value) -> None:
        where = [self.slots.array(a) if isinstance(a, str) else a for a in arrays]
        self.vector.builder.call(self.functions[name], where)

    def _choose_size(self) -> tuple[Value, Value]:
        """Stop exactly at the next stop, without a tiny last step."""
        v, s = self.vector, self.slots
        step = s.load("step")
        rest = v.sub(s.load("stop"), s.load("time"))
        clipped = v.compare(">=", v.mul(step, v.number(1.0 + 1e-10)), rest)
        near = v.compare(">", v.add(step, step), rest)
        halved = v.select(near, v.mul(rest, v.number(0.5)), step)
        return v.select(clipped, rest, halved), clipped

    def _solution(self, stage: int) -> Value:
        return self.slots.array("u", stage * self.program.states)

    def _stage(self, stage: int, used: Value, inverse: Value) -> None:
        v, s = self.vector, self.slots
        weight = None
        if not self.program.autonomous and self.tableau.d[stage] != 0.0:
            weight = v.mul(used, v.number(self.tableau.d[stage]))
        if stage > 0:
            clock = v.fma(used, v.number(self.tableau.c[stage]), s.load("time"))
            s.store(clock, "clock")
        if stage > 0 or weight is not None:
            unrolled(
                v.builder,
                self.program.states,
                (),
                lambda i, _: self._combine(stage, i, inverse, weight),
            )
        solution = self._solution(stage)
        if stage > 0:
            self._call("stage", "argument", "p", "clock", "factors", solution)
        else:
            self._call("solve", "factors", solution)

    def _combine(
        self, stage: int, i: Value, inverse: Value, weight: Value | None
    ) -> tuple[()]:
        """Emit the argument of a stage and what is added to its rates."""
        v, s = self.vector, self.slots
        earlier = [v.load(self._solution(j), i) for j in range(stage)]
        if stage == 0:
            pull = v.load(self._solution(0), i)
        else:
            argument = s.array("argument")
            if self.tableau.extends(stage):
                value = v.add(v.load(argument, i), earlier[-1])
            else:
                value = v.load(s.array("y"), i)
                for a, u in zip(self.tableau.a[stage], earlier, strict=True):
                    value = v.fma(v.number(a), u, value)
            v.store(value, argument, i)
            pull = v.mul(v.number(self.tableau.m[stage][0]), earlier[0])
            rest = zip(self.tableau.m[stage][1:], earlier[1:], strict=True)
            for m, u in rest:
                pull = v.fma(v.number(m), u, pull)
            pull = v.mul(pull, inverse)
        if weight is not None:
            pull = v.fma(weight, v.load(s.array("slope"), i), pull)
        v.store(pull, self._solution(stage), i)
        return ()

    def _error(self) -> Value:
        """Emit the new state and the root mean square of its scaled error."""
        v, s = self.vector, self.slots
        b = v.builder
        relative = v.splat(field_of(b, self.job, "relative"))
        tolerance = field_of(b, self.job, "tolerance")
        last = self._solution(self.tableau.stages - 1)
        weights = field_of(b, self.job, "weights")

        def element(i: Value, carried: Sequence[Value]) -> tuple[Value, Value]:
            total, drift = carried
            u, old = v.load(last, i), v.load(s.array("y"), i)
            new = v.add(v.load(s.array("argument"), i), u)
            v.store(new, s.array("argument"), i)
            size = v.max(v.intrinsic("fabs", old), v.intrinsic("fabs", new))
            least = self._scalar(tolerance, i)
            inverse = v.div(v.number(1.0), v.fma(relative, size, least))
            scaled = v.mul(u, inverse)
            moved = v.mul(v.sub(new, old), inverse)
            drift = v.fma(self._scalar(weights, i), moved, drift)
            return v.fma(scaled, scaled, total), drift

        zero = v.number(0.0)
        sums = unrolled(b, self.program.states, (zero, zero), element)
        s.store(reduce(v.add, sums[1::2]), "drift")
        total = reduce(v.add, sums[::2])
        mean = v.mul(total, v.number(1.0 / max(self.program.states, 1)))
        sound = v.load(s.array("factors"), len(self.program.plan.entries))
        return v.add(v.intrinsic("sqrt", mean), sound)

    def _scalar(self, base: Value, i: Value) -> Value:
        """Load an element of an array all slots share."""
        b = self.vector.builder
        where = b.gep(base, [i], source_etype=FLOAT)
        return self.vector.splat(b.load(where, typ=FLOAT, align=BYTES))

    def _judge(self, error: Value, used: Value, clipped: Value) -> Value:
        v, s = self.vector, self.slots
        b = v.builder
        running = b.icmp_signed("==", s.load("flag"), v.integer(Flag.RUN))
        good = v.compare("<=", error, v.number(1.0))
        accepted, rejected = b.and_(running, good), b.and_(running, b.not_(good))
        control = Control(
            error=error,
            used=used,
            last_error=s.load("last_error"),
            last_step=s.load("last_step"),
            accepted=accepted,
        )
        if self.program.events is not None and self.program.events.count:
            clipped, again = Locator(
                vector=v,
                slots=s,
                program=self.program,
                plan=self.program.events,
                tableau=self.tableau,
                functions=self.functions,
            ).emit(accepted, used, clipped)
            accepted = b.and_(accepted, b.not_(again))
            rejected = b.or_(rejected, again)
        proposed, log_error = next_step(v, self.tableau.order, control)
        self._advance(accepted, used, clipped)
        self._remember(accepted, used, proposed, log_error)
        self._count_turns(accepted)
        step = s.load("step")
        # A step cut short by a stop says little: keep the earlier proposal.
        larger = v.select(clipped, v.max(proposed, step), proposed)
        step = v.select(accepted, larger, v.select(rejected, proposed, step))
        s.store(step, "step")
        self._count(accepted, "steps")
        self._count(rejected, "rejected")
        return self._raise_flags(error, accepted, rejected, clipped)

    def _advance(self, accepted: Value, used: Value, clipped: Value) -> None:
        v, s = self.vector, self.slots
        time = s.load("time")
        new = v.select(clipped, s.load("stop"), v.add(time, used))
        s.store(v.select(accepted, new, time), "time")

        def element(i: Value, _: Sequence[Value]) -> tuple[()]:
            old = v.load(s.array("y"), i)
            value = v.select(accepted, v.load(s.array("argument"), i), old)
            v.store(value, s.array("y"), i)
            return ()

        unrolled(v.builder, self.program.states, (), element)

    def _remember(
        self, accepted: Value, used: Value, proposed: Value, log_error: Value
    ) -> None:
        v, s = self.vector, self.slots
        last_step, last_error = s.load("last_step"), s.load("last_error")
        first = v.builder.and_(
            accepted, v.compare("==", s.load("opening"), v.number(0))
        )
        # What the first step's error proposes, so that doses find their own first step.
        s.store(v.select(first, proposed, s.load("opening")), "opening")
        s.store(v.select(accepted, used, last_step), "last_step")
        s.store(v.select(accepted, log_error, last_error), "last_error")

    def _count(self, mask: Value, name: str) -> None:
        v, s = self.vector, self.slots
        more = v.builder.zext(mask, v.whole)
        s.store(v.builder.add(s.load(name), more), name)

    def _count_turns(self, accepted: Value) -> None:
        """Count the changes of direction of a weighted sum of the states.

        Only movements well above the tolerance count, so a lane that has settled turns
        no more, and one that oscillates turns twice a period.
        """
        v, s = self.vector, self.slots
        b = v.builder
        drift, trend = s.load("drift"), s.load("trend")
        large = v.compare(">", v.intrinsic("fabs", drift), v.number(CLEAR_MOVEMENT))
        clear = b.and_(accepted, large)
        turned = b.and_(clear, v.compare("<", v.mul(drift, trend), v.number(0.0)))
        s.store(v.select(clear, drift, trend), "trend")
        s.store(v.select(turned, s.load("time"), s.load("turned")), "turned")
        self._count(turned, "turns")

    def _raise_flags(
        self, error: Value, accepted: Value, rejected: Value, clipped: Value
    ) -> Value:
        v, s = self.vector, self.slots
        b = v.builder
        stopped = b.and_(accepted, clipped)
        least = v.fma(
            v.number(1e-15),
            v.intrinsic("fabs", s.load("time")),
            v.mul(v.number(1e-30), v.sub(s.load("stop"), s.load("time"))),
        )
        small = b.and_(rejected, v.compare("<", s.load("step"), least))
        tried = b.add(s.load("steps"), s.load("rejected"))
        limit = v.splat(field_of(b, self.job, "max_steps"))
        spent = b.and_(
            b.icmp_signed(">=", tried, limit),
            b.and_(b.or_(accepted, rejected), b.not_(stopped)),
        )
        finite = v.compare("<", error, v.number(float("inf")))
        code = b.select(
            finite,
            v.integer(Outcome.STEP_TOO_SMALL),
            v.integer(Outcome.NON_FINITE),
        )
        code = b.select(small, code, v.integer(Outcome.STEP_LIMIT))
        failed = b.or_(small, spent)
        s.store(b.select(failed, code, s.load("outcome")), "outcome")
        flag = b.select(stopped, v.integer(Flag.STOP), s.load("flag"))
        flag = b.select(failed, v.integer(Flag.FAIL), flag)
        s.store(flag, "flag")
        busy = b.icmp_signed("!=", flag, v.integer(Flag.RUN))
        idle = b.icmp_signed("!=", flag, v.integer(Flag.IDLE))
        return v.any(b.and_(busy, idle))
