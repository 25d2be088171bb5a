"""Expression graphs: hash-consed nodes, so that equal expressions are one object.

An expression is a state, a parameter, the time, a number, or an operation on
expressions. Everything downstream (derivatives, code, SBML import) speaks this.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

__all__ = [
    "Expression",
    "const",
    "fingerprint",
    "node_of",
    "operation",
    "parameter",
    "state",
    "substitute",
    "time",
    "walk",
]

OPERATIONS: dict[str, int] = {
    "add": 2, "sub": 2, "mul": 2, "div": 2, "pow": 2, "neg": 1,
    "exp": 1, "log": 1, "sqrt": 1, "abs": 1, "floor": 1, "ceil": 1,
    "sin": 1, "cos": 1, "tan": 1, "asin": 1, "acos": 1, "atan": 1,
    "sinh": 1, "cosh": 1, "tanh": 1, "asinh": 1, "acosh": 1, "atanh": 1,
    "factorial": 1, "min": 2, "max": 2, "rem": 2,
    "lt": 2, "le": 2, "eq": 2, "ne": 2, "and": 2, "or": 2, "not": 1,
    "select": 3,
}  # fmt: skip
"""Name of each operation and how many arguments it takes.

Comparisons and logic give 1.0 or 0.0; ``select(condition, a, b)`` is `a` where the
condition is not zero.
"""

LOWERED: dict[str, int] = {"power_of_size": 2, "parity": 1}
"""Operations only code generation uses: ``power_of_size(x, h)`` is the size of x to the
power h; ``parity(h)`` is 1 for even, -1 for odd and 0 for all other numbers."""


@dataclass(frozen=True, slots=True, eq=False, repr=False, weakref_slot=True)
class Expression:
    """A node of the graph; make one with the functions of this module.

    Parameters
    ----------
    op : str
        ``"const"``, ``"state"``, ``"parameter"``, ``"time"`` or an operation.
    args : tuple of Expression
        Operands of an operation.
    value : float
        The number of a constant.
    index : int
        Position of a state or parameter.
    """

    op: str
    args: tuple["Expression", ...] = ()
    value: float = 0.0
    index: int = -1

    _known: ClassVar[dict[tuple[object, ...], "Expression"]] = {}

    def __repr__(self) -> str:
        """Show the operation and the kinds of its operands."""
        detail = {
            "const": repr(self.value),
            "state": f"y[{self.index}]",
            "parameter": f"p[{self.index}]",
            "time": "t",
        }
        below = ", ".join(a.op if a.args else repr(a) for a in self.args)
        return detail.get(self.op, f"{self.op}({below})")

    def __add__(self, other: "Expression | float") -> "Expression":
        """Return the sum."""
        return operation("add", self, as_expression(other))

    def __radd__(self, other: float) -> "Expression":
        """Return the sum with a number."""
        return as_expression(other) + self

    def __sub__(self, other: "Expression | float") -> "Expression":
        """Return the difference."""
        return operation("sub", self, as_expression(other))

    def __rsub__(self, other: float) -> "Expression":
        """Return a number minus this."""
        return as_expression(other) - self

    def __mul__(self, other: "Expression | float") -> "Expression":
        """Return the product."""
        return operation("mul", self, as_expression(other))

    def __rmul__(self, other: float) -> "Expression":
        """Return the product with a number."""
        return as_expression(other) * self

    def __truediv__(self, other: "Expression | float") -> "Expression":
        """Return the quotient."""
        return operation("div", self, as_expression(other))

    def __rtruediv__(self, other: float) -> "Expression":
        """Return a number over this."""
        return as_expression(other) / self

    def __pow__(self, other: "Expression | float") -> "Expression":
        """Return the power."""
        return operation("pow", self, as_expression(other))

    def __neg__(self) -> "Expression":
        """Return the negative."""
        return operation("neg", self)


def node_of(
    op: str,
    args: tuple[Expression, ...] = (),
    value: float = 0.0,
    index: int = -1,
) -> Expression:
    """Return the one node with these fields (see `Expression`)."""
    identity = (op, *(id(a) for a in args), math.copysign(1.0, value), value, index)
    known = Expression._known  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    node = known.get(identity)
    if node is None:
        node = known[identity] = Expression(op, args, value, index)
    return node


def const(value: float) -> Expression:
    """Return the constant `value`."""
    return node_of("const", value=float(value))


def as_expression(value: "Expression | float") -> Expression:
    """Return an expression unchanged and a number as a constant."""
    return value if isinstance(value, Expression) else const(value)


def state(index: int) -> Expression:
    """Return the state at a position of the state vector."""
    return node_of("state", index=index)


def parameter(index: int) -> Expression:
    """Return the parameter at a position of the parameter vector."""
    return node_of("parameter", index=index)


def time() -> Expression:
    """Return the independent variable."""
    return node_of("time")


def operation(op: str, *args: Expression) -> Expression:
    """Return an operation on expressions.

    Parameters
    ----------
    op : str
        A key of `OPERATIONS`.
    *args : Expression
        As many operands as the operation takes.

    Returns
    -------
    Expression
        The node.
    """
    count = OPERATIONS[op] if op in OPERATIONS else LOWERED[op]
    if count != len(args):
        raise ValueError(f"{op} takes {count} operands, got {len(args)}")
    return node_of(op, args)


def walk(roots: Iterable[Expression]) -> Iterator[Expression]:
    """Yield every node below the roots once, operands before operations."""
    seen: set[int] = set()
    stack = [(root, False) for root in reversed(list(roots))]
    while stack:
        node, done = stack.pop()
        if id(node) in seen:
            continue
        if done or not node.args:
            seen.add(id(node))
            yield node
        else:
            stack.append((node, True))
            stack.extend((a, False) for a in reversed(node.args) if id(a) not in seen)


def fingerprint(roots: Iterable[Expression]) -> str:
    """Return a hash that is equal for equal expressions, in any process."""
    return _fingerprint(tuple(roots))


@lru_cache(maxsize=32)
def _fingerprint(roots: tuple[Expression, ...]) -> str:
    place: dict[Expression, int] = {}
    digest = hashlib.sha256()
    for node in walk(roots):
        args = [place[a] for a in node.args]
        digest.update(f"{node.op} {node.index} {node.value!r} {args}\n".encode())
        place[node] = len(place)
    digest.update(repr([place[root] for root in roots]).encode())
    return digest.hexdigest()


def substitute(
    roots: Iterable[Expression], replacements: Mapping[Expression, Expression]
) -> list[Expression]:
    """Return expressions with some of their nodes replaced."""
    roots = list(roots)
    done: dict[Expression, Expression] = {}
    for node in walk(roots):
        if node in replacements:
            done[node] = replacements[node]
        else:
            args = tuple(done[a] for a in node.args)
            done[node] = operation(node.op, *args) if args else node
    return [done[root] for root in roots]
