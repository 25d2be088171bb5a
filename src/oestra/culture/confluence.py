"""A dish that fills: divisions slow as cells crowd.

::

    dish = name of a dish | capacity [ ", seeded" count ]
    capacity, count = number ( "million" | "thousand" | "cells" )

With a share x of the dish covered, cells divide at 1 - x of their pace and die as
before; that is assumed. How cells signal does not depend on crowding here, so that the
course with room for all, N(t), and its divisions d(t) give the course in the dish in
closed form, N / (1 + x0 * integral of d N), where x0 is the share covered at the start.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.quantity import Quantity
from oestra.core.short_text import check_short
from oestra.culture.records import find_record, read_records

__all__ = ["Dish", "NamedDish", "crowded", "dishes", "fine_days", "parse_dish"]

Array = NDArray[np.float64]
_LONGEST = 200
_STEP = 0.02
"""Days between the points of the integral: its error is then below 1e-4."""
_SEEDED = 0.1
"""Share of a capacity of the user's own that is seeded by default; assumed."""
_WORDS = {"million": 1e6, "thousand": 1e3, "cells": 1.0}
_MOST = 1e12
_COUNT = r"(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*(?:million|thousand|cells)"
_CELLS = re.compile(
    rf"(?P<capacity>-?{_COUNT})(?:\s*,\s*seeded\s+(?P<seeded>-?{_COUNT}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dish:
    """Room for cells.

    Parameters
    ----------
    capacity : float
        Cells that cover it.
    seeded : float
        Cells at the start of the experiment.
    """

    capacity: float
    seeded: float

    def __str__(self) -> str:
        """Write the dish as the grammar reads it."""
        return f"{self.capacity:.10g} cells, seeded {self.seeded:.10g} cells"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDish:
    """A dish that has a name.

    Parameters
    ----------
    id : str
        Its name.
    aliases : tuple of str
        Other names.
    capacity, seeded : Quantity
        Cells that cover it, and cells at the start.
    """

    id: str
    aliases: tuple[str, ...] = ()
    capacity: Quantity
    seeded: Quantity

    @property
    def dish(self) -> Dish:
        """The room it has.

        Raises
        ------
        InputError
            If no cell is seeded, or as many as have room.
        """
        if not 0.0 < self.seeded.value < self.capacity.value:
            raise InputError(
                f"Dish {self.id!r} holds more cells than are seeded, which are above "
                f"0; got {self.capacity.value:g} and {self.seeded.value:g} seeded."
            )
        return Dish(capacity=self.capacity.value, seeded=self.seeded.value)


def _read(library: Library) -> Mapping[str, NamedDish]:
    return read_records(library, Kind.DISHES, NamedDish, lambda one: one.id)


def dishes(library: Library = SHIPPED) -> Mapping[str, NamedDish]:
    """Return the dishes that have a name."""
    return library.once(_read)


def parse_dish(text: str, library: Library = SHIPPED) -> Dish:
    """Read how many cells have room.

    Parameters
    ----------
    text : str
        Such as ``"6-well"``, ``"4 million"``, ``"4 million, seeded 200 thousand"``.
    library : Library
        Whose dishes have a name.

    Returns
    -------
    Dish
        Capacity and cells at the start; a tenth of the capacity where not said.

    Raises
    ------
    InputError
        If it cannot be read, or more is seeded than has room.
    """
    check_short(text, "a dish", most=_LONGEST)
    plain = " ".join(text.split())
    known = dishes(library)
    named = find_record(known, plain)
    if named is not None:
        return named.dish
    found = _CELLS.fullmatch(plain)
    if found is None:
        raise unknown_name("dish", text, [*known, "4 million"], where="dishes.yaml")
    capacity = _count(found["capacity"])
    seeded = _count(found["seeded"]) if found["seeded"] else _SEEDED * capacity
    if not 0.0 < seeded < capacity <= _MOST:
        raise InputError(
            f"A dish holds more cells than are seeded, which are above 0, and at most "
            f"{_MOST:g}, got {text!r}."
        )
    return Dish(capacity=capacity, seeded=seeded)


def _count(text: str) -> float:
    number, word = re.fullmatch(r"(\S*?)\s*([a-z]+)", text, re.IGNORECASE).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return float(number) * _WORDS[word.casefold()]


def fine_days(at: Array) -> Array:
    """Return days from 0 that are close enough for the integral, `at` among them."""
    count = max(int(np.ceil(at[-1] / _STEP)), 2)
    return np.unique(np.concatenate([np.linspace(0.0, at[-1], count + 1), at]))


def crowded(outputs: Array, days: Array, names: Sequence[str], dish: Dish) -> Array:
    """Return what is recorded in a dish from what is recorded with room for all.

    Parameters
    ----------
    outputs : ndarray, shape (conditions, points, symbols)
        Recorded on days as close as those of `fine_days`.
    days : ndarray, shape (points,)
        Ascending from 0.
    names : sequence of str
        Names of the symbols.
    dish : Dish
        Capacity and start.

    Returns
    -------
    ndarray, shape (conditions, points, symbols)
        Cell number, divisions and growth changed, the rest as it was.
    """
    number, divisions, growth = (
        names.index(one) for one in ("log_cell_number", "division_rate", "growth_rate")
    )
    found = outputs.copy()
    start = dish.seeded / dish.capacity
    fold = np.exp(outputs[..., number])
    made = outputs[..., divisions] * fold
    steps = np.diff(days) * (made[:, 1:] + made[:, :-1]) / 2.0
    whole = np.concatenate([np.zeros((len(made), 1)), np.cumsum(steps, axis=1)], axis=1)
    held = fold / (1.0 + start * whole)
    lost = outputs[..., divisions] * start * held
    found[..., number] = np.log(held)
    found[..., divisions] -= lost
    found[..., growth] -= lost
    return found
