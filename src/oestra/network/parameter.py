"""The numbers of the cell, each with unit, interval, origin and source."""

from functools import cache

from oestra.core.errors import InputError
from oestra.core.quantity import Quantity
from oestra.core.table import read_quantities

__all__ = ["parameter_table"]

_UNITS = ("1", "1/day", "day", "nM")


@cache
def parameter_table() -> dict[str, Quantity]:
    """Return every parameter of the cell, by name.

    Returns
    -------
    dict of str to Quantity
        In the order of the files and their lines.

    Raises
    ------
    InputError
        If an entry is malformed, declared twice, or has a unit the cell is not
        written in.
    """
    table = read_quantities("oestra.network.parameters")
    for name, quantity in table.items():
        if quantity.unit not in _UNITS:
            raise InputError(
                f"Parameter {name!r} has unit {quantity.unit!r}; the cell is written "
                f"in {', '.join(_UNITS)}."
            )
    return table
