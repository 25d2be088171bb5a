"""Simplification: fewer and cheaper operations with the same value.

Constants are folded, divisions become products with shared reciprocals, small powers
become products, and factors that depend on parameters alone are gathered, so that code
generation can compute them once per lane instead of once per evaluation.
"""

import math
from collections.abc import Callable, Iterable

from oestra.solve.expression import Expression, const, operation, walk

__all__ = ["build", "is_invariant", "lower", "reciprocal", "simplify"]

ZERO, ONE, HALF = const(0.0), const(1.0), const(0.5)
LARGEST_PRODUCT = 16
"""Integer powers up to this exponent are written as products."""

_FOLD: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": math.pow,
    "neg": lambda a: -a,
    "abs": math.fabs,
    "min": min,
    "max": max,
    "rem": math.fmod,
    "factorial": lambda a: math.gamma(a + 1.0),
    "lt": lambda a, b: float(a < b),
    "le": lambda a, b: float(a <= b),
    "eq": lambda a, b: float(a == b),
    "ne": lambda a, b: float(a != b),
    "and": lambda a, b: float(a != 0.0 and b != 0.0),
    "or": lambda a, b: float(a != 0.0 or b != 0.0),
    "not": lambda a: float(a == 0.0),
    "select": lambda c, a, b: a if c != 0.0 else b,
}


def is_invariant(node: Expression) -> bool:
    """Tell whether a node depends on neither states nor time.

    Parameters
    ----------
    node : Expression
        The node.

    Returns
    -------
    bool
        True for constants, parameters and operations on them.
    """
    memo = _INVARIANT
    if node not in memo:
        ready = all(a in memo for a in node.args)
        for below in [node] if ready else walk([node]):
            if below not in memo:
                memo[below] = below.op not in ("state", "time") and all(
                    memo[a] for a in below.args
                )
    return memo[node]


_INVARIANT: dict[Expression, bool] = {}
"""Answers already found."""


def _value(node: Expression) -> float | None:
    return node.value if node.op == "const" else None


def _factors(node: Expression) -> tuple[Expression, Expression]:
    """Split a product into its invariant part and the rest."""
    if is_invariant(node):
        return node, ONE
    if node.op == "mul" and is_invariant(node.args[0]):
        return node.args[0], node.args[1]
    return ONE, node


def _product(a: Expression, b: Expression) -> Expression:
    if ZERO in (a, b):
        return ZERO
    if a is ONE or b is ONE:
        return b if a is ONE else a
    if a.op == "const" and b.op == "const":
        return const(a.value * b.value)
    for one, other in ((a, b), (b, a)):
        if one.op == "const" and one.value == -1.0:
            return build("neg", other)
        if one.op == "neg":
            return build("neg", build("mul", one.args[0], other))
    if b.op == "const":
        a, b = b, a
    return operation("mul", a, b)


def _mul(a: Expression, b: Expression) -> Expression:
    (ka, xa), (kb, xb) = _factors(a), _factors(b)
    return _product(_product(ka, kb), _product(xa, xb))


def _add(a: Expression, b: Expression) -> Expression:
    if a is ZERO or b is ZERO:
        return b if a is ZERO else a
    if b.op == "neg":
        return build("sub", a, b.args[0])
    if a.op == "neg":
        return build("sub", b, a.args[0])
    return operation("add", a, b)


def _sub(a: Expression, b: Expression) -> Expression:
    if b is ZERO:
        return a
    if a is ZERO:
        return build("neg", b)
    if b.op == "neg":
        return build("add", a, b.args[0])
    if a is b:
        return ZERO
    return operation("sub", a, b)


def _neg(a: Expression) -> Expression:
    if a.op == "neg":
        return a.args[0]
    if a.op == "sub":
        return operation("sub", a.args[1], a.args[0])
    return operation("neg", a)


def reciprocal(node: Expression) -> Expression:
    """Return one over a node; equal denominators share one division."""
    if node.op == "div" and node.args[0] is ONE:
        return node.args[1]
    if node.op == "const" and node.value != 0.0:
        return const(1.0 / node.value)
    if node.op == "mul" and is_invariant(node.args[0]) and not is_invariant(node):
        return _mul(reciprocal(node.args[0]), reciprocal(node.args[1]))
    return operation("div", ONE, node)


def _div(a: Expression, b: Expression) -> Expression:
    return ZERO if a is ZERO else build("mul", a, reciprocal(b))


def _whole_power(base: Expression, exponent: int) -> Expression:
    if exponent == 1:
        return base
    half = _whole_power(base, exponent // 2)
    square = build("mul", half, half)
    return build("mul", square, base) if exponent % 2 else square


def _pow(base: Expression, exponent: Expression) -> Expression:
    value = _value(exponent)
    if value is None or abs(value) > LARGEST_PRODUCT or 2 * value % 1:
        return operation("pow", base, exponent)
    if value < 0:
        return reciprocal(_pow(base, const(-value)))
    whole = int(value)
    parts = [_whole_power(base, whole)] if whole else []
    if value != whole:
        parts.append(_sqrt(base))
    if not parts:
        return ONE
    return parts[0] if len(parts) == 1 else build("mul", *parts)


def _sqrt(base: Expression) -> Expression:
    """Take a negative state as zero: it got there by rounding."""
    if is_invariant(base) or (base.op == "max" and base.args[0] is ZERO):
        return operation("sqrt", base)
    return operation("sqrt", operation("max", ZERO, base))


def _select(condition: Expression, a: Expression, b: Expression) -> Expression:
    value = _value(condition)
    if a is b or value is not None:
        return b if value == 0.0 else a
    return operation("select", condition, a, b)


_BUILD: dict[str, Callable[..., Expression]] = {
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "neg": _neg,
    "pow": _pow,
    "sqrt": _sqrt,
    "select": _select,
}


def build(op: str, *args: Expression) -> Expression:
    """Return an operation on simplified operands, simplified itself."""
    if all(a.op == "const" for a in args):
        fold = _FOLD.get(op) or getattr(math, op)
        try:
            return const(fold(*(a.value for a in args)))
        except (ArithmeticError, ValueError):
            return operation(op, *args)
    return _BUILD[op](*args) if op in _BUILD else operation(op, *args)


def simplify(roots: Iterable[Expression]) -> list[Expression]:
    """Rewrite expressions bottom up.

    Parameters
    ----------
    roots : iterable of Expression
        What is to be computed.

    Returns
    -------
    list of Expression
        Expressions of equal value in the same order.
    """
    roots = list(roots)
    done: dict[Expression, Expression] = {}
    for node in walk(roots):
        args = tuple(done[a] for a in node.args)
        done[node] = build(node.op, *args) if args else node
    return [done[root] for root in roots]


def lower(roots: Iterable[Expression]) -> list[Expression]:
    """Rewrite powers of states for code generation.

    A negative base is raised exactly where the exponent is whole; with any other
    exponent it counts as zero, because concentrations go below zero by rounding only.
    What the exponent's kind decides is split off, since it rarely varies. Powers of
    parameters stay as they are, and are not a number for a negative base.
    """
    roots = list(roots)
    done: dict[Expression, Expression] = {}
    for node in walk(roots):
        args = tuple(done[a] for a in node.args)
        if node.op == "pow" and not is_invariant(node.args[0]):
            size = operation("power_of_size", *args)
            negative = operation("lt", args[0], ZERO)
            signed = operation("mul", operation("parity", args[1]), size)
            done[node] = operation("select", negative, signed, size)
        else:
            done[node] = operation(node.op, *args) if args else node
    return [done[root] for root in roots]
