"""Times at which the clock switches a formula, so that steps can end there.

A condition such as ``t >= t_on + 3`` makes a right-hand side jump at a time that is
known before the integration begins. If it ends just before and starts anew just after,
no accuracy is lost, and a short pulse cannot be stepped over.
"""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.solve.evaluate import Evaluator
from oestra.solve.expression import Expression, const, walk

__all__ = ["SIDE", "switch_times", "switches"]

SIDE = 1e-15
"""Relative distance to both sides of a switch that is not integrated across."""

_ZERO, _ONE = const(0.0), const(1.0)
_COMPARISONS = frozenset({"lt", "le", "eq", "ne"})
_Line = tuple[Expression, Expression]


def switches(roots: Iterable[Expression]) -> tuple[Expression, ...]:
    """Return when comparisons of time with parameters change.

    Parameters
    ----------
    roots : iterable of Expression
        Formulas to look through.

    Returns
    -------
    tuple of Expression
        Times, as expressions of parameters alone.
    """
    lines: dict[Expression, _Line | None] = {}
    found: dict[Expression, None] = {}
    for node in walk(roots):
        lines[node] = line = _line(node, [lines[a] for a in node.args])
        if node.op not in _COMPARISONS or line is None or line[0] is _ZERO:
            continue
        found[-line[1] / line[0]] = None
    return tuple(found)


def _line(node: Expression, args: list[_Line | None]) -> _Line | None:
    """Return slope and intercept in time; for a comparison, of its difference."""
    if node.op == "time":
        return _ONE, _ZERO
    known = [a for a in args if a is not None]
    if node.op == "state" or len(known) < len(args):
        return None
    if all(slope is _ZERO for slope, _ in known):
        return _ZERO, node
    rule = _RULES.get("sub" if node.op in _COMPARISONS else node.op)
    return None if rule is None else rule(*known)


def _add(a: _Line, b: _Line) -> _Line:
    return a[0] + b[0], a[1] + b[1]


def _subtract(a: _Line, b: _Line) -> _Line:
    return a[0] - b[0], a[1] - b[1]


def _negate(a: _Line) -> _Line:
    return -a[0], -a[1]


def _multiply(a: _Line, b: _Line) -> _Line | None:
    if a[0] is _ZERO:
        a, b = b, a
    return (a[0] * b[1], a[1] * b[1]) if b[0] is _ZERO else None


def _divide(a: _Line, b: _Line) -> _Line | None:
    return (a[0] / b[1], a[1] / b[1]) if b[0] is _ZERO else None


_RULES: dict[str, Callable[..., _Line | None]] = {
    "add": _add,
    "sub": _subtract,
    "neg": _negate,
    "mul": _multiply,
    "div": _divide,
}


def switch_times(
    times: tuple[Expression, ...], p: ArrayLike, until: float
) -> NDArray[np.float64]:
    """Return the times at which formulas switch in each lane.

    Parameters
    ----------
    times : tuple of Expression
        From `switches`.
    p : array_like, shape (lanes, m)
        Parameters.
    until : float
        End of the interval; times outside it are moved there.

    Returns
    -------
    ndarray, shape (lanes, len(times))
        Ascending times.
    """
    values = Evaluator(times)(0.0, [], p)
    return np.sort(np.where((values > 0.0) & (values < until), values, until), axis=1)
