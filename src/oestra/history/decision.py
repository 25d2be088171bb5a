"""Patients at the times when a line of therapy is to be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Decisions", "merge"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Patients at a moment when a line of therapy is to be chosen.

    Parameters
    ----------
    rows : ndarray of int, shape (k,)
        Positions of the patients among those simulated.
    facts : dict of str to ndarray, shape (k,)
        History up to here.
    y : ndarray of float32, shape (k, clones, states)
        States of the clones.
    log_cells : ndarray, shape (k, clones)
        Log cell numbers.
    """

    rows: Rows
    facts: dict[str, NDArray[Any]]
    y: NDArray[np.float32]
    log_cells: Array


def merge(found: Sequence[Decisions]) -> Decisions:
    """Join decisions of one simulation.

    Parameters
    ----------
    found : sequence of Decisions
        At least one; those of a patient in the order of time.

    Returns
    -------
    Decisions
        All decisions, in the order of patients and then of their decisions.
    """
    rows = np.concatenate([item.rows for item in found])
    order = np.argsort(rows, kind="stable")
    return Decisions(
        rows=rows[order],
        facts={
            name: np.concatenate([item.facts[name] for item in found])[order]
            for name in found[0].facts
        },
        y=np.concatenate([item.y for item in found])[order],
        log_cells=np.concatenate([item.log_cells for item in found])[order],
    )
