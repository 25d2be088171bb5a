"""Search for the instant within a step at which a trigger turns, as generated code.

Every accepted step is searched: at its end, and where triggers depend on more than the
clock, at fractions between, on the polynomial that belongs to the method. The first
turn is bisected, and the step is cut there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from llvmlite import ir

from oestra.solve.event_plan import EventPlan
from oestra.solve.layout import Slots
from oestra.solve.loops import loop, unrolled
from oestra.solve.program import Program
from oestra.solve.tableau import Tableau
from oestra.solve.vector import INT, Value, Vector

__all__ = ["BESIDE", "Locator"]

BESIDE = 1e-13
"""Relative distance to both sides of an instant that counts as the instant itself."""
_PARTS = 8
"""Parts of a step at whose ends triggers are looked at."""
_MOST_HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Emits the search in a step whose error has been judged.

    Parameters
    ----------
    vector : Vector
        Where code is appended.
    slots : Slots
        The thread's workspace.
    program : Program
        The model.
    plan : EventPlan
        Its events.
    tableau : Tableau
        The method.
    functions : mapping of str to ir.Function
        ``triggers``.
    """

    vector: Vector
    slots: Slots
    program: Program
    plan: EventPlan
    tableau: Tableau
    functions: Mapping[str, ir.Function]

    def emit(self, accepted: Value, used: Value, clipped: Value) -> Value:
        """Cut steps at the first turn of a trigger.

        The argument of the last stage, the slot's next stop and what stops there are
        those of the cut step.

        Parameters
        ----------
        accepted : Value
            Mask of slots whose step is accepted.
        used : Value
            Sizes of the steps.
        clipped : Value
            Mask of slots whose step ends at a stop.

        Returns
        -------
        Value
            Mask of slots whose step ends at a stop or a turn.
        """
        if not self.plan.count:
            return clipped
        v, s = self.vector, self.slots
        b = v.builder
        end = v.select(clipped, s.load("stop"), v.add(s.load("time"), used))
        s.store(v.number(0.0), "low")
        s.store(v.integer(0), "found")
        if self.plan.jumps.open:
            self._bend()
            with loop(b, _PARTS - 1) as k:
                part = b.sitofp(b.add(k, ir.Constant(INT, 1)), v.number(0).type.element)
                self._look(v.splat(b.fmul(part, ir.Constant(part.type, 1 / _PARTS))), used)
                self._take_over(accepted)
        s.store(end, "moment")
        s.store(v.number(1.0), "theta")
        self._call("argument")
        self._take_over(accepted)
        found = b.icmp_signed("!=", s.load("found"), v.integer(0))
        with b.if_then(v.any(found), likely=False):
            if not self.plan.jumps.open:
                self._bend()
            self._halve(found, used, end)
            self._cut(found, used)
        return b.or_(clipped, found)

    def _call(self, states: str) -> None:
        s = self.slots
        arrays = [s.array(a) for a in (states, "p", "moment", "now")]
        self.vector.builder.call(self.functions["triggers"], arrays)

    def _bend(self) -> None:
        """Store the coefficients of the polynomial."""
        v, s = self.vector, self.slots
        n = self.program.states

        def element(i: Value, _: object) -> tuple[()]:
            stages = [v.load(s.array("u", j * n), i) for j in range(self.tableau.stages)]
            for k, row in enumerate(self.tableau.h):
                total = v.mul(v.number(row[0]), stages[0])
                for weight, stage in zip(row[1:], stages[1:], strict=False):
                    total = v.fma(v.number(weight), stage, total)
                v.store(total, s.array("bend", k * n), i)
            return ()

        unrolled(v.builder, n, (), element)

    def _look(self, theta: Value, used: Value) -> None:
        """Evaluate states and triggers at a fraction of the step."""
        v, s = self.vector, self.slots
        n = self.program.states
        s.store(theta, "theta")
        rest = v.sub(v.number(1.0), theta)

        def element(i: Value, _: object) -> tuple[()]:
            old, new = v.load(s.array("y"), i), v.load(s.array("argument"), i)
            rows = range(len(self.tableau.h))
            bends = [v.load(s.array("bend", k * n), i) for k in rows]
            total = bends[-1]
            for bend in reversed(bends[:-1]):
                total = v.fma(theta, total, bend)
            value = v.fma(rest, total, new)
            v.store(v.fma(theta, value, v.mul(rest, old)), s.array("trial"), i)
            return ()

        unrolled(v.builder, n, (), element)
        s.store(v.fma(theta, used, s.load("time")), "moment")
        self._call("trial")

    def _turned(self) -> Value:
        """Return the mask of slots in which a trigger has turned that matters.

        One that turns false matters only if that takes back an event that waits.
        """
        v, s = self.vector, self.slots
        b = v.builder
        turned = None
        for k in range(self.plan.count):
            sign = ">" if self.plan.persistent[k] else "!="
            truth, now = (v.load(s.array(a), k) for a in ("truth", "now"))
            one = v.compare(sign, now, truth)
            turned = one if turned is None else b.or_(turned, one)
        return turned

    def _take_over(self, accepted: Value) -> None:
        """Mark slots with a turn; elsewhere, note triggers that have turned false."""
        v, s = self.vector, self.slots
        b = v.builder
        found = b.icmp_signed("!=", s.load("found"), v.integer(0))
        open_ = b.and_(accepted, b.not_(found))
        turned = b.and_(open_, self._turned())
        quiet = b.and_(open_, b.not_(turned))
        theta = s.load("theta")
        s.store(v.select(turned, theta, s.load("high")), "high")
        s.store(v.select(quiet, theta, s.load("low")), "low")
        s.store(b.select(turned, v.integer(1), s.load("found")), "found")
        for k in range(self.plan.count):
            truth, now = (v.load(s.array(a), k) for a in ("truth", "now"))
            v.store(v.select(quiet, now, truth), s.array("truth"), k)

    def _halve(self, found: Value, used: Value, end: Value) -> None:
        v, s = self.vector, self.slots
        b = v.builder
        entry = b.block
        head, after = b.append_basic_block("halve"), b.append_basic_block("halved")
        b.branch(head)
        b.position_at_end(head)
        count = b.phi(INT)
        count.add_incoming(ir.Constant(INT, 0), entry)
        low, high = s.load("low"), s.load("high")
        middle = v.mul(v.number(0.5), v.add(low, high))
        self._look(middle, used)
        turned = self._turned()
        low = v.select(turned, low, middle)
        high = v.select(turned, middle, high)
        s.store(low, "low")
        s.store(high, "high")
        width = v.mul(v.sub(high, low), used)
        wide = v.compare(">", width, v.mul(v.number(0.1 * BESIDE), end))
        following = b.add(count, ir.Constant(INT, 1))
        count.add_incoming(following, b.block)
        more = b.icmp_signed("<", following, ir.Constant(INT, _MOST_HALVINGS))
        b.cbranch(b.and_(more, v.any(b.and_(found, wide))), head, after)
        b.position_at_end(after)

    def _cut(self, found: Value, used: Value) -> None:
        """End the step just behind the turn, so that turns of one instant are one."""
        v, s = self.vector, self.slots
        high = s.load("high")
        there = v.fma(high, used, s.load("time"))
        beside = v.div(v.mul(v.number(BESIDE), there), used)
        self._look(v.add(high, beside), used)

        def element(i: Value, _: object) -> tuple[()]:
            trial, new = v.load(s.array("trial"), i), v.load(s.array("argument"), i)
            v.store(v.select(found, trial, new), s.array("argument"), i)
            return ()

        unrolled(v.builder, self.program.states, (), element)
        s.store(v.select(found, s.load("moment"), s.load("stop")), "stop")
