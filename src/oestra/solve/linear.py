"""Sparse LU factors and triangular solves written out as straight-line code.

The factors are kept by row in order of elimination; the diagonal holds the reciprocal
of its pivot, so that a solve multiplies only. No pivoting takes place: the matrix
``1/(h gamma) I - J`` is dominated by its diagonal for small steps, and a step whose
pivots fail is rejected like any other.
"""

from collections.abc import Callable, Mapping

from oestra.solve.sparsity import Elimination
from oestra.solve.vector import Value, Vector

__all__ = ["factor", "solve"]

Row = Callable[[int], Value]


def factor(
    v: Vector,
    plan: Elimination,
    jacobian: Mapping[tuple[int, int], Value],
    shift: Value,
    out: Value,
) -> None:
    """Emit the factors of ``shift I - J``.

    Parameters
    ----------
    v : Vector
        Where code is appended.
    plan : Elimination
        Order and pattern.
    jacobian : mapping of (int, int) to Value
        Address of each nonzero of J.
    shift : Value
        The vector 1/(h gamma).
    out : Value
        Address of the array of factors. One number more says whether they can be
        trusted: it is zero, or NaN where a pivot is infinite, which would freeze a
        state and look like a perfect step.
    """
    place = {entry: k for k, entry in enumerate(plan.entries)}
    total: Value = None
    for i in plan.order:
        row: dict[int, Value] = {}
        for j in (*plan.lower[i], i, *plan.upper[i]):
            if (i, j) in jacobian:
                entry = v.load(jacobian[i, j])
                row[j] = v.sub(shift, entry) if i == j else v.neg(entry)
            else:
                row[j] = shift if i == j else v.number(0.0)
        for k in plan.lower[i]:
            row[k] = v.mul(row[k], v.load(out, place[k, k]))
            for j in plan.upper[k]:
                row[j] = v.sub(row[j], v.mul(row[k], v.load(out, place[k, j])))
        total = row[i] if total is None else v.add(total, row[i])
        row[i] = v.div(v.number(1.0), row[i])
        for j, value in row.items():
            v.store(value, out, place[i, j])
    if total is not None:  # there are models without states
        v.store(v.sub(total, total), out, len(place))


def solve(v: Vector, plan: Elimination, factors: Value, row: Row, b: Value) -> None:
    """Emit the solution of a factored system.

    Parameters
    ----------
    v : Vector
        Where code is appended.
    plan : Elimination
        Order and pattern.
    factors : Value
        Address of the factors.
    row : callable
        Emits an element of the right-hand side.
    b : Value
        Address of the solution.
    """
    place = {entry: k for k, entry in enumerate(plan.entries)}
    x: dict[int, Value] = {}
    for i in plan.order:
        value = row(i)
        for k in plan.lower[i]:
            value = v.sub(value, v.mul(v.load(factors, place[i, k]), x[k]))
        x[i] = value
    for i in reversed(plan.order):
        value = x[i]
        for j in plan.upper[i]:
            value = v.sub(value, v.mul(v.load(factors, place[i, j]), x[j]))
        x[i] = v.mul(value, v.load(factors, place[i, i]))
        v.store(x[i], b, i)
