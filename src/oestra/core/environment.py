"""Settings from environment variables, checked like any other input."""

import os

from oestra.core.errors import InputError

__all__ = ["THREADS", "whole_number"]

THREADS = "OESTRA_THREADS"
"""Threads of a call of the solver that names none; one per core by default."""

_DIGITS = 9


def whole_number(name: str, *, least: int, most: int) -> int | None:
    """Read a whole number from an environment variable.

    Parameters
    ----------
    name : str
        The variable.
    least, most : int
        Limits of what is allowed.

    Returns
    -------
    int or None
        None where the variable is not set, or empty.

    Raises
    ------
    InputError
        If it is anything else than a whole number within the limits.

    Examples
    --------
    >>> whole_number("OESTRA_NO_SUCH_SETTING", least=1, most=4) is None
    True
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    known = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    if not known or not least <= int(text) <= most:
        shown = text if len(text) <= 40 else text[:40] + "..."
        raise InputError(
            f"The environment variable {name} is {shown!r}; it must be a whole number "
            f"from {least} to {most}, or not set."
        )
    return int(text)
