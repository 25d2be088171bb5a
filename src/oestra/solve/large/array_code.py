"""Expressions as a short list of array operations, whatever their number.

Nodes whose operands are known at the same time, and whose operation is the same, are
computed by one call of NumPy. A long sum is one node, so that a species of many
reactions is not a long chain.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.solve.evaluate import OPERATIONS_ON_ARRAYS
from oestra.solve.expression import Expression, walk
from oestra.solve.simplify import is_invariant

__all__ = ["ArrayCode"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
_SUM = frozenset({"add", "sub", "neg"})


def _power_of_size(x: Floats, h: Floats) -> Floats:
    return np.power(np.abs(x), h)


def _parity(h: Floats) -> Floats:
    rest = np.fmod(np.abs(h), 2.0)
    return np.where(rest == 0.0, 1.0, np.where(rest == 1.0, -1.0, 0.0))


_OPERATIONS: dict[str, Callable[..., Floats]] = {
    **OPERATIONS_ON_ARRAYS,
    "power_of_size": _power_of_size,
    "parity": _parity,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Nodes computed by one call.

    Parameters
    ----------
    op : str
        The operation, or ``"sum"``.
    first, last : int
        Where their values stand.
    operands : tuple of ndarray
        Places of the operands; of a sum, of all terms one after the other.
    signs : ndarray, shape (terms, 1)
        Signs of the terms of sums.
    starts : ndarray
        First term of each sum.
    """

    op: str
    first: int
    last: int
    operands: tuple[Places, ...]
    signs: Floats
    starts: Places

    def run(self, values: Floats) -> None:
        """Compute the nodes from values before them, shape (places, points)."""
        if self.op == "sum":
            terms = values[self.operands[0]] * self.signs
            values[self.first : self.last] = np.add.reduceat(terms, self.starts)
            return
        operands = (values[places] for places in self.operands)
        values[self.first : self.last] = _OPERATIONS[self.op](*operands)


class ArrayCode:
    """Code of some expressions.

    Parameters
    ----------
    roots : iterable of Expression
        Simplified and lowered expressions.
    states, parameters : int
        Lengths n and m of the vectors y and p.
    """

    def __init__(
        self, roots: Iterable[Expression], states: int, parameters: int
    ) -> None:
        roots = list(roots)
        nodes = list(walk(roots))
        self._states, self._clock = states, states + parameters
        self._place: dict[Expression, int] = {}
        self._constants: list[float] = []
        self._size = self._clock + 1
        terms = _sums(nodes, roots)
        levels: dict[Expression, int] = {}
        groups: dict[tuple[bool, int, str], list[Expression]] = defaultdict(list)
        for node in nodes:
            if not node.args:
                self._leaf(node)
                levels[node] = 0
            elif node.op not in _SUM or node in terms:
                below = [a for a, _ in terms[node]] if node in terms else node.args
                levels[node] = 1 + max(levels[a] for a in below)
                op = "sum" if node in terms else node.op
                groups[not is_invariant(node), levels[node], op].append(node)
        self._fixed = self._size
        self._groups = [
            (changes, self._group(op, members, terms))
            for (changes, _, op), members in sorted(groups.items())
        ]
        self._roots = np.array([self._place[r] for r in roots], dtype=np.intp)

    def _leaf(self, node: Expression) -> None:
        offset = {"state": 0, "parameter": self._states}
        if node.op in offset:
            self._place[node] = offset[node.op] + node.index
        elif node.op == "time":
            self._place[node] = self._clock
        else:
            self._place[node] = self._size
            self._constants.append(node.value)
            self._size += 1

    def _group(
        self,
        op: str,
        members: list[Expression],
        terms: dict[Expression, list[tuple[Expression, float]]],
    ) -> _Group:
        first = self._size
        for node in members:
            self._place[node] = self._size
            self._size += 1
        signs, starts = np.ones((0, 1)), np.zeros(0, dtype=np.intp)
        if op == "sum":
            parts = [part for node in members for part in terms[node]]
            rows = [[a for a, _ in parts]]
            signs = np.array([sign for _, sign in parts])[:, None]
            starts = np.cumsum([0, *(len(terms[node]) for node in members[:-1])])
        else:
            rows = list(zip(*(node.args for node in members), strict=True))
        operands = (np.array([self._place[a] for a in row], np.intp) for row in rows)
        return _Group(
            op=op, first=first, last=self._size, operands=tuple(operands),
            signs=signs, starts=starts,
        )  # fmt: skip

    def prepare(self, p: Floats, points: int = 1) -> Floats:
        """Return room for values, with those that depend on parameters alone.

        Parameters
        ----------
        p : ndarray, shape (m,)
            Parameters.
        points : int
            How many times and states are evaluated together.

        Returns
        -------
        ndarray, shape (places, points)
            To be passed to `run`.
        """
        values = np.empty((self._size, points))
        values[self._states : self._clock] = p[:, None]
        values[self._clock + 1 : self._fixed] = np.array(self._constants)[:, None]
        with np.errstate(all="ignore"):
            for changes, group in self._groups:
                if not changes:
                    group.run(values)
        return values

    def run(self, values: Floats, t: float | Floats, y: Floats) -> Floats:
        """Evaluate the expressions.

        Parameters
        ----------
        values : ndarray, shape (places, points)
            From `prepare`; overwritten.
        t : float or ndarray, shape (points,)
            Times.
        y : ndarray, shape (n, points)
            States.

        Returns
        -------
        ndarray, shape (roots, points)
            Their values.
        """
        values[: self._states] = y
        values[self._clock] = t
        with np.errstate(all="ignore"):
            for changes, group in self._groups:
                if changes:
                    group.run(values)
        return values[self._roots]

    @property
    def size(self) -> int:
        """Numbers that a point needs."""
        return self._size


def _sums(
    nodes: list[Expression], roots: list[Expression]
) -> dict[Expression, list[tuple[Expression, float]]]:
    """Return the terms of each sum that is not only part of one other sum."""
    uses: Counter[Expression] = Counter(roots)
    inside: dict[Expression, bool] = {}
    for node in nodes:
        for a in node.args:
            uses[a] += 1
            inside[a] = node.op in _SUM
    found: dict[Expression, list[tuple[Expression, float]]] = {}
    kept = set(roots)
    for node in nodes:
        merged = inside.get(node, False) and uses[node] == 1 and node not in kept
        if node.op in _SUM and not merged:
            found[node] = _terms(node, uses, kept)
    return found


def _terms(
    root: Expression, uses: Counter[Expression], kept: set[Expression]
) -> list[tuple[Expression, float]]:
    terms: list[tuple[Expression, float]] = []
    stack = [(root, 1.0)]
    while stack:
        node, sign = stack.pop()
        open_ = node is root or (uses[node] == 1 and node not in kept)
        if node.op not in _SUM or not open_:
            terms.append((node, sign))
        elif node.op == "neg":
            stack.append((node.args[0], -sign))
        else:
            second = sign if node.op == "add" else -sign
            stack.extend([(node.args[1], second), (node.args[0], sign)])
    return terms
