"""Exact sparse derivatives of expression graphs by forward accumulation."""

from collections import Counter
from collections.abc import Callable, Iterable

from oestra.solve.expression import Expression, const, operation, walk
from oestra.solve.simplify import ONE, ZERO, build, reciprocal

__all__ = ["TIME", "gradients"]

TIME = -1
"""Key of the derivative with respect to time in a gradient."""

Gradient = dict[int, Expression]
Factor = Callable[..., tuple[Expression, ...]]


def _mul(*factors: Expression) -> Expression:
    product = ONE
    for factor in factors:
        product = build("mul", product, factor)
    return product


TINY = const(1e-24)
"""Square of the size below which a root or power has no slope, not an infinite one."""


def _power_slopes(x: Expression, h: Expression) -> tuple[Expression, Expression]:
    inverse = _mul(x, reciprocal(operation("max", TINY, _mul(x, x))))
    slope = _mul(h, build("pow", x, h), inverse)
    if h.op == "const":
        return slope, ZERO
    return slope, _mul(build("pow", x, h), operation("log", x))


def _one_minus_square(x: Expression) -> Expression:
    return build("sub", ONE, _mul(x, x))


def _one_plus_square(x: Expression) -> Expression:
    return build("add", ONE, _mul(x, x))


def _inverse_root(x: Expression) -> Expression:
    return reciprocal(operation("sqrt", x))


def _div_slopes(a: Expression, b: Expression) -> tuple[Expression, Expression]:
    inverse = reciprocal(b)
    return inverse, build("neg", _mul(a, inverse, inverse))


_SLOPES: dict[str, Factor] = {
    "add": lambda _a, _b: (ONE, ONE),
    "sub": lambda _a, _b: (ONE, const(-1.0)),
    "mul": lambda a, b: (b, a),
    "div": _div_slopes,
    "pow": _power_slopes,
    "neg": lambda _a: (const(-1.0),),
    "exp": lambda a: (operation("exp", a),),
    "log": lambda a: (reciprocal(a),),
    "sqrt": lambda a: (
        _mul(
            const(0.5),
            build("sqrt", a),
            reciprocal(operation("max", TINY, a)),
        ),
    ),
    "abs": lambda a: (build("select", operation("lt", a, ZERO), const(-1.0), ONE),),
    "sin": lambda a: (operation("cos", a),),
    "cos": lambda a: (build("neg", operation("sin", a)),),
    "tan": lambda a: (_one_plus_square(operation("tan", a)),),
    "asin": lambda a: (_inverse_root(_one_minus_square(a)),),
    "acos": lambda a: (build("neg", _inverse_root(_one_minus_square(a))),),
    "atan": lambda a: (reciprocal(_one_plus_square(a)),),
    "sinh": lambda a: (operation("cosh", a),),
    "cosh": lambda a: (operation("sinh", a),),
    "tanh": lambda a: (_one_minus_square(operation("tanh", a)),),
    "asinh": lambda a: (_inverse_root(_one_plus_square(a)),),
    "acosh": lambda a: (_inverse_root(build("sub", _mul(a, a), ONE)),),
    "atanh": lambda a: (reciprocal(_one_minus_square(a)),),
    "min": lambda a, b: _choice(operation("le", a, b)),
    "max": lambda a, b: _choice(operation("le", b, a)),
    "select": lambda c, _a, _b: (ZERO, *_choice(c)),
    "rem": lambda a, b: (
        ONE,
        build("neg", build("div", build("sub", a, operation("rem", a, b)), b)),
    ),
}
"""Partial derivatives of each operation; the others are piecewise constant."""


def _choice(condition: Expression) -> tuple[Expression, Expression]:
    return build("select", condition, ONE, ZERO), build("select", condition, ZERO, ONE)


def _accumulate(
    node: Expression, known: dict[Expression, Gradient], uses: Counter[Expression]
) -> Gradient:
    below = [known[a] for a in node.args]
    if node.op not in _SLOPES or not any(below):
        return {}
    total: Gradient = {}
    parts = list(zip(_SLOPES[node.op](*node.args), below, strict=True))
    if node.op in ("add", "sub") and uses[node.args[0]] == 1:
        # Taken over, not copied: a sum of many terms costs as much as its terms.
        total = known.pop(node.args[0])
        parts = parts[1:]
    for slope, gradient in parts:
        for key, inner in gradient.items():
            term = _mul(slope, inner)
            if term is not ZERO:
                total[key] = build("add", total.get(key, ZERO), term)
    return total


def gradients(roots: Iterable[Expression]) -> list[Gradient]:
    """Differentiate simplified expressions with respect to states and time.

    Parameters
    ----------
    roots : iterable of Expression
        Simplified expressions.

    Returns
    -------
    list of dict of int to Expression
        For each root, its nonzero partial derivatives by state index, and by `TIME`.
        Steps (comparisons, ``floor``, ``ceil``) have derivative zero.
    """
    roots = list(roots)
    known: dict[Expression, Gradient] = {}
    nodes = list(walk(roots))
    uses = Counter(a for node in nodes for a in node.args)
    uses.update(roots)
    for node in nodes:
        if node.op == "state":
            known[node] = {node.index: ONE}
        elif node.op == "time":
            known[node] = {TIME: ONE}
        else:
            known[node] = _accumulate(node, known, uses)
    return [known[root] for root in roots]
