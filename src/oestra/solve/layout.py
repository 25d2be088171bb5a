"""Where generated code finds things: the job it is given and its workspace."""

from dataclasses import dataclass, field
from typing import Any

from llvmlite import ir

from oestra.solve.event_plan import EventPlan
from oestra.solve.job import INTEGERS, POINTERS, Job
from oestra.solve.program import Program
from oestra.solve.vector import BYTES, FLOAT, INT, POINTER, Value, Vector

__all__ = ["MOST_WAITING", "Flag", "Slots", "Workspace"]

MOST_WAITING = 1024
"""Events that can wait for their turn in one lane."""

_PLACE = {name: k for k, (name, *_) in enumerate(Job._fields_)}


def field_of(builder: Any, job: Value, name: str) -> Value:
    """Load a field of the job in generated code."""
    kind = POINTER if name in POINTERS else INT if name in INTEGERS else FLOAT
    where = builder.gep(job, [ir.Constant(INT, _PLACE[name])], source_etype=INT)
    return builder.load(where, typ=kind, align=BYTES)


class Flag:
    """What a slot of the vector is doing."""

    RUN, STOP, FAIL, EMPTY, IDLE, START = range(6)


_REAL_SLOTS = (
    "time", "step", "used", "stop", "last_step", "last_error", "opening", "trend",
    "turned", "due", "since", "switch", "wake", "moment", "theta", "low", "high",
    "side", "cut",
)  # fmt: skip
_WHOLE_SLOTS = (
    "flag", "lane", "segment", "point", "steps", "rejected", "outcome", "fresh",
    "turns", "found", "again", "rounds", "waiting", "draws", "happened", "jumped",
    "cuts", "redone",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Offsets, in vectors, of the arrays one thread works in.

    Parameters
    ----------
    program : Program
        The model.
    stages : int
        Largest number of stages of a method.
    """

    program: Program
    stages: int
    offsets: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay the arrays out one behind the other."""
        p = self.program
        n = p.states
        sizes = {
            **dict.fromkeys((*_REAL_SLOTS, *_WHOLE_SLOTS, "shift", "clock"), 1),
            **dict.fromkeys(("sum", "drift"), 1),
            "y": n,
            "p": p.parameters + len(p.invariants),
            "jacobian": len(p.jacobian),
            "factors": len(p.plan.entries) + 1,
            "argument": n,
            "slope": n,
            "u": n * self.stages,
            "outputs": len(p.outputs),
        }
        if p.events is not None:
            sizes |= self._event_arrays(p.events)
        start = 0
        for name, size in sizes.items():
            self.offsets[name] = start
            start += size
        self.offsets["end"] = start

    def _event_arrays(self, plan: EventPlan) -> dict[str, int]:
        n, values = self.program.states, len(plan.values)
        return {
            "trial": n,
            "bend": 3 * n,
            "gauge": 3 * len(plan.gauges),
            "truth": plan.count,
            "held": plan.count,
            "now": plan.count,
            "delay": plan.count,
            "priority": plan.count,
            "value": values,
            "scale": values,
            "queue_due": MOST_WAITING,
            "queue_event": MOST_WAITING,
            "queue_value": MOST_WAITING * values,
        }

    def size(self, width: int) -> int:
        """Return the bytes a thread needs."""
        return self.offsets["end"] * width * BYTES


@dataclass(frozen=True, slots=True)
class Slots:
    """Access to a thread's workspace in generated code.

    Parameters
    ----------
    vector : Vector
        Where code is appended.
    base : Value
        Address of the workspace.
    layout : Workspace
        Offsets.
    """

    vector: Vector
    base: Value
    layout: Workspace

    def array(self, name: str, first: int = 0) -> Value:
        """Return the address of an array of vectors."""
        return self.vector.at(self.base, self.layout.offsets[name] + first)

    def load(self, name: str) -> Value:
        """Load a vector with one number per slot."""
        if name in _WHOLE_SLOTS:
            return self.vector.load_whole(self.array(name))
        return self.vector.load(self.array(name))

    def store(self, value: Value, name: str) -> None:
        """Store a vector with one number per slot."""
        self.vector.store(value, self.array(name))

    def cell(self, name: str, slot: Value, index: Value | None = None) -> Value:
        """Return the address of one slot's number, or of an array's element."""
        b = self.vector.builder
        where = slot
        if index is not None:
            width = ir.Constant(INT, self.vector.width)
            where = b.add(b.mul(index, width), slot)
        return b.gep(self.array(name), [where], inbounds=True, source_etype=FLOAT)

    def get(self, name: str, slot: Value) -> Value:
        """Load one slot's number."""
        kind = INT if name in _WHOLE_SLOTS else FLOAT
        return self.vector.builder.load(self.cell(name, slot), typ=kind, align=BYTES)

    def put(self, value: Value, name: str, slot: Value) -> None:
        """Store one slot's number."""
        self.vector.builder.store(value, self.cell(name, slot), align=BYTES)
