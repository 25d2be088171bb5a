"""Tables of quantities kept as YAML files: an entry a parameter, checked on reading."""

from collections.abc import Iterable
from importlib.resources.abc import Traversable
from typing import Any

from oestra.core.errors import InputError
from oestra.core.library_file import read_mapping
from oestra.core.quantity import Origin, Quantity

__all__ = ["read_quantities"]


def _quantity(name: str, entry: dict[str, Any], where: str) -> Quantity:
    try:
        return Quantity(
            value=float(entry["value"]),
            unit=entry["unit"],
            interval=(float(entry["interval"][0]), float(entry["interval"][1])),
            origin=Origin(entry["origin"]),
            source=entry.get("source", ""),
            reason=entry.get("reason", ""),
        )
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise InputError(
            f"Parameter {name!r} in {where} is malformed: {error}."
        ) from error
    except InputError as error:
        raise InputError(f"Parameter {name!r} in {where}: {error}") from error


def _entries(file: Traversable) -> dict[str, dict[str, Any]]:
    return read_mapping(file, "parameters by name")


def read_quantities(given: Iterable[Traversable]) -> dict[str, Quantity]:
    """Read every quantity of some YAML files.

    Parameters
    ----------
    given : iterable of Traversable
        The files, as `oestra.core.library.Library.files` returns them.

    Returns
    -------
    dict of str to Quantity
        By name, in the order of the files and their lines.

    Raises
    ------
    InputError
        If an entry is malformed or declared twice.
    """
    table: dict[str, Quantity] = {}
    for file in given:
        for name, entry in _entries(file).items():
            if name in table:
                raise InputError(f"Parameter {name!r} is declared twice: {file.name}.")
            table[name] = _quantity(name, entry, file.name)
    return table
