"""What happens where steps end, around the execution of events, as generated code.

A jump by the clock is approached to a relative distance of 1e-13, stepped onto, where
outputs are recorded, and stepped past: no step is integrated across it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from llvmlite import ir

from oestra.solve.event_plan import EventPlan
from oestra.solve.layout import Flag, Slots
from oestra.solve.locator import BESIDE
from oestra.solve.vector import BYTES, FLOAT, Value, Vector, whole

__all__ = ["Instants"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instants:
    """Emits what happens where steps end, around the cascades.

    Parameters
    ----------
    vector, slots, job, functions
        As in `Executive`; ``ahead``, ``glide`` and ``cascade`` among the functions.
    plan : EventPlan
        The events.
    """

    vector: Vector
    slots: Slots
    job: Value
    plan: EventPlan
    functions: Mapping[str, ir.Function]

    def begin(self, slot: Value) -> None:
        """Make the triggers of a lane those before its beginning."""
        b, s = self.vector.builder, self.slots
        for k, truth in enumerate(self.plan.initially):
            cell = s.cell("truth", slot, whole(k))
            b.store(ir.Constant(FLOAT, float(truth)), cell, align=BYTES)
        counts = ("waiting", "draws", "happened", "jumped", "rounds", "cuts", "redone")
        for name in counts:
            s.put(whole(0), name, slot)
        for name in ("since", "cut"):
            s.put(ir.Constant(FLOAT, 0.0), name, slot)
        never = ir.Constant(FLOAT, float("inf"))
        for name in ("wake", "switch"):
            s.put(never, name, slot)

    def start(self) -> None:
        """Execute events at the beginning of lanes."""
        v, s = self.vector, self.slots
        b = v.builder
        starting = b.icmp_signed("==", s.load("flag"), v.integer(Flag.START))
        fresh = b.icmp_signed("!=", s.load("fresh"), v.integer(0))
        self._cascade(b.and_(starting, fresh))

    def reach(self) -> None:
        """At stops, step onto the instant of a jump, and execute what is due."""
        v, s = self.vector, self.slots
        b = v.builder
        stopped = b.icmp_signed("==", s.load("flag"), v.integer(Flag.STOP))
        before = v.mul(s.load("switch"), v.number(1.0 - BESIDE))
        near = b.and_(stopped, v.compare(">=", s.load("time"), before))
        s.store(b.zext(near, v.whole), "jumped")
        self._glide(near, s.load("switch"))
        self._cascade(stopped)

    def leave(self) -> None:
        """Step past the instant of a jump, and execute what is due there."""
        v, s = self.vector, self.slots
        b = v.builder
        jumped = b.icmp_signed("!=", s.load("jumped"), v.integer(0))
        stopped = b.icmp_signed("==", s.load("flag"), v.integer(Flag.STOP))
        jumped = b.and_(jumped, stopped)
        self._glide(jumped, v.mul(s.load("switch"), v.number(1.0 + BESIDE)))
        s.store(b.select(jumped, v.integer(1), s.load("happened")), "happened")
        self._cascade(jumped)
        s.store(v.integer(0), "jumped")

    def resume(self) -> None:
        """Start anew where events or jumps have happened."""
        v, s = self.vector, self.slots
        b = v.builder
        stopped = b.icmp_signed("==", s.load("flag"), v.integer(Flag.STOP))
        happened = b.icmp_signed("!=", s.load("happened"), v.integer(0))
        anew = b.and_(stopped, happened)
        s.store(b.select(anew, v.integer(Flag.START), s.load("flag")), "flag")
        s.store(b.select(anew, v.integer(0), s.load("happened")), "happened")

    def look_ahead(self) -> None:
        """Solve for the next jump of each slot at a stop.

        Others keep theirs: solved anew it would differ by rounding, and a lane's
        numbers would depend on when its neighbors stop.
        """
        v, s = self.vector, self.slots
        b = v.builder
        flag = s.load("flag")
        at_stop = b.or_(
            b.icmp_signed("==", flag, v.integer(Flag.START)),
            b.icmp_signed("==", flag, v.integer(Flag.STOP)),
        )
        before = s.load("switch")
        arrays = [s.array(a) for a in ("y", "p", "time", "wake", "switch")]
        b.call(self.functions["ahead"], arrays)
        s.store(v.select(at_stop, s.load("switch"), before), "switch")

    def next_stop(self, slot: Value, stop: Value) -> Value:
        """Return the earlier of a stop and those of jumps and delayed events."""
        b, s = self.vector.builder, self.slots
        switch = s.get("switch", slot)
        before = b.fmul(switch, ir.Constant(FLOAT, 1.0 - BESIDE))
        for other in (s.get("wake", slot), before):
            stop = b.select(b.fcmp_ordered("<", other, stop), other, stop)
        return stop

    def _glide(self, mask: Value, target: Value) -> None:
        """Bring slots to a time close by."""
        v, s = self.vector, self.slots
        b = v.builder
        with b.if_then(v.any(mask)):
            time = s.load("time")
            target = v.max(target, time)
            s.store(v.select(mask, target, time), "moment")
            arrays = [s.array(a) for a in ("y", "p", "time", "moment")]
            b.call(self.functions["glide"], arrays)
            s.store(s.load("moment"), "time")

    def _cascade(self, mask: Value) -> None:
        if not self.plan.count:
            return
        v, s = self.vector, self.slots
        b = v.builder
        with b.if_then(v.any(mask)):
            s.store(b.zext(mask, v.whole), "again")
            b.call(self.functions["cascade"], [self.job, s.base])
