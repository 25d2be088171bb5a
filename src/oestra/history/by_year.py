"""A number that changes with the calendar year, such as how often a drug is given."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.quantity import Origin

__all__ = ["ByYear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByYear:
    """A number by calendar year: straight between years, constant outside them.

    Parameters
    ----------
    years : dict of int to float
        The number in some years, none of them negative.
    unit : str
        Its unit, ``"1"`` when it has none.
    factor : tuple of float
        Plausible range of a common factor on all of them (low, high), 1 within it.
    origin : Origin
        Measured and derived numbers need a source; assumed and fitted ones a reason.
    source : str
        Key into ``sources.bib``, empty when the origin needs none.
    reason : str
        Why the numbers were assumed, or how they were derived.

    Raises
    ------
    InputError
        If a year, a number or the range cannot be meant, or what its origin requires is
        missing.
    """

    years: dict[int, float] = field(hash=False)
    unit: str = "1"
    factor: tuple[float, float]
    origin: Origin
    source: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.years:
            raise InputError("years needs at least one year.")
        for year, value in self.years.items():
            if not 1900 <= year <= 2100:
                raise InputError(f"{year} is no year between 1900 and 2100.")
            if not (math.isfinite(value) and value >= 0):
                raise InputError(f"{year}: must be 0 or more, got {value:g}.")
        low, high = self.factor
        if not 0 <= low <= 1 <= high < math.inf:
            raise InputError(f"factor must hold 1, got [{low:g}, {high:g}].")
        if self.origin in (Origin.MEASURED, Origin.DERIVED) and not self.source:
            raise InputError(f"A {self.origin} quantity needs a source.")
        if self.origin in (Origin.ASSUMED, Origin.FITTED) and not self.reason:
            raise InputError(f"An {self.origin} quantity needs a reason.")

    def at(self, year: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the number in some years, of their shape."""
        known = sorted(self.years)
        return np.interp(year, known, [self.years[one] for one in known])
