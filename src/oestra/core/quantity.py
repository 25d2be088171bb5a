"""A number that says what it is: value, unit, interval, origin, source."""

import math
from dataclasses import dataclass
from enum import StrEnum

from oestra.core.errors import InputError, shown

__all__ = ["Origin", "Quantity"]


class Origin(StrEnum):
    """Where a number comes from."""

    MEASURED = "measured"
    """Printed in a publication, a label or a registry."""
    DERIVED = "derived"
    """Arithmetic on measured numbers."""
    FITTED = "fitted"
    """Estimated by a calibration of this project."""
    ASSUMED = "assumed"
    """Chosen by the authors; the reason is stated and the interval is wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One number with its unit, plausible interval and origin.

    Parameters
    ----------
    value : float
        The number.
    unit : str
        Its unit, ``"1"`` when it has none.
    interval : tuple of float
        Plausible range (low, high), containing the value.
    origin : Origin
        Measured and derived numbers need a source; assumed and fitted ones a reason.
    source : str
        Key into ``sources.bib``, empty when the origin needs none.
    reason : str
        Why the number was assumed, or how it was derived or fitted.

    Raises
    ------
    InputError
        If the number lacks what its origin requires, lies outside its interval, or is
        negative: rates, levels, shares and odds are not.
    """

    value: float
    unit: str
    interval: tuple[float, float]
    origin: Origin
    source: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        try:
            low, high = self.interval
            finite = math.isfinite(self.value) and math.isfinite(low + high)
        except (TypeError, ValueError, OverflowError):
            raise InputError(
                "A quantity has a number and an interval of two, got "
                f"{shown(self.value)} and {shown(self.interval)}."
            ) from None
        if not finite:
            raise InputError(f"A quantity must be finite, got {self.value!r}.")
        if self.value < 0:
            given = f"{self.value:g} {'' if self.unit == '1' else self.unit}".rstrip()
            raise InputError(f"A quantity cannot be negative, got {given}.")
        if not low <= self.value <= high:
            raise InputError(
                f"Value {self.value:g} {self.unit} lies outside its interval "
                f"[{low:g}, {high:g}]."
            )
        if self.origin in (Origin.MEASURED, Origin.DERIVED) and not self.source:
            raise InputError(f"A {self.origin} quantity needs a source.")
        if self.origin in (Origin.ASSUMED, Origin.FITTED) and not self.reason:
            raise InputError(f"An {self.origin} quantity needs a reason.")
