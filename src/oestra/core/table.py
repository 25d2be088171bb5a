"""Tables of quantities kept as YAML files: an entry a parameter, checked on reading."""

from collections.abc import Iterable
from importlib.resources.abc import Traversable
from typing import Any

from ruamel.yaml.error import YAMLError

from oestra.core.errors import InputError
from oestra.core.quantity import Origin, Quantity
from oestra.core.read_yaml import read_yaml

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
    try:
        entries = read_yaml(file.read_text(encoding="utf-8"))
    except YAMLError as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{file.name} is not valid YAML: {reason}.") from None
    if not isinstance(entries, dict):
        raise InputError(f"{file.name} must hold parameters by name.")
    return entries


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
