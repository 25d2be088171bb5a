"""Patients whose tumors are the same so far: one of them is integrated for all.

A pool is drawn from with replacement, and chance changes the numbers of cells, not what
goes on in a cell. So copies of a patient differ only once their doses do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Twins"]

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Twins:
    """Which of k patients stand for which.

    Parameters
    ----------
    first : ndarray of int, shape (m,)
        One patient of each kind.
    back : ndarray of int, shape (k,)
        Kind of each patient, 0 to m - 1.
    """

    first: Rows
    back: Rows

    @classmethod
    def of(cls, *marks: Rows) -> "Twins":
        """Return the twins among patients who have all marks in common.

        Parameters
        ----------
        *marks : ndarray of int, shape (k,)
            Whole numbers, not negative.

        Returns
        -------
        Twins
            Kinds in the order of their marks.
        """
        kind = np.zeros(len(marks[0]), dtype=np.int64)
        first = kind
        for mark in marks:
            both = kind * (mark.max(initial=0) + 1) + mark
            _, first, kind = np.unique(both, return_index=True, return_inverse=True)
        return cls(first, kind)
