"""Unit conversion at the borders of the program, through pint."""

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from oestra.core.errors import InputError, unknown_name

if TYPE_CHECKING:
    import pint

__all__ = ["DAYS_PER_MONTH", "DAYS_PER_YEAR", "convert", "is_unit"]

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12

_FACTORS = MappingProxyType(
    {
        ("1/hour", "1/day"): 24.0,
        ("L/hour", "L/day"): 24.0,
        ("hour", "day"): 1.0 / 24.0,
    }
)
"""Factors of which every run needs some, as pint has them; pint is slow to load."""


@cache
def _registry() -> "pint.UnitRegistry[float]":
    import pint  # noqa: PLC0415 - slow to load

    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    registry.define("percent = 0.01 = %")
    return registry


def is_unit(unit: str) -> bool:
    """Tell whether a text names a unit that can be converted."""
    try:
        _registry().parse_units(unit.replace("%", "percent"))
    except Exception:  # noqa: BLE001 - pint raises many types for malformed text
        return False
    return True


@cache
def _factor(unit: str, to: str) -> float:
    if (unit, to) in _FACTORS:
        return _FACTORS[unit, to]
    from pint import DimensionalityError  # noqa: PLC0415 - slow to load

    registry = _registry()
    for name in (unit, to):
        if not is_unit(name):
            known = ("pM", "nM", "uM", "mg", "g", "ng/mL", "day", "hour", "percent")
            raise unknown_name("unit", name, known)
    try:
        return float(registry.Quantity(1.0, unit).to(to).magnitude)
    except DimensionalityError as error:
        raise InputError(f"Cannot convert {unit!r} to {to!r}: {error}.") from error


def convert(value: float, unit: str, to: str) -> float:
    """Convert a value between units of the same dimension.

    Parameters
    ----------
    value : float
        The number in ``unit``.
    unit, to : str
        Units as pint reads them, such as ``"nM"`` or ``"ng/mL"``.

    Returns
    -------
    float
        The number in ``to``.

    Raises
    ------
    InputError
        If a unit is unknown or the dimensions differ.
    """
    return value if unit == to else value * _factor(unit, to)
