"""Evaluation of expression graphs with numpy: slow, simple, and the kernel's oracle."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.solve.expression import Expression, walk

__all__ = ["OPERATIONS_ON_ARRAYS", "Evaluator", "SharedEvaluator"]

_Operation = Callable[..., NDArray[np.float64]]


def _truth(relation: Callable[..., NDArray[np.bool_]]) -> _Operation:
    def numeric(*args: ArrayLike) -> NDArray[np.float64]:
        return np.asarray(relation(*args), dtype=float)

    return numeric


def _factorial(x: ArrayLike) -> NDArray[np.float64]:
    from scipy.special import gamma  # noqa: PLC0415 - slow to load, rarely needed

    return gamma(np.asarray(x, dtype=float) + 1.0)


def _select(condition: ArrayLike, a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    return np.where(np.asarray(condition) != 0.0, a, b)


OPERATIONS_ON_ARRAYS: dict[str, _Operation] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide,
    "pow": np.power, "neg": np.negative, "exp": np.exp, "log": np.log,
    "sqrt": np.sqrt, "abs": np.abs, "floor": np.floor, "ceil": np.ceil,
    "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh,
    "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh,
    "factorial": _factorial, "min": np.minimum, "max": np.maximum, "rem": np.fmod,
    "lt": _truth(np.less), "le": _truth(np.less_equal),
    "eq": _truth(np.equal), "ne": _truth(np.not_equal),
    "and": _truth(np.logical_and), "or": _truth(np.logical_or),
    "not": _truth(np.logical_not), "select": _select,
}  # fmt: skip
"""The NumPy function of each operation; truth is 1 and 0."""


class Evaluator:
    """The values of expressions, for one point or for many lanes at once.

    Parameters
    ----------
    roots : iterable of Expression
        What to evaluate; shared subexpressions are computed once.
    """

    __slots__ = ("_nodes", "_roots")

    def __init__(self, roots: Iterable[Expression]) -> None:
        roots = tuple(roots)
        nodes = tuple(walk(roots))
        place = {id(node): k for k, node in enumerate(nodes)}
        self._nodes = tuple(
            (node, tuple(place[id(a)] for a in node.args)) for node in nodes
        )
        self._roots = tuple(place[id(root)] for root in roots)

    def __call__(self, t: ArrayLike, y: ArrayLike, p: ArrayLike) -> NDArray[np.float64]:
        """Return the values of the roots.

        Parameters
        ----------
        t : array_like, scalar or shape (lanes,)
            Time.
        y : array_like, shape (n,) or (lanes, n)
            States.
        p : array_like, shape (m,) or (lanes, m)
            Parameters.

        Returns
        -------
        ndarray, shape (roots,) or (lanes, roots)
            One column for each root, in their order.
        """
        y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
        t = np.asarray(t, dtype=float)
        values: list[NDArray[np.float64]] = []
        with np.errstate(all="ignore"):
            for node, args in self._nodes:
                values.append(_value(node, [values[k] for k in args], (t, y, p)))
        shape = np.broadcast_shapes(t.shape, y.shape[:-1], p.shape[:-1])
        result = np.empty((*shape, len(self._roots)))
        for column, k in enumerate(self._roots):
            result[..., column] = values[k]
        return result


class SharedEvaluator:
    """Expressions evaluated one after the other, what they share only once.

    Parameters
    ----------
    roots : iterable of Expression
        What will be evaluated, each as often as it stands here, in an order in which
        states and parameters below a root no longer change.
    """

    __slots__ = ("_left", "_values")

    def __init__(self, roots: Iterable[Expression]) -> None:
        roots = list(roots)
        self._left = Counter(roots)
        for node in walk(roots):
            self._left.update(node.args)
        self._values: dict[Expression, NDArray[np.float64]] = {}

    def __call__(
        self, root: Expression, y: NDArray[np.float64], p: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the value of a root at time zero, shape (lanes,) or a scalar.

        Parameters
        ----------
        root : Expression
            One of the roots.
        y, p : ndarray, shape (lanes, n) and (lanes, m)
            States and parameters.
        """
        stack = [root]
        with np.errstate(all="ignore"):
            while stack:
                node = stack[-1]
                missing = [a for a in node.args if a not in self._values]
                if missing and node not in self._values:
                    stack.extend(missing)
                    continue
                stack.pop()
                if node not in self._values:
                    point = (np.zeros(()), y, p)
                    args = [self._values[a] for a in node.args]
                    # A copy, for leaves are parts of arrays that still change.
                    self._values[node] = np.array(_value(node, args, point))
                    for a in node.args:
                        self._release(a)
        found = self._values[root]
        self._release(root)
        return found

    def _release(self, node: Expression) -> None:
        """Forget a value that nothing asks for again."""
        self._left[node] -= 1
        if not self._left[node]:
            del self._values[node]


def _value(
    node: Expression,
    args: Sequence[NDArray[np.float64]],
    point: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Return the value of a node from those of its operands, or at a point."""
    if node.op in OPERATIONS_ON_ARRAYS:
        return OPERATIONS_ON_ARRAYS[node.op](*args)
    return _leaf(node, *point)


def _leaf(
    node: Expression,
    t: NDArray[np.float64],
    y: NDArray[np.float64],
    p: NDArray[np.float64],
) -> NDArray[np.float64]:
    if node.op == "state":
        return y[..., node.index]
    if node.op == "parameter":
        return p[..., node.index]
    return t if node.op == "time" else np.asarray(node.value)
