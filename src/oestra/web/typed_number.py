"""Numbers as they are typed into a form."""

from oestra.core.errors import InputError

__all__ = ["number_of", "whole_of"]


def number_of(value: str, key: str) -> float | int:
    """Read a number.

    Parameters
    ----------
    value : str
        As typed.
    key : str
        What errors call it.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        number = float(value)
    except ValueError:
        raise InputError(f"{key} is a number, got {value[:40]!r}.") from None
    return int(number) if abs(number) < 1e9 and number == int(number) else number


def whole_of(value: str, key: str) -> int:
    """Read a whole number.

    Parameters
    ----------
    value : str
        As typed.
    key : str
        What errors call it.

    Raises
    ------
    InputError
        If it is none.
    """
    number = number_of(value, key)
    if not isinstance(number, int):
        raise InputError(f"{key} is a whole number, got {value[:40]!r}.")
    return number
