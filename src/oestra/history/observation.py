"""What can be seen of patients while their lives are simulated."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Observation", "unwatched"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Patients at the end of a period of their status.

    Parameters
    ----------
    rows : ndarray of int, shape (k,)
        Positions of the patients among those simulated.
    day : ndarray, shape (k,)
        Days since diagnosis.
    line : ndarray of int, shape (k,)
        Metastatic lines begun so far.
    given : ndarray of int, shape (k,)
        What they took in the period, as positions in
        `oestra.history.therapies.Practice`.
    log_cells : ndarray, shape (k, clones)
        Log cell numbers.
    """

    rows: Rows
    day: Array
    line: Rows
    given: Rows
    log_cells: Array


def unwatched(_observation: Observation) -> None:
    """Let lives pass unseen."""
