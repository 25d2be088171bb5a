"""Records that hold expressions, as JSON: data that can start nothing when read.

Expressions are written as a table of nodes, operands before operations, and made anew
through their constructors when read: equal expressions stay one object, and deep graphs
need no deep recursion.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np

from oestra.solve.expression import LOWERED, OPERATIONS, Expression, node_of, walk

__all__ = ["pack", "unpack"]

_LEAVES = ("const", "state", "parameter", "time")
_PLAIN = (bool, int, float, str, type(None))


class _Writer:
    """Turns values to what JSON holds, and every expression to its row in a table."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, list[int], float, int]] = []
        self._place: dict[Expression, int] = {}

    def write(self, value: Any) -> Any:
        """Return a plain value as it is, and any other as its kind and content."""
        if isinstance(value, _PLAIN) and not isinstance(value, Enum):
            return value
        kind, content = self._split(value)
        return [kind, content]

    def _split(self, value: Any) -> tuple[str, Any]:
        kind = type(value).__name__
        if isinstance(value, Enum):
            found = value.value
        elif isinstance(value, Expression):
            kind, found = "expression", self._row(value)
        elif isinstance(value, np.ndarray):
            kind, found = "array", value.astype(np.float64).tolist()
        elif isinstance(value, tuple | list):
            found = [self.write(part) for part in value]
        elif isinstance(value, dict):
            found = [[self.write(k), self.write(v)] for k, v in value.items()]
        elif is_dataclass(value):
            found = [self.write(getattr(value, item.name)) for item in fields(value)]
        else:
            raise TypeError(f"a {kind} cannot be stored")
        return kind, found

    def _row(self, expression: Expression) -> int:
        if expression not in self._place:
            for node in walk([expression]):
                if node not in self._place:
                    args = [self._place[a] for a in node.args]
                    self._place[node] = len(self.rows)
                    self.rows.append((node.op, args, node.value, node.index))
        return self._place[expression]


class _Reader:
    """Makes values of known kinds, and no others."""

    def __init__(self, nodes: list[Expression], kinds: Iterable[type]) -> None:
        self._makers: dict[str, Callable[[Any], Any]] = {
            "expression": lambda row: nodes[row],
            "array": lambda numbers: np.array(numbers, dtype=np.float64),
            "tuple": lambda parts: tuple(map(self.read, parts)),
            "list": lambda parts: list(map(self.read, parts)),
            "dict": lambda pairs: {self.read(k): self.read(v) for k, v in pairs},
        }
        for kind in kinds:
            self._makers[kind.__name__] = self._maker(kind)

    def _maker(self, kind: type) -> Callable[[Any], Any]:
        if issubclass(kind, Enum):
            return kind
        names = [item.name for item in fields(kind)]
        return lambda parts: kind(
            **{n: self.read(part) for n, part in zip(names, parts, strict=True)}
        )

    def read(self, value: Any) -> Any:
        """Return what a plain value, or a kind and its content, stand for."""
        if not isinstance(value, list):
            return value
        kind, content = value
        return self._makers[kind](content)


def pack(record: object) -> bytes:
    """Write a record of plain data, arrays of numbers and expressions.

    Parameters
    ----------
    record : object
        Dataclasses, enums, tuples, lists, dicts, arrays of float64, expressions,
        text and numbers.

    Returns
    -------
    bytes
        What `unpack` reads.

    Raises
    ------
    TypeError
        If it holds anything else.
    """
    writer = _Writer()
    body = writer.write(record)
    return json.dumps([writer.rows, body], separators=(",", ":")).encode()


def unpack(data: bytes, kinds: Iterable[type] = ()) -> Any:
    """Read a record back.

    Parameters
    ----------
    data : bytes
        From `pack`.
    kinds : iterable of type
        Dataclasses and enums that the record may hold.

    Returns
    -------
    object
        The record; its expressions are those of this process.

    Raises
    ------
    ValueError
        If the data are no such record.
    """
    try:
        rows, body = json.loads(data)
        nodes: list[Expression] = []
        for op, args, value, index in rows:
            nodes.append(_node(nodes, op, args, (float(value), int(index))))
        return _Reader(nodes, kinds).read(body)
    except (IndexError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"no stored record: {error}") from error


def _node(
    nodes: list[Expression], op: str, args: list[int], leaf: tuple[float, int]
) -> Expression:
    count = 0 if op in _LEAVES else OPERATIONS.get(op, LOWERED.get(op))
    if count != len(args) or any(not 0 <= a < len(nodes) for a in args):
        raise ValueError(f"{op!r} of {len(args)} operands")
    return node_of(op, tuple(nodes[a] for a in args), *leaf)
