"""Numbers as the statistics take them: no text, no dates, none beyond a float."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError
from oestra.core.number import number

__all__ = ["level_of", "numbers", "unmasked"]

_PLAIN = (int, float, np.integer, np.floating, np.bool_)


def numbers(given: ArrayLike, what: str) -> NDArray[np.float64]:
    """Return numbers as an array.

    Parameters
    ----------
    given : array_like of float
        The numbers; None is missing.
    what : str
        What they are, for the error.

    Returns
    -------
    ndarray of float64
        The numbers, at least one-dimensional; nan where one is missing.

    Raises
    ------
    InputError
        If some are text, dates or anything else that is no number.
    """
    sorry = InputError(f"{what} must be numbers.")
    try:
        raw = np.atleast_1d(np.asarray(unmasked(given)))
    except ValueError:
        raise sorry from None
    if raw.dtype == object:
        plain = (*_PLAIN, type(None))
        good = all(isinstance(one, plain) for one in raw.ravel())
    else:
        good = not raw.size or raw.dtype.kind in "biuf"
    if not good:
        raise sorry
    try:
        return raw.astype(np.float64)
    except OverflowError:
        raise sorry from None


def unmasked(given: ArrayLike) -> ArrayLike:
    """Return an array without its mask: what stands behind it is missing, as nan."""
    if isinstance(given, np.ma.MaskedArray) and np.ma.is_masked(given):
        return np.where(np.ma.getmaskarray(given), np.nan, np.ma.getdata(given))
    return given


def level_of(given: Any) -> float:
    """Return a confidence level.

    Parameters
    ----------
    given : Any
        Anything.

    Returns
    -------
    float
        The level, between 0 and 1.

    Raises
    ------
    InputError
        If it is none.
    """
    level = number(given, "A level")
    if not 0 < level < 1:
        raise InputError(f"A level must lie between 0 and 1, got {level:g}.")
    return level
