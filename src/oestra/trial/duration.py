"""How long something is given, as people write it: '24 weeks', '18 months'."""

import re

from oestra.core.errors import InputError, shown
from oestra.core.units import DAYS_PER_MONTH, DAYS_PER_YEAR

__all__ = ["FORMS", "days_of"]

FORMS = "'120 days', '24 weeks', '18 months', '24 cycles of 28 days'"
_LONGEST_DAYS = 50 * DAYS_PER_YEAR
_UNITS = {"day": 1.0, "week": 7.0, "month": DAYS_PER_MONTH}
_LENGTH = r"(\d+(?:\.\d+)?) (day|week|month)s?"
_PLAIN = re.compile(_LENGTH)
_CYCLES = re.compile(rf"(\d+) cycles? of {_LENGTH}")


def days_of(text: str) -> float:
    """Read a length of time.

    Parameters
    ----------
    text : str
        Such as ``"24 weeks"`` or ``"6 cycles of 28 days"``.

    Returns
    -------
    float
        Days.

    Raises
    ------
    InputError
        If it cannot be read, is nothing or longer than anybody is followed.

    Examples
    --------
    >>> days_of("24 cycles of 28 days")
    672.0
    """
    plain = " ".join(text.split()).casefold()
    times, found = 1, _PLAIN.fullmatch(plain)
    if found is None and (cycles := _CYCLES.fullmatch(plain)) is not None:
        times, found = int(cycles[1]), _PLAIN.fullmatch(plain.partition(" of ")[2])
    if found is None:
        advice = f"write a length such as {FORMS}"
        if re.fullmatch(r"\d+ cycles?", plain):
            advice = f"say how long a cycle is, such as '{plain} of 28 days'"
        raise InputError(f"cannot read the length {shown(text)}; {advice}")
    days = times * float(found[1]) * _UNITS[found[2]]
    if days <= 0:
        raise InputError(
            f"a length of {shown(text)} is nothing; leave it out, or write one such "
            f"as {FORMS}"
        )
    if days > _LONGEST_DAYS:
        raise InputError(
            f"{shown(text)} are longer than 50 years; nobody is treated so"
        )
    return days
