"""YAML read once: what a text holds is kept, as JSON, in the user's cache."""

import hashlib
import json
from typing import Any

from oestra.core.cached_record import cached_record

__all__ = ["read_yaml"]

_FORM = "1"
"""To be raised when texts are read otherwise."""
_SHORT = 300
"""Texts so short are read faster than a cache is asked."""


class _NotJsonError(Exception):
    """What a text holds is not what JSON would give back."""

    def __init__(self, data: object) -> None:
        super().__init__("not JSON")
        self.data = data


def read_yaml(text: str) -> Any:
    """Return what a YAML text holds.

    A reader in Python takes seconds for the files of the package, JSON milliseconds.
    What JSON cannot hold unchanged, such as dates and keys that are numbers, is read
    anew each time.

    Parameters
    ----------
    text : str
        A document of YAML 1.2.

    Returns
    -------
    object
        Dicts, lists, strings, numbers; new objects at each call.

    Raises
    ------
    ruamel.yaml.error.YAMLError
        If the text is not YAML.
    """
    if len(text) < _SHORT:
        return _parse(text)

    def make() -> object:
        data = _parse(text)
        if not _is_json(data):
            raise _NotJsonError(data)
        return data

    name = "yaml " + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        return cached_record(name, _FORM, make)
    except _NotJsonError as found:
        return found.data


def _parse(text: str) -> Any:
    from ruamel.yaml import YAML  # noqa: PLC0415 - slow to load

    return YAML(typ="safe", pure=True).load(text)


def _is_json(data: object) -> bool:
    """Tell whether JSON gives back what it was given."""
    try:
        return bool(json.loads(json.dumps(data)) == data)
    except (TypeError, ValueError, RecursionError):
        return False
