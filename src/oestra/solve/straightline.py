"""From an expression graph to straight-line vector code, each node once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from oestra.solve.elementary import exponential, logarithm, parity, power, power_of_size
from oestra.solve.expression import Expression
from oestra.solve.vector import Value, Vector

__all__ = ["StraightLine"]

_COMPARE = {"lt": "<", "le": "<=", "eq": "==", "ne": "!="}
_CIRCULAR = ["sin", "cos", "tan", "asin", "acos", "atan"]
_LIBRARY = [*_CIRCULAR, "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"]
_SCALAR = {**{name: name for name in _LIBRARY}, "rem": "fmod"}
"""Rare functions are those of the C library, called lane by lane."""
_EMIT: dict[str, Callable[..., Value]] = {
    "add": Vector.add,
    "sub": Vector.sub,
    "mul": Vector.mul,
    "div": Vector.div,
    "neg": Vector.neg,
    "min": Vector.min,
    "max": Vector.max,
    "exp": exponential,
    "log": logarithm,
    "pow": power,
    "power_of_size": power_of_size,
    "parity": parity,
    "sqrt": lambda v, a: v.intrinsic("sqrt", a),
    "abs": lambda v, a: v.intrinsic("fabs", a),
    "floor": lambda v, a: v.intrinsic("floor", a),
    "ceil": lambda v, a: v.intrinsic("ceil", a),
    "factorial": lambda v, a: v.scalar_call("tgamma", v.add(a, v.number(1.0))),
}


@dataclass(slots=True)
class StraightLine:
    """Emits expressions into one block.

    Parameters
    ----------
    vector : Vector
        Where code is appended.
    states, parameters, time : Value
        Addresses of the arrays of vectors the leaves are read from.
    invariants : dict of Expression to int
        Nodes already computed, by their position in the array of parameters.
    """

    vector: Vector
    states: Value
    parameters: Value
    time: Value
    invariants: dict[Expression, int] = field(default_factory=dict)
    values: dict[Expression, Value] = field(default_factory=dict)
    masks: dict[Expression, Value] = field(default_factory=dict)

    def emit(self, root: Expression) -> Value:
        """Return the value of an expression, emitting what is not there yet."""
        stack = [root]
        while stack:
            node = stack[-1]
            missing = [a for a in node.args if not self._ready(a)]
            if missing and not self._ready(node):
                stack.extend(reversed(missing))
                continue
            stack.pop()
            if not self._ready(node):
                self.values[node] = self._operation(node)
        return self._value(root)

    def store(self, roots: Sequence[Expression], out: Value) -> None:
        """Emit expressions and store them in an array of vectors."""
        for k, root in enumerate(roots):
            self.vector.store(self.emit(root), out, k)

    def _ready(self, node: Expression) -> bool:
        return not node.args or node in self.values or node in self.invariants

    def _value(self, node: Expression) -> Value:
        """Read a leaf anew at each use, so that it can be a memory operand."""
        if node.op == "const":
            return self.vector.number(node.value)
        if node.op == "state":
            return self.vector.load(self.states, node.index)
        if node.op == "parameter":
            return self.vector.load(self.parameters, node.index)
        if node.op == "time":
            return self.vector.load(self.time)
        if node in self.invariants:
            return self.vector.load(self.parameters, self.invariants[node])
        return self.values[node]

    def _operation(self, node: Expression) -> Value:
        v = self.vector
        if node.op == "select":
            mask = self._mask(node.args[0])
            return v.select(mask, self._value(node.args[1]), self._value(node.args[2]))
        if node.op in _COMPARE or node.op in ("and", "or", "not"):
            return v.select(self._mask(node), v.number(1.0), v.number(0.0))
        args = [self._value(a) for a in node.args]
        if node.op in _EMIT:
            return _EMIT[node.op](v, *args)
        return v.scalar_call(_SCALAR[node.op], *args)

    def _mask(self, node: Expression) -> Value:
        if node not in self.masks:
            self.masks[node] = self._new_mask(node)
        return self.masks[node]

    def _new_mask(self, node: Expression) -> Value:
        b = self.vector.builder
        zero = self.vector.number(0.0)
        if node in self.invariants:
            return b.fcmp_unordered("!=", self._value(node), zero)
        if node.op in _COMPARE:
            left, right = (self._value(a) for a in node.args)
            if node.op == "ne":  # NaN differs from everything
                return b.fcmp_unordered("!=", left, right)
            return self.vector.compare(_COMPARE[node.op], left, right)
        if node.op in ("and", "or"):
            left, right = (self._mask(a) for a in node.args)
            return b.and_(left, right) if node.op == "and" else b.or_(left, right)
        if node.op == "not":
            return b.not_(self._mask(node.args[0]))
        return b.fcmp_unordered("!=", self._value(node), zero)
