"""Execution of events at one instant, as generated code.

The order follows SBML Level 3 Version 2 core, section 4.12: of the events that are due
the one of highest priority is executed, equal ones are drawn at random; what it changes
may trigger others or take back those that are not persistent; and so on until none is
due. An event that is triggered again before it had its turn waits twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from llvmlite import ir

from oestra.solve.event_plan import EventPlan
from oestra.solve.layout import MOST_WAITING, Flag, Slots, field_of
from oestra.solve.loops import loop
from oestra.solve.outcome import Outcome
from oestra.solve.program import Program
from oestra.solve.vector import BYTES, FLOAT, INT, Value, Vector, whole

__all__ = ["Executive"]

LONGEST_CASCADE = 10_000
"""Events executed at one instant before they are called endless."""
_INSTANT = 1e-8
"""Relative width of what counts as one instant, for events that renew each other a
little later every time: they stand 1e-13 apart."""

_GOLDEN = 0x9E3779B97F4A7C15
_MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, None))
"""Shifts and factors of SplitMix64 (Steele, Lea and Flood 2014)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Executive:
    """Emits the cascade of events of one instant.

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
    plan : EventPlan
        Its events.
    functions : mapping of str to ir.Function
        ``triggers`` and ``doings``.
    """

    vector: Vector
    slots: Slots
    job: Value
    program: Program
    plan: EventPlan
    functions: Mapping[str, ir.Function]

    def emit(self) -> None:
        """Emit the cascade in all slots that are marked ``again``."""
        v, s = self.vector, self.slots
        b = v.builder
        best, rank = b.alloca(INT), b.alloca(FLOAT)
        ties, kept = b.alloca(INT), b.alloca(INT)
        places = (best, rank, ties, kept)
        head, body = b.append_basic_block("cascade"), b.append_basic_block("round")
        after = b.append_basic_block("settled")
        b.branch(head)
        b.position_at_end(head)
        again = b.icmp_signed("!=", s.load("again"), v.integer(0))
        b.cbranch(v.any(again), body, after)
        b.position_at_end(body)
        arrays = [s.array(a) for a in ("y", "p", "time", "now")]
        b.call(self.functions["triggers"], arrays)
        names = ("y", "p", "time", "delay", "priority", "value", "scale")
        b.call(self.functions["doings"], [s.array(a) for a in names])
        with loop(b, v.width) as slot:
            marked = b.icmp_signed("!=", s.get("again", slot), whole(0))
            with b.if_then(marked):
                self._notice(slot)
                self._choose(slot, places)
                self._act(slot, b.load(best, typ=INT))
        b.branch(head)
        b.position_at_end(after)

    # Tables and the queue

    def _table(self, name: str, values: Sequence[int], index: Value) -> Value:
        b = self.vector.builder
        full = f"event_{name}"
        table = b.module.globals.get(full)
        if table is None:
            kind = ir.ArrayType(INT, max(len(values), 1))
            table = ir.GlobalVariable(b.module, kind, full)
            # llvmlite's class says None before, and so do its types.
            vars(table)["initializer"] = ir.Constant(kind, list(values) or [0])
            table.global_constant, table.linkage = True, "internal"
        where = b.gep(table, [index], source_etype=INT)
        return b.load(where, typ=INT, align=BYTES)

    def _flag(self, name: str, values: Sequence[bool], index: Value) -> Value:
        table = self._table(name, [int(x) for x in values], index)
        return self.vector.builder.icmp_signed("!=", table, whole(0))

    def _span(self, event: Value) -> tuple[Value, Value]:
        """Return where the assignments of an event begin, and how many there are."""
        b = self.vector.builder
        starts = self.plan.starts
        first = self._table("start", starts, event)
        last = self._table("start", starts, b.add(event, whole(1)))
        return first, b.sub(last, first)

    def _load(
        self, name: str, slot: Value, index: Value, kind: ir.Type = FLOAT
    ) -> Value:
        b = self.vector.builder
        return b.load(self.slots.cell(name, slot, index), typ=kind, align=BYTES)

    def _put(self, value: Value, name: str, slot: Value, index: Value) -> None:
        b = self.vector.builder
        b.store(value, self.slots.cell(name, slot, index), align=BYTES)

    def _kept_value(self, place: Value, k: Value) -> Value:
        b = self.vector.builder
        return b.add(b.mul(place, whole(len(self.plan.values))), k)

    def _move(self, slot: Value, source: Value, target: Value) -> None:
        """Move an entry of the queue."""
        b = self.vector.builder
        event = self._load("queue_event", slot, source, INT)
        self._put(event, "queue_event", slot, target)
        self._put(self._load("queue_due", slot, source), "queue_due", slot, target)
        first, count = self._span(event)
        with loop(b, count) as i:
            k = b.add(first, i)
            value = self._load("queue_value", slot, self._kept_value(source, k))
            self._put(value, "queue_value", slot, self._kept_value(target, k))

    # What happens in one round of one slot

    def _notice(self, slot: Value) -> None:
        """Let events whose triggers have turned true wait."""
        b = self.vector.builder
        zero = ir.Constant(FLOAT, 0.0)
        with loop(b, self.plan.count) as event:
            now = self._load("now", slot, event)
            truth = self._load("truth", slot, event)
            risen = b.fcmp_ordered(">", now, truth)
            self._put(now, "truth", slot, event)
            with b.if_then(risen):
                waiting = self.slots.get("waiting", slot)
                room = b.icmp_signed("<", waiting, whole(MOST_WAITING))
                with b.if_else(room) as (some, none):
                    with some:
                        delay = self._load("delay", slot, event)
                        later = b.fcmp_ordered(">", delay, zero)
                        delay = b.select(later, delay, zero)
                        due = b.fadd(self.slots.get("time", slot), delay)
                        self._put(due, "queue_due", slot, waiting)
                        self._put(event, "queue_event", slot, waiting)
                        first, count = self._span(event)
                        with loop(b, count) as i:
                            k = b.add(first, i)
                            value = self._load("value", slot, k)
                            place = self._kept_value(waiting, k)
                            self._put(value, "queue_value", slot, place)
                        self.slots.put(b.add(waiting, whole(1)), "waiting", slot)
                    with none:
                        self._give_up(slot)

    def _choose(self, slot: Value, places: tuple[Value, Value, Value, Value]) -> None:
        """Drop events taken back, and find the one that goes first, -1 if none is due.

        The time at which the next is due is left in ``wake``.
        """
        b, s = self.vector.builder, self.slots
        best, rank, ties, kept = places
        never = ir.Constant(FLOAT, float("inf"))
        lowest = ir.Constant(FLOAT, float("-inf"))
        b.store(whole(-1), best)
        b.store(lowest, rank)
        b.store(whole(0), ties)
        b.store(whole(0), kept)
        s.put(never, "wake", slot)
        time = s.get("time", slot)
        with loop(b, s.get("waiting", slot)) as place:
            event = self._load("queue_event", slot, place, INT)
            truth = self._load("truth", slot, event)
            true = b.fcmp_ordered("!=", truth, ir.Constant(FLOAT, 0.0))
            stays = b.or_(self._flag("persistent", self.plan.persistent, event), true)
            with b.if_then(stays):
                target = b.load(kept, typ=INT)
                with b.if_then(b.icmp_signed("!=", target, place)):
                    self._move(slot, place, target)
                b.store(b.add(target, whole(1)), kept)
                due = self._load("queue_due", slot, target)
                wake = s.get("wake", slot)
                sooner = b.fcmp_ordered("<", due, wake)
                s.put(b.select(sooner, due, wake), "wake", slot)
                with b.if_then(b.fcmp_ordered("<=", due, time)):
                    self._compare(slot, event, target, (best, rank, ties))
        s.put(b.load(kept, typ=INT), "waiting", slot)

    def _compare(
        self,
        slot: Value,
        event: Value,
        place: Value,
        leader: tuple[Value, Value, Value],
    ) -> None:
        b = self.vector.builder
        best, rank, ties = leader
        ranked = self._flag("ranked", self.plan.ranked, event)
        mine = self._load("priority", slot, event)
        sound = b.and_(ranked, b.fcmp_ordered("ord", mine, mine))
        mine = b.select(sound, mine, ir.Constant(FLOAT, float("-inf")))
        highest = b.load(rank, typ=FLOAT)
        none = b.icmp_signed("<", b.load(best, typ=INT), whole(0))
        better = b.or_(none, b.fcmp_ordered(">", mine, highest))
        equal = b.and_(ranked, b.fcmp_ordered("==", mine, highest))
        with b.if_then(better):
            b.store(place, best)
            b.store(mine, rank)
            b.store(whole(1), ties)
        with b.if_then(b.and_(equal, b.not_(better))):
            # The n-th of equals replaces the one drawn so far in one case of n.
            count = b.add(b.load(ties, typ=INT), whole(1))
            b.store(count, ties)
            chance = b.urem(self._draw(slot), count)
            with b.if_then(b.icmp_signed("==", chance, whole(0))):
                b.store(place, best)

    def _draw(self, slot: Value) -> Value:
        """Return 64 random bits."""
        b, s = self.vector.builder, self.slots
        draws = b.add(s.get("draws", slot), whole(1))
        s.put(draws, "draws", slot)
        where = b.gep(
            field_of(b, self.job, "luck"), [s.get("lane", slot)], source_etype=INT
        )
        key = b.load(where, typ=INT, align=BYTES)
        z = b.add(key, b.mul(draws, whole(_GOLDEN)))
        for shift, factor in _MIX:
            z = b.xor(z, b.lshr(z, whole(shift)))
            z = z if factor is None else b.mul(z, whole(factor))
        return z

    def _act(self, slot: Value, best: Value) -> None:
        """Execute an event, or end the cascade."""
        b, s = self.vector.builder, self.slots
        found = b.icmp_signed(">=", best, whole(0))
        with b.if_else(found) as (some, none):
            with some:
                rounds = self._count(slot)
                self._execute(slot, best)
                endless = b.icmp_signed(">=", rounds, whole(LONGEST_CASCADE))
                with b.if_then(endless):
                    self._give_up(slot)
            with none:
                s.put(whole(0), "again", slot)

    def _count(self, slot: Value) -> Value:
        """Count an event, anew where time has gone on; return how many there were."""
        b, s = self.vector.builder, self.slots
        time, since = s.get("time", slot), s.get("since", slot)
        width = b.fmul(time, ir.Constant(FLOAT, _INSTANT))
        near = b.fcmp_ordered("<=", b.fsub(time, since), width)
        before = b.select(near, s.get("rounds", slot), whole(0))
        rounds = b.add(before, whole(1))
        s.put(rounds, "rounds", slot)
        s.put(b.select(near, since, time), "since", slot)
        return rounds

    def _execute(self, slot: Value, place: Value) -> None:
        b, s = self.vector.builder, self.slots
        event = self._load("queue_event", slot, place, INT)
        early = self._flag("early", self.plan.early, event)
        first, count = self._span(event)
        with loop(b, count) as i:
            k = b.add(first, i)
            then = self._load("queue_value", slot, self._kept_value(place, k))
            value = b.select(early, then, self._load("value", slot, k))
            value = b.fmul(value, self._load("scale", slot, k))
            target = self._table("target", self.plan.targets, k)
            self._put(value, "y", slot, target)
        last = b.sub(s.get("waiting", slot), whole(1))
        with loop(b, b.sub(last, place)) as i:
            target = b.add(place, i)
            self._move(slot, b.add(target, whole(1)), target)
        s.put(last, "waiting", slot)
        s.put(whole(1), "happened", slot)

    def _give_up(self, slot: Value) -> None:
        s = self.slots
        s.put(whole(Flag.FAIL), "flag", slot)
        s.put(whole(Outcome.ENDLESS_EVENTS), "outcome", slot)
        s.put(whole(0), "again", slot)
