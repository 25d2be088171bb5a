"""Trying a parameter set that may drive the cell where it cannot be followed."""

from typing import Protocol
from warnings import catch_warnings, filterwarnings

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.objective import Evaluation
from oestra.core.errors import OestraError

__all__ = ["Simulated", "try_out"]

Array = NDArray[np.float64]


class Simulated(Protocol):
    """What can be simulated at a parameter set."""

    def evaluate(self, z: Array) -> Evaluation:
        """Simulate and compare."""
        ...


def try_out(objective: Simulated, z: Array) -> Evaluation | None:
    """Evaluate one parameter set.

    Parameters
    ----------
    objective : Objective
        The problem.
    z : ndarray, shape (k,)
        Standardized parameters.

    Returns
    -------
    Evaluation or None
        None where the cell cannot be followed.
    """
    try:
        with catch_warnings():
            # Far from the best set tumors may outgrow what a number holds.
            filterwarnings("ignore", "overflow", RuntimeWarning)
            found = objective.evaluate(z)
    except OestraError:
        return None
    return found if np.isfinite(found.residual).all() else None
