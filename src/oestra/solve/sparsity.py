"""Sparse elimination with a fixed pattern: pivot order and fill are found once.

The diagonal pivots are taken in the order of least Markowitz cost, that is, the
product of the other entries in the pivot's row and column [1]_. What remains is a list
of multiplications and additions that code generation writes out without any loop.

References
----------
.. [1] Markowitz HM (1957). The elimination form of the inverse and its application to
   linear programming. Management Science 3:255-269. doi:10.1287/mnsc.3.3.255.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import inf

__all__ = ["Elimination", "eliminate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elimination:
    """Pattern of the factors L and U of a matrix with diagonal pivots.

    Parameters
    ----------
    order : tuple of int, length n
        Pivots in order of elimination.
    lower : tuple of tuple of int, length n
        For each row, its columns eliminated before, in order of elimination.
    upper : tuple of tuple of int, length n
        For each row, its columns eliminated later.
    multiplications : int
        How many factors and two solves take.
    """

    order: tuple[int, ...]
    lower: tuple[tuple[int, ...], ...]
    upper: tuple[tuple[int, ...], ...]
    multiplications: int

    @property
    def entries(self) -> list[tuple[int, int]]:
        """Positions (row, column) of the factors, by row in order of elimination."""
        return [(i, j) for i in self.order for j in (*self.lower[i], i, *self.upper[i])]


class _Pattern:
    """Where a matrix may be nonzero as pivots are eliminated from it.

    Parameters
    ----------
    size : int
        Number of rows.
    entries : iterable of tuple of int
        Positions off the diagonal count.
    """

    def __init__(self, size: int, entries: Iterable[tuple[int, int]]) -> None:
        self.rows: list[set[int]] = [set() for _ in range(size)]
        self.columns: list[set[int]] = [set() for _ in range(size)]
        for i, j in entries:
            if i != j:
                self.rows[i].add(j)
                self.columns[j].add(i)
        self._costs = [self._cost(k) for k in range(size)]
        self._heap = [(cost, k) for k, cost in enumerate(self._costs)]
        heapify(self._heap)

    def _cost(self, k: int) -> int:
        return len(self.rows[k]) * len(self.columns[k])

    def cheapest(self) -> tuple[int, int]:
        """Return the least cost of a pivot, and the first pivot of that cost."""
        while True:
            cost, pivot = heappop(self._heap)
            if cost == self._costs[pivot]:
                self._costs[pivot] = -1
                return cost, pivot

    def remove(self, pivot: int) -> None:
        """Eliminate a pivot: what it fills becomes nonzero."""
        row, column = self.rows[pivot], self.columns[pivot]
        for i in column:
            self.rows[i].remove(pivot)
            fill = row - {i} - self.rows[i]
            self.rows[i] |= fill
            for j in fill:
                self.columns[j].add(i)
        for j in row:
            self.columns[j].discard(pivot)
        for k in row | column:
            cost = self._cost(k)
            if cost != self._costs[k]:
                self._costs[k] = cost
                heappush(self._heap, (cost, k))


def eliminate(
    size: int, entries: Iterable[tuple[int, int]], most: float = inf
) -> Elimination:
    """Order the pivots of a square matrix and find the pattern of its factors.

    Parameters
    ----------
    size : int
        Number of rows.
    entries : iterable of tuple of int
        Positions (row, column) that may be nonzero; the diagonal always is.
    most : float
        Multiplications, of factors and two solves, after which to give up.

    Returns
    -------
    Elimination
        Order and patterns.

    Raises
    ------
    OverflowError
        If more multiplications are needed.
    """
    pattern = _Pattern(size, entries)
    order: list[int] = []
    lower: list[list[int]] = [[] for _ in range(size)]
    upper: list[tuple[int, ...]] = [()] * size
    work = 0
    for _ in range(size):
        cost, pivot = pattern.cheapest()
        row, column = pattern.rows[pivot], pattern.columns[pivot]
        order.append(pivot)
        upper[pivot] = tuple(row)
        work += cost + 2 * len(row) + 3 * len(column) + 2
        if work > most:
            raise OverflowError(f"more than {most:.0f} multiplications")
        for i in column:
            lower[i].append(pivot)
        pattern.remove(pivot)
    place = {pivot: k for k, pivot in enumerate(order)}
    return Elimination(
        order=tuple(order),
        lower=tuple(tuple(row) for row in lower),
        upper=tuple(tuple(sorted(row, key=place.__getitem__)) for row in upper),
        multiplications=work,
    )
