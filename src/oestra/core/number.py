"""Numbers that people hand in: what is none is told in a sentence."""

from typing import Any

import numpy as np

from oestra.core.errors import InputError, shown

__all__ = ["number", "whole"]

_MOST_BITS = 1000
"""Of a whole number that can be a float."""


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
    known = isinstance(given, int | float | np.integer | np.floating)
    if not known or isinstance(given, bool):
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
    if isinstance(given, bool) or not isinstance(given, int | np.integer):
        raise InputError(f"{what} must be a whole number, got {shown(given)}.")
    return int(given)
