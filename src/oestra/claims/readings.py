"""A readout over time, or over doses at the end of an experiment."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError

__all__ = ["Readings", "number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One readout of one run.

    Parameters
    ----------
    name : str
        Run and readout, such as ``"tamoxifen.ki67"``.
    at : ndarray, shape (n,)
        Days, or doses.
    values : ndarray, shape (n,)
        The readout there.
    over_doses : bool
        Whether ``at`` are doses.
    """

    name: str
    at: NDArray[np.float64]
    values: NDArray[np.float64]
    over_doses: bool = False

    @property
    def final(self) -> float:
        """The readout at the end of an experiment with one dose."""
        if self.over_doses:
            raise InputError(
                f"{self.name} has a value for every dose; use ec50, dose_for or "
                "effect_span."
            )
        return float(self.values[-1])


def number(value: "Readings | float") -> float:
    """Return a number, that at the end where there is a course."""
    return value.final if isinstance(value, Readings) else float(value)
