"""Reading a YAML file of a library: the package's own at once, others with care."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from oestra.core.errors import InputError
from oestra.core.text_file import read_text
from oestra.core.yaml_text import load_yaml

__all__ = ["read_list", "read_mapping"]

_PACKAGE = Path(str(files("oestra")))


def _read(file: Traversable) -> Any:
    path = Path(str(file))
    if path.is_relative_to(_PACKAGE):
        return load_yaml(file.read_text(encoding="utf-8"), file.name, trusted=True)
    return load_yaml(read_text(path), file.name)


def read_mapping(file: Traversable, what: str) -> dict[str, Any]:
    """Return what a file says, which must be a mapping.

    Parameters
    ----------
    file : Traversable
        A YAML file; one that does not ship is read only if it is a file, in UTF-8, and
        no larger, deeper or longer than `oestra.core.yaml_scan` allows.
    what : str
        What it must hold, such as ``"therapies by name"``.

    Returns
    -------
    dict
        By key.

    Raises
    ------
    InputError
        If it cannot be read or holds something else; names the file, and the line
        where there is one.
    """
    data = _read(file)
    if not isinstance(data, dict):
        raise InputError(f"{file.name} must hold {what}.")
    return data


def read_list(file: Traversable, what: str) -> list[dict[str, Any]]:
    """Return what a file says, which must be a list of mappings; see `read_mapping`."""
    data = _read(file)
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        raise InputError(f"{file.name} must hold {what}.")
    return data
