"""Translation of SBML formulas into expressions.

The meaning of each operator is that of SBML Level 3 Version 2 core, section 3.4 and
its MathML subset; truth values are the numbers 1 and 0.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise

from oestra.core.errors import InputError, unknown_name
from oestra.solve.expression import Expression, const, operation, time
from oestra.solve.sbml.formula import Formula

__all__ = ["Translator", "times"]

DEEPEST_CALL = 100
"""Deepest nesting of function calls that is read."""

_SAME = {
    "divide": "div", "power": "pow", "abs": "abs", "exp": "exp", "ln": "log",
    "floor": "floor", "ceiling": "ceil", "factorial": "factorial", "rem": "rem",
    "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh",
    "tanh": "tanh", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "neq": "ne", "not": "not",
}  # fmt: skip
_RECIPROCAL = {
    "sec": "cos", "csc": "sin", "cot": "tan", "sech": "cosh", "csch": "sinh",
    "coth": "tanh",
}  # fmt: skip
_OF_RECIPROCAL = {
    "arcsec": "acos", "arccsc": "asin", "arccot": "atan", "arcsech": "acosh",
    "arccsch": "asinh", "arccoth": "atanh",
}  # fmt: skip
_RELATIONS = {"eq": "eq", "lt": "lt", "leq": "le", "gt": "lt", "geq": "le"}
_ZERO, _ONE = const(0.0), const(1.0)


def times(a: Expression, b: Expression) -> Expression:
    """Return the product of two expressions, leaving out a factor of one."""
    if a is _ONE:
        return b
    return a if b is _ONE else a * b


def _is(condition: Expression) -> Expression:
    return operation("ne", condition, _ZERO)


def _plus(*args: Expression) -> Expression:
    return reduce(lambda a, b: a + b, args) if args else _ZERO


def _times(*args: Expression) -> Expression:
    return reduce(times, args) if args else _ONE


def _minus(*args: Expression) -> Expression:
    return -args[0] if len(args) == 1 else args[0] - args[1]


def _root(*args: Expression) -> Expression:
    degree, x = args if len(args) > 1 else (const(2.0), *args)
    return operation("sqrt", x) if degree is const(2.0) else x ** (_ONE / degree)


def _log(*args: Expression) -> Expression:
    base, x = args if len(args) > 1 else (const(10.0), *args)
    return operation("log", x) / operation("log", base)


def _quotient(a: Expression, b: Expression) -> Expression:
    ratio = a / b
    down, up = operation("floor", ratio), operation("ceil", ratio)
    return operation("select", operation("lt", ratio, _ZERO), up, down)


def _and(*args: Expression) -> Expression:
    return reduce(lambda a, b: operation("and", a, b), args) if args else _ONE


def _or(*args: Expression) -> Expression:
    return reduce(lambda a, b: operation("or", a, b), args) if args else _ZERO


def _xor(*args: Expression) -> Expression:
    return reduce(lambda a, b: operation("ne", _is(a), _is(b)), args, _ZERO)


def _implies(a: Expression, b: Expression) -> Expression:
    return operation("or", operation("not", a), b)


def _piecewise(*args: Expression) -> Expression:
    pairs = len(args) // 2
    value = args[-1] if len(args) % 2 else const(math.nan)
    for k in reversed(range(pairs)):
        value = operation("select", args[2 * k + 1], args[2 * k], value)
    return value


def _least(*args: Expression) -> Expression:
    return reduce(lambda a, b: operation("min", a, b), args)


def _greatest(*args: Expression) -> Expression:
    return reduce(lambda a, b: operation("max", a, b), args)


_COMBINE: dict[str, Callable[..., Expression]] = {
    "plus": _plus, "times": _times, "minus": _minus, "root": _root, "log": _log,
    "quotient": _quotient, "and": _and, "or": _or, "xor": _xor, "implies": _implies,
    "piecewise": _piecewise, "min": _least, "max": _greatest,
}  # fmt: skip


def _compare(op: str, args: tuple[Expression, ...]) -> Expression:
    if op in ("gt", "geq"):
        args = args[::-1]
    name = _RELATIONS[op]
    pairs = pairwise(args)
    return _and(*(operation(name, a, b) for a, b in pairs))


def _combine(op: str, args: tuple[Expression, ...], where: str) -> Expression:
    try:
        if op in _SAME:
            return operation(_SAME[op], *args)
        if op in _RELATIONS:
            return _compare(op, args)
        if op in _RECIPROCAL:
            return _ONE / operation(_RECIPROCAL[op], *args)
        if op in _OF_RECIPROCAL:
            return operation(_OF_RECIPROCAL[op], *(_ONE / a for a in args))
        return _COMBINE[op](*args)
    except (TypeError, ValueError, IndexError):
        count = f"{len(args)} operand" + "s" * (len(args) != 1)
        raise InputError(f"<{op}> in {where} does not take {count}.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Translator:
    """Turns formulas into expressions.

    Parameters
    ----------
    value, rate : callable
        The expression of a symbol of the model and of its time derivative.
    functions : mapping of str to Formula
        Lambda of each function definition.
    """

    value: Callable[[str], Expression]
    rate: Callable[[str], Expression]
    functions: Mapping[str, Formula]
    _called: dict[tuple[object, ...], Expression] = field(default_factory=dict)
    _active: list[str] = field(default_factory=list)

    def translate(
        self,
        formula: Formula,
        where: str,
        bound: Mapping[str, tuple[Expression, str]] | None = None,
    ) -> Expression:
        """Return the expression of a formula.

        Parameters
        ----------
        formula : Formula
            What to translate.
        where : str
            What the formula belongs to, for messages.
        bound : mapping of str to (Expression, str), optional
            Local names (function arguments, local parameters): their expression, and
            the symbol they stand for, if they are just a symbol.

        Returns
        -------
        Expression
            Its value.

        Raises
        ------
        InputError
            If the formula uses an unknown name, a delay, or a wrong operand count.
        """
        bound = bound or {}
        done: list[Expression] = []
        stack = [(formula, False)]
        while stack:
            node, ready = stack.pop()
            if node.args and not ready and node.op not in ("rateOf", "delay"):
                stack.append((node, True))
                stack.extend((a, False) for a in reversed(node.args))
                continue
            count = 0 if node.op in ("rateOf", "delay") else len(node.args)
            args = tuple(done[len(done) - count :])
            del done[len(done) - count :]
            done.append(self._node(node, args, where, bound))
        return done[0]

    def _node(
        self,
        node: Formula,
        args: tuple[Expression, ...],
        where: str,
        bound: Mapping[str, tuple[Expression, str]],
    ) -> Expression:
        if node.op == "number":
            return const(node.value)
        if node.op == "time":
            return time()
        if node.op == "name":
            return bound[node.name][0] if node.name in bound else self.value(node.name)
        if node.op == "call":
            return self._call(node, args, where, bound)
        if node.op == "rateOf":
            return self._rate(node, where, bound)
        if node.op == "delay":
            raise InputError(f"The delay() in {where} is not supported.")
        return _combine(node.op, args, where)

    def _rate(
        self, node: Formula, where: str, bound: Mapping[str, tuple[Expression, str]]
    ) -> Expression:
        if len(node.args) != 1 or node.args[0].op != "name":
            raise InputError(f"rateOf in {where} takes one symbol.")
        name = node.args[0].name
        if name not in bound:
            return self.rate(name)
        expression, symbol = bound[name]
        if symbol:
            return self.rate(symbol)
        if expression.op in ("const", "parameter"):
            return _ZERO
        raise InputError(f"rateOf in {where} takes a symbol, not an expression.")

    def _call(
        self,
        node: Formula,
        args: tuple[Expression, ...],
        where: str,
        bound: Mapping[str, tuple[Expression, str]],
    ) -> Expression:
        if node.name not in self.functions:
            raise unknown_name("function", node.name, self.functions, where=where)
        *names, body = self.functions[node.name].args or (None,)
        if body is None or len(names) != len(args):
            raise InputError(
                f"Function {node.name!r} is called with {len(args)} arguments in "
                f"{where}; it takes {len(names)}."
            )
        symbols = tuple(_symbol(a, bound) for a in node.args)
        key = (node.name, *map(id, args), *symbols)
        if key not in self._called:
            inner = {
                name.name: (arg, symbol)
                for name, arg, symbol in zip(names, args, symbols, strict=True)
            }
            self._enter(node.name)
            place = f"function {node.name!r}"
            self._called[key] = self.translate(body, place, inner)
            self._active.pop()
        return self._called[key]

    def _enter(self, function: str) -> None:
        if function in self._active:
            loop = " -> ".join([*self._active, function])
            raise InputError(f"Functions call each other in a circle: {loop}.")
        if len(self._active) == DEEPEST_CALL:
            raise InputError(f"Functions call each other over {DEEPEST_CALL} deep.")
        self._active.append(function)


def _symbol(node: Formula, bound: Mapping[str, tuple[Expression, str]]) -> str:
    if node.op != "name":
        return ""
    return bound[node.name][1] if node.name in bound else node.name
