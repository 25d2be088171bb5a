"""Clones of one line in one dish.

::

    clone = lesion { "+" lesion } number "%"

The rest of the cells are the line itself. Clones share the medium and the drugs, and do
not otherwise act on each other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.short_text import check_short
from oestra.culture.readout import Readout

__all__ = ["Clone", "mixed", "parse_mix", "shares"]

Array = NDArray[np.float64]
_LONGEST = 500
_CLONE = re.compile(
    r"(?P<lesions>.*?\S)\s+(?P<share>[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*%",
    re.IGNORECASE,
)
REST = "the line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """Part of a culture.

    Parameters
    ----------
    name : str
        How it is written.
    lesions : tuple of str
        What it carries besides the line.
    share : float
        Its share of the cells at the start, 0 to 1.
    """

    name: str
    lesions: tuple[str, ...]
    share: float


def parse_mix(texts: Sequence[str]) -> tuple[Clone, ...]:
    """Read the clones of a culture.

    Parameters
    ----------
    texts : sequence of str
        Such as ``"ESR1=Y537S 10 %"``.

    Returns
    -------
    tuple of Clone
        The line itself first, where anything is left for it; shares add up to 1.

    Raises
    ------
    InputError
        If a text cannot be read, a clone is given twice, or shares exceed 100 %.
    """
    clones: list[Clone] = []
    for text in texts:
        check_short(text, "a clone", most=_LONGEST)
        found = _CLONE.fullmatch(" ".join(text.split()))
        if found is None:
            raise InputError(
                f"A clone such as 'ESR1=Y537S 10 %' is needed, got {text!r}."
            )
        percent = float(found["share"])
        if not 0.0 < percent <= 100.0:
            raise InputError(
                f"The share of a clone is above 0 and at most 100 %, got {text!r}."
            )
        lesions = tuple(re.split(r"\s*\+\s*", found["lesions"]))
        name = " + ".join(sorted(lesions))
        if any(one.name.casefold() == name.casefold() for one in clones):
            raise InputError(f"The clone {name} is given twice.")
        clones.append(Clone(name=name, lesions=lesions, share=percent / 100.0))
    rest = 1.0 - sum(one.share for one in clones)
    if rest < -1e-9:
        raise InputError(
            f"The clones make up {100.0 * (1.0 - rest):g} % of the cells; together "
            "they are at most 100 %."
        )
    if rest > 1e-9:
        clones.insert(0, Clone(name=REST, lesions=(), share=rest))
    return tuple(clones)


def shares(starts: Sequence[float], folds: Array) -> Array:
    """Return the share of each clone among the cells.

    Parameters
    ----------
    starts : sequence of float, length clones
        Shares at the start.
    folds : ndarray, shape (clones, ...)
        Cells of each over those at its start.

    Returns
    -------
    ndarray, shape (clones, ...)
        They add up to 1.

    Examples
    --------
    >>> shares([0.9, 0.1], np.array([1.0, 9.0])).round(3).tolist()
    [0.5, 0.5]
    """
    cells = _weighted(starts, folds)
    return cells / cells.sum(axis=0)


def _weighted(starts: Sequence[float], values: Array) -> Array:
    """Return values of clones times their shares at the start."""
    return np.einsum("c,c...->c...", np.asarray(starts, dtype=float), values)


def mixed(
    readout: Readout, values: Array, starts: Sequence[float], folds: Array
) -> Array:
    """Return a readout of all cells together.

    Parameters
    ----------
    readout : Readout
        What was read.
    values : ndarray, shape (clones, ...)
        On each clone alone.
    starts : sequence of float, length clones
        Shares at the start.
    folds : ndarray, shape (clones, ...)
        Cells of each over those at its start.

    Returns
    -------
    ndarray
        Cell numbers are summed; all else is the mean over the cells there are.
    """
    if readout.exponential:
        return _weighted(starts, values).sum(axis=0)
    return (shares(starts, folds) * values).sum(axis=0)
