"""Records that hold expressions, as bytes.

Expressions are written as a table of nodes, operands before operations, and made anew
through their constructors when read: equal expressions stay one object, and deep graphs
need no deep recursion.
"""

import io
import pickle
from typing import Any

from oestra.solve.expression import Expression, node_of, walk

__all__ = ["pack", "unpack"]

_Row = tuple[str, tuple[int, ...], float, int]


class _Writer(pickle.Pickler):
    """Replaces every expression by its row in a table."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5)
        self.rows: list[_Row] = []
        self._place: dict[Expression, int] = {}

    def persistent_id(self, obj: object) -> int | None:
        """Return the row of an expression, None for anything else."""
        if not isinstance(obj, Expression):
            return None
        if obj not in self._place:
            for node in walk([obj]):
                self._add(node)
        return self._place[obj]

    def _add(self, node: Expression) -> None:
        if node not in self._place:
            args = tuple(self._place[a] for a in node.args)
            self._place[node] = len(self.rows)
            self.rows.append((node.op, args, node.value, node.index))


class _Reader(pickle.Unpickler):
    """Puts the expressions of a table back."""

    def __init__(self, file: io.BytesIO, nodes: list[Expression]) -> None:
        super().__init__(file)
        self._nodes = nodes

    def persistent_load(self, pid: int) -> Expression:
        """Return the expression of a row."""
        return self._nodes[pid]


def pack(record: object) -> bytes:
    """Write a record of plain data, arrays and expressions.

    Parameters
    ----------
    record : object
        Anything that can be pickled once expressions are taken out.

    Returns
    -------
    bytes
        What `unpack` reads.
    """
    file = io.BytesIO()
    writer = _Writer(file)
    writer.dump(record)
    return pickle.dumps((writer.rows, file.getvalue()), protocol=5)


def unpack(data: bytes) -> Any:
    """Read a record back.

    Parameters
    ----------
    data : bytes
        From `pack`, and from nowhere else: it is trusted as much as the object code
        that lies in the same cache.

    Returns
    -------
    object
        The record; its expressions are those of this process.
    """
    rows, body = pickle.loads(data)  # noqa: S301 - from the user's own cache
    nodes: list[Expression] = []
    for op, args, value, index in rows:
        nodes.append(node_of(op, tuple(nodes[a] for a in args), value, index))
    return _Reader(io.BytesIO(body), nodes).load()
