"""What stands at a place of nested data, as keys and positions lead there."""

from collections.abc import Iterable
from typing import Any

__all__ = ["at_place"]


def at_place(data: Any, path: Iterable[str | int]) -> Any:
    """Return what keys and positions lead to; None where a step leads nowhere.

    Parameters
    ----------
    data : object
        Mappings and lists, as YAML holds them.
    path : iterable of str or int
        Keys and positions, outermost first.

    Examples
    --------
    >>> at_place({"arms": [{"n": 7}]}, ["arms", 0])
    {'n': 7}
    >>> at_place({"arms": []}, ["arms", 0, "n"]) is None
    True
    """
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
