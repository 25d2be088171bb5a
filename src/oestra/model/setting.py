"""Values of parameters that a user sets, read from text such as ``name=value``."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.model.quantities import quantities

__all__ = ["Settings", "parse_settings"]

_NUMBER = re.compile(r"[+-]?(\d{1,16}(\.\d{0,16})?|\.\d{1,16})([eE][+-]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Settings:
    """Values of the user, by parameter.

    Parameters
    ----------
    values : dict of str to float
        In the unit of the parameter.
    warnings : tuple of str
        What lies outside the interval its file calls plausible.
    """

    values: dict[str, float]
    warnings: tuple[str, ...] = ()


def parse_settings(texts: Iterable[str], library: Library = SHIPPED) -> Settings:
    """Read values of parameters.

    Parameters
    ----------
    texts : iterable of str
        Such as ``"gain_independence=0.02"``; a unit may follow the number, if it is
        that of the parameter.
    library : Library
        Whose parameters.

    Returns
    -------
    Settings
        The values.

    Raises
    ------
    InputError
        If a text cannot be read, a parameter is unknown or set twice, or a value is
        not finite, negative where its file knows no negative value, or in another
        unit.
    """
    known = quantities(library)
    values: dict[str, float] = {}
    warnings: list[str] = []
    for text in texts:
        name, equals, given = (part.strip() for part in text.partition("="))
        if not (name and equals and given):
            raise InputError(
                f"A setting such as 'gain_independence=0.02' is needed, got {text!r}."
            )
        if name not in known:
            raise unknown_name("parameter", name, known, where="oestra parameters")
        if name in values:
            raise InputError(f"The parameter {name!r} is set twice.")
        quantity = known[name]
        values[name] = _value(given, quantity.unit, text)
        low, high = quantity.interval
        if values[name] < 0 <= low:
            raise InputError(
                f"{name} cannot be negative, got {values[name]:g}; its file gives "
                f"{low:g} to {high:g}."
            )
        if not low <= values[name] <= high:
            warnings.append(
                f"{name} = {values[name]:g} lies outside what its file calls "
                f"plausible, {low:g} to {high:g}."
            )
    return Settings(values, tuple(warnings))


def _value(given: str, unit: str, text: str) -> float:
    number, _, told = given.partition(" ")
    if not _NUMBER.fullmatch(number):
        raise InputError(f"A number is needed after '=' in {text!r}, got {number!r}.")
    if told.strip() and told.strip() != unit:
        shown = "no unit" if unit == "1" else f"the unit {unit}"
        raise InputError(f"The parameter in {text!r} has {shown}, not {told.strip()}.")
    value = float(number)
    if not math.isfinite(value):
        raise InputError(f"A finite number is needed in {text!r}.")
    return value
