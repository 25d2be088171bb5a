"""Instants at which formulas jump that can be solved for before they are reached.

A comparison, ``floor`` or ``ceil`` of something that changes at a constant rate jumps
at an instant that a division tells: the clock, a state with a constant rate, a state
that only events change. The rate may itself jump at such instants, so that daily
windows by ``floor`` are found however they are nested: after each jump the next is
solved for anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oestra.solve.expression import Expression, const, operation, walk
from oestra.solve.simplify import ZERO

__all__ = ["Crossing", "Crossings", "crossings"]

_COMPARISONS = frozenset({"lt", "le", "eq", "ne"})
_STEPS = frozenset({"floor", "ceil"})
_JUMPING = _COMPARISONS | _STEPS | {"select", "rem", "abs", "min", "max"}
_ONE = const(1.0)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Something that jumps whenever a quantity passes zero, or any whole number.

    Parameters
    ----------
    value : Expression
        The quantity.
    slope : Expression
        Its rate of change, constant from one jump to the next.
    whole : bool
        Whether it jumps at every whole number.
    """

    value: Expression
    slope: Expression
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossings:
    """What is known of the jumps of some formulas.

    Parameters
    ----------
    solved : tuple of Crossing
        Jumps whose instants can be solved for.
    clocks : dict of int to Expression
        States that change at a constant rate other than zero, with that rate.
    open : bool
        Whether something jumps at instants that depend on states otherwise, and must
        be searched for in every step.
    untimed : bool
        Whether something jumps at instants that depend on time otherwise, such as
        ``sin(time) > 0.5``: steps do not follow it, so a search can miss it.
    """

    solved: tuple[Crossing, ...]
    clocks: dict[int, Expression]
    open: bool
    untimed: bool


def crossings(
    triggers: Sequence[Expression], rhs: Sequence[Expression]
) -> Crossings:
    """Find the jumps of triggers and rates along solutions.

    Parameters
    ----------
    triggers : sequence of Expression
        Conditions whose jumps must be searched for where they cannot be solved for.
    rhs : sequence of Expression
        Rates of the states. Jumps in them that depend on states otherwise are left to
        the control of errors.

    Returns
    -------
    Crossings
        What can be solved for, and whether anything is left.
    """
    lines = _Lines(rhs)
    found: dict[Crossing, None] = {}
    is_open = any(lines.of(trigger) is None for trigger in triggers)
    untimed = False
    for node in walk([*triggers, *rhs]):
        if node.op not in _JUMPING:
            continue
        jump = lines.crossing(node)
        if jump is not None:
            if jump.slope is not ZERO:
                found[jump] = None
        elif node.op not in ("select", "min", "max", "abs"):
            untimed |= any(_by_time(a) for a in node.args if lines.of(a) is None)
    clocks = {i: rate for i, rate in lines.rates.items() if rate is not ZERO}
    return Crossings(
        solved=tuple(found), clocks=clocks, open=is_open, untimed=untimed
    )


def _by_time(node: Expression) -> bool:
    return any(below.op == "time" for below in walk([node]))


class _Lines:
    """Slopes of expressions that are linear in time from one jump to the next."""

    def __init__(self, rhs: Sequence[Expression]) -> None:
        self.slopes: dict[Expression, Expression | None] = {}
        self.rates = {i: ZERO for i, rate in enumerate(rhs) if rate is ZERO}
        while True:
            self.slopes.clear()
            self._learn(rhs)
            more = {
                i: rate
                for i, rate in enumerate(rhs)
                if i not in self.rates and self.of(rate) is ZERO
            }
            if not more:
                break
            self.rates |= more

    def of(self, root: Expression) -> Expression | None:
        """Return the slope, None if there is no constant one."""
        if root not in self.slopes:
            if all(a in self.slopes for a in root.args):
                self.slopes[root] = self._slope(root)
            else:
                self._learn([root])
        return self.slopes[root]

    def _learn(self, roots: Iterable[Expression]) -> None:
        for node in walk(roots):
            if node not in self.slopes:
                self.slopes[node] = self._slope(node)

    def crossing(self, node: Expression) -> Crossing | None:
        """Return where a node jumps or bends, None if that cannot be solved for."""
        a = node.args
        if node.op in _STEPS:
            return self._crossing(a[0], whole=True)
        if node.op == "abs":
            return self._crossing(a[0])
        if node.op == "rem":
            if self.of(a[1]) is not ZERO:
                return None
            return self._crossing(a[0] / a[1], whole=True)
        if node.op == "select":
            # The condition's own nodes jump; a bare quantity as a truth passes zero.
            return self._crossing(a[0])
        if self.of(a[0]) is ZERO and self.of(a[1]) is ZERO:
            return Crossing(a[0], ZERO, whole=False)
        return self._crossing(a[0] - a[1])

    def _crossing(self, value: Expression, *, whole: bool = False) -> Crossing | None:
        slope = self.of(value)
        return None if slope is None else Crossing(value, slope, whole)

    def _slope(self, node: Expression) -> Expression | None:
        if node.op in ("const", "parameter"):
            return ZERO
        if node.op == "time":
            return _ONE
        if node.op == "state":
            return self.rates.get(node.index)
        slopes = [self.slopes[a] for a in node.args]
        known = [s for s in slopes if s is not None]
        if len(known) < len(slopes):
            return None
        if all(s is ZERO for s in known):
            return ZERO
        return _combined(node, known)


def _combined(node: Expression, s: list[Expression]) -> Expression | None:
    """Return the slope of an operation on what has slopes, not all of them zero."""
    a = node.args
    if node.op in _COMPARISONS | _STEPS | {"and", "or", "not"}:
        return ZERO
    if node.op in ("add", "sub"):
        return _sum(node.op, *s)
    if node.op == "neg":
        return -s[0]
    if node.op == "mul":
        if s[0] is not ZERO and s[1] is not ZERO:
            return None
        return s[0] * a[1] if s[1] is ZERO else a[0] * s[1]
    if node.op == "div":
        return s[0] / a[1] if s[1] is ZERO else None
    if node.op == "rem":
        return s[0] if s[1] is ZERO else None
    if node.op == "abs":
        return operation("select", operation("lt", a[0], ZERO), -s[0], s[0])
    if node.op in ("min", "max"):
        first = operation("lt", *(a if node.op == "min" else a[::-1]))
        return operation("select", first, s[0], s[1])
    if node.op == "select":
        return operation("select", a[0], s[1], s[2])
    return None


def _sum(op: str, first: Expression, second: Expression) -> Expression:
    if second is ZERO:
        return first
    if first is ZERO:
        return second if op == "add" else -second
    return operation(op, first, second)
