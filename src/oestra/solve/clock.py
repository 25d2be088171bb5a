"""Instants at which formulas jump that can be solved for before they are reached.

A comparison, ``floor`` or ``ceil`` of something that changes at a constant rate jumps
at an instant that a division tells: the clock, a state with a constant rate, a state
that only events change. The rate may itself jump at such instants, so that daily
windows by ``floor`` are found however they are nested: after each jump the next is
solved for anew.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from oestra.solve.expression import Expression, const, operation, walk
from oestra.solve.simplify import ZERO

__all__ = ["Crossing", "Crossings", "crossings"]

_COMPARISONS = frozenset({"lt", "le", "eq", "ne"})
_STEPS = frozenset({"floor", "ceil"})
_COMPARED = _COMPARISONS | {"min", "max"}
_KINKS = frozenset({"abs", "min", "max"})
_JUMPING = _COMPARISONS | _STEPS | _KINKS | {"select", "rem"}
_CIRCULAR = frozenset({"sin", "cos", "tan"})
_KEEPING = frozenset(
    {"lt", "le", "add", "sub", "mul", "neg", "pow", "exp", "log", "sqrt"}
    | {"asin", "acos", "atan", "sinh", "tanh", "asinh", "acosh", "atanh"}
)
"""Operations on one thing that moves, the rest fixed, that add no crest."""
_ONE = const(1.0)
_QUARTERS = const(2.0 / math.pi)


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
        Whether a trigger turns at instants that depend on states or time otherwise,
        and must be searched for in every step.
    gauges : tuple of Expression
        What passes zero where comparisons in those triggers turn.
    untimed : tuple of Expression
        Conditions and steps in triggers and rates that depend on a curve of time, such
        as ``sin(time) > 0.5``: steps do not follow it.
    uncertain : tuple of Expression
        Those of them that may turn more than once between the crests at which steps
        end, so that a search can miss them.
    turning : tuple of Expression
        Conditions and steps in rates, and below triggers, that depend on states
        otherwise, and where what conditions compare has a kink.
    """

    solved: tuple[Crossing, ...]
    clocks: dict[int, Expression]
    open: bool
    gauges: tuple[Expression, ...]
    untimed: tuple[Expression, ...]
    uncertain: tuple[Expression, ...]
    turning: tuple[Expression, ...]


