"""Numbers that people hand in: what is none is told in a sentence."""

from typing import Any

import numpy as np

from oestra.core.errors import InputError, shown

__all__ = ["is_number", "is_whole", "number", "whole"]

_MOST_BITS = 1000
"""Of a whole number that can be a float."""


def is_number(given: Any) -> bool:
    """Tell whether something is a number of Python or numpy, and no truth value."""
    plain = isinstance(given, int | float | np.integer | np.floating)
    return plain and not isinstance(given, bool)


def is_whole(given: Any) -> bool:
    """Tell whether something is a whole number of Python or numpy."""
    return isinstance(given, int | np.integer) and not isinstance(given, bool)


def number(given: Any, what: str) -> float:
    """Return a number as a float.

    Parameters
    ----------
    given : Any
        Anything.
    what : str
        What it is, for the error.

    Returns
    -------
    float
        The number, which may be nan or infinite.

    Raises
    ------
    InputError
        If it is no number, or larger than floats are.

    Examples
    --------
    >>> number(2, "A horizon")
    2.0
    """
    if not is_number(given):
        raise InputError(f"{what} must be a number, got {shown(given)}.")
    if isinstance(given, int) and given.bit_length() > _MOST_BITS:
        raise InputError(f"{what} must be a number, got {shown(given)}.")
    return float(given)


def whole(given: Any, what: str) -> int:
    """Return a whole number.

    Parameters
    ----------
    given : Any
        Anything.
    what : str
        What it is, for the error.

    Returns
    -------
    int
        The number.

    Raises
    ------
    InputError
        If it is none, such as 2.5, "2" or True.

    Examples
    --------
    >>> whole(2, "replicates")
    2
    """
    if not is_whole(given):
        raise InputError(f"{what} must be a whole number, got {shown(given)}.")
    return int(given)
