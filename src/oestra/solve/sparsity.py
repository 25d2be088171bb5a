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
    """

    order: tuple[int, ...]
    lower: tuple[tuple[int, ...], ...]
    upper: tuple[tuple[int, ...], ...]

    @property
    def entries(self) -> list[tuple[int, int]]:
        """Positions (row, column) of the factors, by row in order of elimination."""
        return [(i, j) for i in self.order for j in (*self.lower[i], i, *self.upper[i])]


def _cheapest(left: set[int], rows: list[set[int]], columns: list[set[int]]) -> int:
    return min(left, key=lambda k: (len(rows[k]) * len(columns[k]), k))


def eliminate(size: int, entries: Iterable[tuple[int, int]]) -> Elimination:
    """Order the pivots of a square matrix and find the pattern of its factors.

    Parameters
    ----------
    size : int
        Number of rows.
    entries : iterable of tuple of int
        Positions (row, column) that may be nonzero; the diagonal always is.

    Returns
    -------
    Elimination
        Order and patterns.
    """
    rows: list[set[int]] = [set() for _ in range(size)]
    columns: list[set[int]] = [set() for _ in range(size)]
    for i, j in entries:
        if i != j:
            rows[i].add(j)
            columns[j].add(i)
    left, order = set(range(size)), []
    lower: list[list[int]] = [[] for _ in range(size)]
    upper: list[tuple[int, ...]] = [()] * size
    while left:
        pivot = _cheapest(left, rows, columns)
        left.remove(pivot)
        order.append(pivot)
        upper[pivot] = tuple(rows[pivot])
        for i in columns[pivot]:
            lower[i].append(pivot)
            rows[i].remove(pivot)
            fill = rows[pivot] - {i} - rows[i]
            rows[i] |= fill
            for j in fill:
                columns[j].add(i)
        for j in rows[pivot]:
            columns[j].discard(pivot)
    place = {pivot: k for k, pivot in enumerate(order)}
    return Elimination(
        order=tuple(order),
        lower=tuple(tuple(row) for row in lower),
        upper=tuple(tuple(sorted(row, key=place.__getitem__)) for row in upper),
    )
