"""Putting parts of a table below each other."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.cdisc.tables import Column, Words

__all__ = ["Part", "stacked"]

Part = Mapping[str, Any]
"""Columns of some rows."""


def _one(columns: Sequence[Column]) -> Column:
    words: list[str] = []
    parts: list[NDArray[Any]] = []
    for column in columns:
        if isinstance(column, Words):
            if list(column.words) != words:
                parts.append(column.code + len(words))
                words += column.words
            else:
                parts.append(column.code)
        else:
            parts.append(column)
    whole = np.concatenate(parts)
    return Words(words, whole) if words else whole


def stacked(parts: Sequence[Part]) -> dict[str, Any]:
    """Return the rows of all parts.

    Parameters
    ----------
    parts : sequence of mapping of str to column
        Each with the same columns.
    """
    return {name: _one([part[name] for part in parts]) for name in parts[0]}
