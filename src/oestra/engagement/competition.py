"""How the drugs that act on one target add up in a parameter of the cell."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.engagement.lever import Lever

__all__ = ["add_occupancy"]


def add_occupancy(
    loads: dict[str, Any], lever: Lever, held: float | NDArray[np.float64]
) -> None:
    """Add what one drug holds of a target to what others hold of it.

    Parameters
    ----------
    loads : dict of str to float or ndarray
        Parameters of the cell by name; changed. Loads of drugs that compete for a
        target add; of blocks that do not compete, the greatest counts.
    lever : Lever
        Where the target is in the cell.
    held : float or ndarray
        Share of the target that the drug holds, from 0 to below 1.
    """
    name = lever.parameter
    if name.startswith("load_"):
        loads[name] = loads.get(name, 0.0) + held / (1.0 - held)
    elif name:
        loads[name] = np.maximum(loads.get(name, 0.0), held)