def crossings(triggers: Sequence[Expression], rhs: Sequence[Expression]) -> Crossings:
    """Find the jumps of triggers and rates along solutions.

    Parameters
    ----------
    triggers : sequence of Expression
        Conditions whose jumps must be searched for where they cannot be solved for.
    rhs : sequence of Expression
        Rates of the states.

    Returns
    -------
    Crossings
        What can be solved for, and whether anything is left.
    """
    lines = _Lines(rhs)
    is_open = any(lines.of(trigger) is None for trigger in triggers)
    gauges = {
        node.args[0] - node.args[1]: None
        for node in walk(triggers)
        if node.op in ("lt", "le") and lines.crossing(node) is None
    }
    found, untimed, turning = lines.jumps(triggers, rhs)
    clocks = {i: rate for i, rate in lines.rates.items() if rate is not ZERO}
    return Crossings(
        solved=found,
        clocks=clocks,
        open=is_open,
        gauges=tuple(gauges),
        untimed=untimed,
        uncertain=tuple(n for n in untimed if not lines.single(n)),
        turning=turning,
    )


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

    def jumps(
        self, triggers: Sequence[Expression], rhs: Sequence[Expression]
    ) -> tuple[tuple[Crossing, ...], tuple[Expression, ...], tuple[Expression, ...]]:
        """Return what can be solved for, what curves of time turn, and what states."""
        order = [n for n in walk([*triggers, *rhs]) if n.op in _JUMPING]
        parts = set(walk(rhs)) | (set(walk(triggers)) - set(triggers))
        compared = set(walk(n for n in order if n.op in ("lt", "le")))
        known = [jump for n in order if (jump := self.crossing(n)) is not None]
        left = [n for n in order if n.op != "select" and self.crossing(n) is None]
        untimed = [n for n in left if n.op not in _KINKS and self.bends(n)]
        turning = [
            n
            for n in left
            if n in (compared if n.op in _KINKS else parts) and not self.bends(n)
        ]
        found = dict.fromkeys(jump for jump in known if jump.slope is not ZERO)
        for node in walk(untimed):
            found |= dict.fromkeys(self.crests(node))
        return tuple(found), tuple(untimed), tuple(turning)

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

    def bends(self, root: Expression) -> bool:
        """Tell whether a curve of what runs straight stands below, as in sin(time).

        Steps follow the states, so they follow such a curve only if states do.
        """
        for node in walk([root]):
            slopes = [self.of(a) for a in node.args]
            if self.of(node) is None and slopes and None not in slopes:
                return True
        return False

    def crossing(self, node: Expression) -> Crossing | None:
        """Return where a node jumps or bends, None if that cannot be solved for."""
        a = node.args
        whole = node.op in _STEPS or node.op == "rem"
        if node.op == "rem":
            value = a[0] / a[1] if self.of(a[1]) is ZERO else None
        elif node.op in _COMPARED:
            fixed = self.of(a[0]) is ZERO and self.of(a[1]) is ZERO
            value = ZERO if fixed else a[0] - a[1]
        else:
            # For select, the condition: a bare quantity as a truth passes zero.
            value = a[0]
        slope = None if value is None else self.of(value)
        if value is None or slope is None:
            return None
        return Crossing(value, slope, whole)

    def crests(self, node: Expression) -> list[Crossing]:
        """Return where a curve of what runs straight turns back or has a pole."""
        slopes = [self.of(a) for a in node.args]
        if None in slopes or all(s is ZERO for s in slopes):
            return []
        a, first = node.args[0], slopes[0] or ZERO
        if node.op in _CIRCULAR:
            return [Crossing(a * _QUARTERS, first * _QUARTERS, whole=True)]
        if node.op in ("pow", "cosh") and first is not ZERO:
            return [Crossing(a, first, whole=False)]
        if node.op == "mul" and ZERO not in slopes:
            b, second = node.args[1], slopes[1] or ZERO
            rate = first * second
            return [Crossing(first * b + a * second, rate + rate, whole=False)]
        return []

    def single(self, node: Expression) -> bool:
        """Tell whether a curve of time only rises or only falls between its crests.

        Of a comparison, whether it compares such a curve with what does not change.
        """
        if self.of(node) is not None and node.op not in _COMPARISONS:
            return True
        slopes = [self.of(a) for a in node.args]
        if node.op in _CIRCULAR or node.op == "cosh":
            return None not in slopes
        if node.op == "mul" and None not in slopes:
            return True
        if node.op == "pow" and slopes[0] is not ZERO:
            return slopes[0] is not None and slopes[1] is ZERO
        if node.op == "div":
            return slopes[1] is ZERO and self.single(node.args[0])
        moving = [a for a, s in zip(node.args, slopes, strict=True) if s is not ZERO]
        return node.op in _KEEPING and len(moving) == 1 and self.single(moving[0])

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


_Slopes = list[Expression]


def _combined(node: Expression, slopes: _Slopes) -> Expression | None:
    """Return the slope of an operation on what has slopes, not all of them zero."""
    if node.op in _FLAT:
        return ZERO
    rule = _RULES.get(node.op)
    return None if rule is None else rule(node, slopes)


def _sum(node: Expression, slopes: _Slopes) -> Expression:
    first, second = slopes
    if second is ZERO:
        return first
    if first is ZERO:
        return second if node.op == "add" else -second
    return operation(node.op, first, second)


def _product(node: Expression, slopes: _Slopes) -> Expression | None:
    (a, b), (da, db) = node.args, slopes
    if da is not ZERO and db is not ZERO:
        return None
    return da * b if db is ZERO else a * db


def _quotient(node: Expression, slopes: _Slopes) -> Expression | None:
    return slopes[0] / node.args[1] if slopes[1] is ZERO else None


def _remainder(_node: Expression, slopes: _Slopes) -> Expression | None:
    return slopes[0] if slopes[1] is ZERO else None


def _size(node: Expression, slopes: _Slopes) -> Expression:
    negative = operation("lt", node.args[0], ZERO)
    return operation("select", negative, -slopes[0], slopes[0])


def _extreme(node: Expression, slopes: _Slopes) -> Expression:
    a, b = node.args if node.op == "min" else node.args[::-1]
    return operation("select", operation("lt", a, b), *slopes)


def _choice(node: Expression, slopes: _Slopes) -> Expression:
    return operation("select", node.args[0], slopes[1], slopes[2])


_FLAT = _COMPARISONS | _STEPS | {"and", "or", "not"}
_RULES: dict[str, Callable[[Expression, _Slopes], Expression | None]] = {
    "add": _sum,
    "sub": _sum,
    "neg": lambda _node, slopes: -slopes[0],
    "mul": _product,
    "div": _quotient,
    "rem": _remainder,
    "abs": _size,
    "min": _extreme,
    "max": _extreme,
    "select": _choice,
}
