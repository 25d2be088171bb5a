"""Both ends of a band over parameter sets, as tables and JSON hold them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["band_columns", "band_record"]

Array = NDArray[np.float64]
_ENDS = ("low", "high")


def band_columns(name: str, band: Array) -> dict[str, Array]:
    """Return the ends of a band, shape (2, n), as columns named after a readout."""
    return {f"{name}_{end}": band[e] for e, end in enumerate(_ENDS)}


def band_record(band: Array) -> dict[str, Any]:
    """Return the ends of a band, shape (2, n), None where a set has no value."""
    return {
        end: [float(v) if np.isfinite(v) else None for v in band[e]]
        for e, end in enumerate(_ENDS)
    }
