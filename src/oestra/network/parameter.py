"""The numbers of the cell, each with unit, interval, origin and source."""

from collections.abc import Mapping
from types import MappingProxyType

from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.quantity import Quantity
from oestra.core.table import read_quantities

__all__ = ["UNITS", "parameter_table"]

UNITS = ("1", "1/day", "day", "nM")


def _read(library: Library) -> Mapping[str, Quantity]:
    table = read_quantities(library.files(Kind.PARAMETERS, "oestra.network.parameters"))
    for name, quantity in table.items():
        if quantity.unit not in UNITS:
            raise InputError(
                f"Parameter {name!r} has unit {quantity.unit!r}; the cell is written "
                f"in {', '.join(UNITS)}."
            )
    return MappingProxyType(table)


def parameter_table(library: Library = SHIPPED) -> Mapping[str, Quantity]:
    """Return every parameter of the cell, by name.

    Parameters
    ----------
    library : Library
        Whose cell.

    Returns
    -------
    mapping of str to Quantity
        In the order of the files and their lines.

    Raises
    ------
    InputError
        If an entry is malformed, declared twice, or has a unit the cell is not
        written in.
    """
    return library.once(_read)
