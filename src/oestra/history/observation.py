"""What can be seen of patients while their lives are simulated."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Instant", "unwatched"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """Patients at the end of a stretch of their lives.

    Parameters
    ----------
    rows : ndarray of int, shape (k,)
        Positions of the patients among those simulated.
    day : ndarray, shape (k,)
        Days since diagnosis.
    line : ndarray of int, shape (k,)
        Metastatic lines begun so far.
    given : ndarray of int, shape (k,)
        What they took in the stretch, as positions in
        `oestra.history.practice.REGIMENS`.
    log_cells : ndarray, shape (k, clones)
        Log cell numbers.
    """

    rows: Rows
    day: Array
    line: Rows
    given: Rows
    log_cells: Array


def unwatched(_instant: Instant) -> None:
    """Let lives pass unseen."""
