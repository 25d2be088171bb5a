"""What visits are called."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.cdisc.tables import Words

__all__ = ["visit_names"]


def visit_names(number: NDArray[np.integer]) -> dict[str, Any]:
    """Return the columns that name visits.

    Parameters
    ----------
    number : ndarray of int, shape (n,)
        Number of the planned scan, 0 for the baseline.
    """
    most = int(number.max(initial=0))
    names = ["BASELINE", *(f"SCAN {n}" for n in range(1, most + 1))]
    return {"AVISIT": Words(names, number), "AVISITN": number}
