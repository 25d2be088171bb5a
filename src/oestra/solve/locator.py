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
_CLOSE = 1e-5
_NEAR = 1e-11
"""Part of a step, and of the time, within which a turn is close to an end."""
_MOST_CUTS = 20
_AT_ONCE = 1e-8
_SPAN = 0.1
_REST = 0.01
"""Turns by states that follow each other within a tenth of the step that errors allow
make no difference; after so many the next hundredth of the time goes without."""


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
        if any(self.plan.timed) or any(self.plan.watched):
            self._copy_truths("truth", "held")
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
            self._count_cuts()
        again = b.icmp_signed("==", s.load("found"), v.integer(_AGAIN))
        # What a step was done again for may come just behind it, by rounding.
        done = b.and_(accepted, b.or_(b.not_(clipped), found))
        redone = b.select(done, b.zext(again, v.whole), s.load("redone"))
        s.store(redone, "redone")
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
            if self.plan.watched[k]:
                one = b.and_(one, self._alert())
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
        self._redo(found, used, there)

    def _alert(self) -> Value:
        """Return the mask of slots that watch for jumps of the rates by states.

        Where rates push a state back over its threshold from both sides, the turns
        have no end: such a slot leaves them to the control of errors for a while.
        """
        v, s = self.vector, self.slots
        b = v.builder
        few = b.icmp_signed("<", s.load("cuts"), v.integer(_MOST_CUTS))
        past = v.mul(s.load("cut"), v.number(1.0 + _REST))
        return b.or_(few, v.compare(">", s.load("time"), past))

    def _count_cuts(self) -> None:
        """Count the turns of what is watched that follow upon each other at once."""
        watched = [k for k, only in enumerate(self.plan.watched) if only]
        if not watched:
            return
        v, s = self.vector, self.slots
        b = v.builder
        cut = b.icmp_signed("==", s.load("found"), v.integer(1))
        turned = b.and_(cut, self._turned(watched))
        there, before = s.load("stop"), s.load("cut")
        least = v.mul(there, v.number(_AT_ONCE))
        least = v.max(least, v.mul(s.load("step"), v.number(_SPAN)))
        near = v.compare("<=", v.sub(there, before), least)
        cuts = b.add(s.load("cuts"), v.integer(1))
        cuts = b.select(near, cuts, v.integer(1))
        s.store(b.select(turned, cuts, s.load("cuts")), "cuts")
        s.store(v.select(turned, there, before), "cut")

    def _redo(self, found: Value, used: Value, there: Value) -> None:
        """Where rates may jump at a turn, do the step again up to it.

        A step across it tells little of the states. A turn of time alone is approached
        like a jump by the clock. One at the very beginning cannot be told from it, and
        of one by states that is close to the beginning or the end the step is good.
        """
        v, s = self.vector, self.slots
        b = v.builder
        timed = [k for k, alone in enumerate(self.plan.timed) if alone]
        watched = [k for k, only in enumerate(self.plan.watched) if only]
        high = s.load("high")
        if watched:
            close = v.fma(used, v.number(_CLOSE), v.mul(there, v.number(_NEAR)))
            passed = v.mul(high, used)
            amid = b.and_(
                v.compare(">", passed, close),
                v.compare(">", v.sub(used, passed), close),
            )
            first = b.icmp_signed("==", s.load("redone"), v.integer(0))
            amid = b.and_(b.and_(found, first), amid)
            self._stop_anew(b.and_(amid, self._turned(watched)), s.load("stop"))
        if timed:
            inside = b.and_(found, v.compare(">", s.load("low"), v.number(0.0)))
            before = v.mul(there, v.number(1.0 - BESIDE))
            room = v.compare(">", before, s.load("time"))
            anew = b.and_(b.and_(inside, room), self._turned(timed))
            s.store(v.select(anew, there, s.load("switch")), "switch")
            self._stop_anew(anew, before)
        if watched or timed:
            # Of a step that is done again nothing has been seen.
            again = b.icmp_signed("==", s.load("found"), v.integer(_AGAIN))
            self._copy_truths("held", "truth", again)

    def _stop_anew(self, mask: Value, where: Value) -> None:
        v, s = self.vector, self.slots
        s.store(v.select(mask, where, s.load("stop")), "stop")
        again = v.integer(_AGAIN)
        s.store(v.builder.select(mask, again, s.load("found")), "found")

    def _copy_truths(self, source: str, target: str, mask: Value | None = None) -> None:
        v, s = self.vector, self.slots
        for k in range(self.plan.count):
            value = v.load(s.array(source), k)
            if mask is not None:
                value = v.select(mask, value, v.load(s.array(target), k))
            v.store(value, s.array(target), k)
