"""Search for the instant within a step at which a trigger turns, as generated code.

Every accepted step is searched: at its end, and where triggers depend on more than the
clock, at fractions between, on the polynomial that belongs to the method. The first
turn is bisected, and the step is cut there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from llvmlite import ir

from oestra.solve.event_plan import EventPlan
from oestra.solve.layout import Slots
from oestra.solve.loops import loop, unrolled
from oestra.solve.program import Program
from oestra.solve.tableau import Tableau
from oestra.solve.vector import FLOAT, INT, Value, Vector

__all__ = ["BESIDE", "Locator"]

BESIDE = 1e-13
"""Relative distance to both sides of an instant that counts as the instant itself."""
_PARTS = 8
"""Parts of a step at whose ends triggers are looked at."""
_AGAIN = 2
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
        ``triggers`` and ``gauges``.
    """

    vector: Vector
    slots: Slots
    program: Program
    plan: EventPlan
    tableau: Tableau
    functions: Mapping[str, ir.Function]

    def emit(self, accepted: Value, used: Value, clipped: Value) -> tuple[Value, Value]:
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
        clipped : Value
            Mask of slots whose step ends at a stop or a turn.
        again : Value
            Mask of slots whose step must be done again up to a jump of the rates.
        """
        v, s = self.vector, self.slots
        b = v.builder
        end = v.select(clipped, s.load("stop"), v.add(s.load("time"), used))
        s.store(v.number(0.0), "low")
        s.store(v.integer(0), "found")
        if self.plan.jumps.open:
            self._bend()
            self._scan(accepted, used)
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
        again = b.icmp_signed("==", s.load("found"), v.integer(_AGAIN))
        return b.or_(clipped, found), again

    def _scan(self, accepted: Value, used: Value) -> None:
        """Look at the parts of a step, and at crests between them.

        A part more on either side shows crests close to the ends.
        """
        v, s = self.vector, self.slots
        b = v.builder
        count = len(self.plan.gauges)
        for k in range(2 * count):
            v.store(v.number(0.0), s.array("gauge"), k)
        with loop(b, _PARTS + 3) as k:
            number = b.sitofp(b.sub(k, ir.Constant(INT, 1)), FLOAT)
            theta = v.splat(b.fmul(number, ir.Constant(FLOAT, 1 / _PARTS)))
            self._look(theta, used)
            arrays = [s.array(a) for a in ("trial", "p", "moment")]
            b.call(self.functions["gauges"], [*arrays, s.array("gauge", 2 * count)])
            with b.if_then(b.icmp_signed(">", k, ir.Constant(INT, 1))):
                for gauge in range(count):
                    self._look_at_crest(gauge, theta, accepted, used)
            for row in range(2 * count):
                v.store(v.load(s.array("gauge"), row + count), s.array("gauge"), row)
            inside = b.and_(
                b.icmp_signed(">", k, ir.Constant(INT, 1)),
                b.icmp_signed("<=", k, ir.Constant(INT, _PARTS)),
            )
            with b.if_then(inside):
                self._take_over(accepted)

    def _look_at_crest(
        self, gauge: int, theta: Value, accepted: Value, used: Value
    ) -> None:
        """Look where a parabola through three points comes closest to zero."""
        v, s = self.vector, self.slots
        b = v.builder
        count = len(self.plan.gauges)
        zero = v.number(0.0)
        first, middle, last = (
            v.load(s.array("gauge"), gauge + row * count) for row in range(3)
        )
        # Seen from the side of zero, a crest is a least value.
        sign = v.select(v.compare("<", middle, zero), v.number(-1.0), v.number(1.0))
        first, middle, last = (v.mul(sign, g) for g in (first, middle, last))
        lower = b.and_(v.compare("<=", middle, first), v.compare("<=", middle, last))
        slope = v.sub(first, last)
        curve = v.add(v.sub(first, v.add(middle, middle)), last)
        aside = v.div(v.mul(v.number(0.5), slope), curve)
        crest = v.sub(middle, v.mul(v.mul(v.number(0.25), slope), aside))
        close = v.compare("<", crest, v.mul(v.number(0.5), middle))
        part = v.number(1 / _PARTS)
        there = v.fma(v.sub(aside, v.number(1.0)), part, theta)
        within = b.and_(
            v.compare(">", there, zero), v.compare("<=", there, v.number(1.0))
        )
        open_ = b.and_(accepted, b.icmp_signed("==", s.load("found"), v.integer(0)))
        near = b.and_(b.and_(lower, close), b.and_(within, open_))
        with b.if_then(v.any(near), likely=False):
            self._look(there, used)
            turned = b.and_(near, self._turned())
            low = v.max(v.sub(there, part), zero)
            s.store(v.select(turned, there, s.load("high")), "high")
            s.store(v.select(turned, low, s.load("low")), "low")
            s.store(b.select(turned, v.integer(1), s.load("found")), "found")
            self._look(theta, used)

    def _call(self, states: str) -> None:
        s = self.slots
        arrays = [s.array(a) for a in (states, "p", "moment", "now")]
        self.vector.builder.call(self.functions["triggers"], arrays)

    def _bend(self) -> None:
        """Store the coefficients of the polynomial."""
        v, s = self.vector, self.slots
        n = self.program.states

        def element(i: Value, _: object) -> tuple[()]:
            stages = [
                v.load(s.array("u", j * n), i) for j in range(self.tableau.stages)
            ]
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
            change = v.fma(rest, total, v.sub(new, old))
            # What does not change stays as it is to the last bit.
            v.store(v.fma(theta, change, old), s.array("trial"), i)
            return ()

        unrolled(v.builder, n, (), element)
        s.store(v.fma(theta, used, s.load("time")), "moment")
        self._call("trial")

    def _turned(self, triggers: Iterable[int] | None = None) -> Value:
        """Return the mask of slots in which a trigger has turned that matters.

        One that turns false matters only if that takes back an event that waits.
        """
        v, s = self.vector, self.slots
        b = v.builder
        turned = None
        for k in range(self.plan.count) if triggers is None else triggers:
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
        # A slot that is narrow enough rests: it must not depend on its neighbors.
        wide = self._wide(low, high, used, end)
        middle = v.mul(v.number(0.5), v.add(low, high))
        self._look(middle, used)
        turned = self._turned()
        low = v.select(b.and_(wide, b.not_(turned)), middle, low)
        high = v.select(b.and_(wide, turned), middle, high)
        s.store(low, "low")
        s.store(high, "high")
        wide = self._wide(low, high, used, end)
        following = b.add(count, ir.Constant(INT, 1))
        count.add_incoming(following, b.block)
        more = b.icmp_signed("<", following, ir.Constant(INT, _MOST_HALVINGS))
        b.cbranch(b.and_(more, v.any(b.and_(found, wide))), head, after)
        b.position_at_end(after)

    def _wide(self, low: Value, high: Value, used: Value, end: Value) -> Value:
        v = self.vector
        width = v.mul(v.sub(high, low), used)
        return v.compare(">", width, v.mul(v.number(0.1 * BESIDE), end))

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
        self._redo(found, there)

    def _redo(self, found: Value, there: Value) -> None:
        """Where the turn is one of time alone, approach it like a jump by the clock.

        Rates may jump there too, so a step across it tells nothing of the states.
        """
        v, s = self.vector, self.slots
        b = v.builder
        timed = [k for k, alone in enumerate(self.plan.timed) if alone]
        if not timed:
            return
        turned = self._turned(timed)
        before = v.mul(there, v.number(1.0 - BESIDE))
        room = v.compare(">", before, s.load("time"))
        again = b.and_(b.and_(found, turned), room)
        s.store(v.select(again, there, s.load("switch")), "switch")
        s.store(v.select(again, before, s.load("stop")), "stop")
        s.store(b.select(again, v.integer(_AGAIN), s.load("found")), "found")
