"""What a task is given, as one hash: equal input, equal name, on any machine."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from pathlib import PurePath
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

from oestra.core.library import Library
from oestra.work.library_content import library_files

__all__ = ["fingerprint"]

_NAMED = (FunctionType, BuiltinFunctionType, type)
_PLAIN = (str, bytes, bool, int, float, complex, type(None))


Known = Callable[[object], str | None]


def fingerprint(value: object, known: Known | None = None) -> str:
    """Return the hash of a value by what it holds.

    Parameters
    ----------
    value : object
        Plain values, enumerations, arrays, tables, records (dataclasses, pydantic
        models), functions of modules, libraries, and collections of these.
    known : callable, optional
        Takes a record within and returns its hash where it was computed before, else
        None.

    Returns
    -------
    str
        64 hexadecimal digits; not a matter of identity, order of a mapping or machine.

    Raises
    ------
    TypeError
        For anything else, such as a function within a function.

    Examples
    --------
    >>> fingerprint({"a": 1, "b": 2.0}) == fingerprint({"b": 2.0, "a": 1})
    True
    >>> fingerprint(1) == fingerprint(1.0)
    False
    """
    digest = hashlib.blake2b(digest_size=32)
    _Feeder(digest.update, known or (lambda _value: None)).feed(value)
    return digest.hexdigest()


class _Feeder:
    """Feeds a hash with values: the kind of each, then what it holds, with lengths."""

    def __init__(self, update: Callable[[bytes], None], known: Known) -> None:
        self._update, self._known = update, known

    def _tell(self, kind: str, data: bytes = b"") -> None:
        self._update(f"{kind}:{len(data)}:".encode())
        self._update(data)

    def _feed_all(self, values: Iterable[object]) -> None:
        for value in values:
            self.feed(value)

    def feed(self, value: object) -> None:
        """Feed one value."""
        if isinstance(value, Enum):
            self._tell("enum", f"{_name(type(value))}.{value.name}".encode())
        elif isinstance(value, _PLAIN):
            self._tell(type(value).__name__, _plain(value))
        elif isinstance(value, np.ndarray):
            self._feed_array(value)
        elif isinstance(value, np.generic):
            self._tell(f"numpy {value.dtype.str}", value.tobytes())
        elif isinstance(value, pd.DataFrame):
            self._tell("table", f"{list(value.columns)!r}".encode())
            self.feed(np.asarray(value.index))
            self._feed_all(value[name].to_numpy() for name in value.columns)
        elif (before := self._known(value)) is not None:
            self._tell("known", before.encode())
        else:
            self._feed_record(value)

    def _feed_record(self, value: object) -> None:
        """Feed what has names: records, models, libraries, functions."""
        if isinstance(value, Library):
            self._tell("library")
            self._feed_mapping(library_files(value))
        elif isinstance(value, BaseModel):
            self._tell("model", _name(type(value)).encode())
            self.feed(value.model_dump_json())
        elif is_dataclass(value) and not isinstance(value, type):
            self._tell("record", _name(type(value)).encode())
            own = [one.name for one in fields(value) if one.compare]
            self._feed_all((name, getattr(value, name)) for name in own)
        elif isinstance(value, partial):
            self._tell("partial")
            self.feed((value.func, value.args, value.keywords))
        elif isinstance(value, _NAMED) and "<locals>" not in _name(value):
            self._tell("function", _name(value).encode())
        else:
            self._feed_collection(value)

    def _feed_collection(self, value: object) -> None:
        if isinstance(value, Mapping):
            self._feed_mapping(value)
        elif isinstance(value, (tuple, list)):
            self._tell("sequence", str(len(value)).encode())
            self._feed_all(value)
        elif isinstance(value, (set, frozenset)):
            self._tell("set", str(len(value)).encode())
            self._feed_all(sorted(map(self._nested, value)))
        elif isinstance(value, PurePath):
            self._tell("path", str(value).encode())
        else:
            raise TypeError(f"no fingerprint of {type(value).__qualname__}")

    def _feed_mapping(self, value: Mapping[Any, Any]) -> None:
        named = {self._nested(key): item for key, item in value.items()}
        self._tell("mapping", str(len(named)).encode())
        self._feed_all((name, named[name]) for name in sorted(named))

    def _nested(self, value: object) -> str:
        return fingerprint(value, self._known)

    def _feed_array(self, array: np.ndarray) -> None:
        self._tell("array", f"{array.dtype.str}{array.shape}".encode())
        if array.dtype.hasobject:
            self._feed_all(array.ravel().tolist())
        else:
            self._update(np.ascontiguousarray(array).tobytes())


def _plain(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else repr(value)).encode("utf-8", "replace")


def _name(value: Any) -> str:
    return f"{value.__module__}.{value.__qualname__}"
