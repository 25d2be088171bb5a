"""JSON that others may have written: bounded, and read in one way only."""

import json
import math
import re
from pathlib import Path
from typing import Any, NoReturn

from oestra.core.errors import InputError, shown
from oestra.core.text_file import check_characters, read_text

__all__ = ["load_json", "read_json"]

MOST_BYTES = 20_000_000
_DEEPEST = 40
_DIGITS = 20
_TEXT_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{\]}]', re.DOTALL)
"""Texts, which may hold brackets that are none, run to the end where unclosed."""


def read_json(path: Path, *, most: int = MOST_BYTES) -> Any:
    """Read a JSON file; see `load_json`.

    Raises
    ------
    InputError
        If it cannot be read, is too large or no JSON; names the file.
    """
    return load_json(read_text(path, most=most), str(path))


def load_json(text: str, where: str) -> Any:
    """Read JSON.

    Parameters
    ----------
    text : str
        One value.
    where : str
        Name of the file, for errors.

    Returns
    -------
    object
        Objects, lists, texts, finite numbers, true, false and null.

    Raises
    ------
    InputError
        If it is no JSON, names a key twice in one object, holds NaN, an infinite
        number, one of too many digits or control characters, or is too deep.
    """

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for key, value in found:
            if key in kept:
                raise InputError(f"{where} names the key {shown(key)} twice.")
            check_characters(key, where)
            kept[key] = value
        return kept

    numbers = _Numbers(where)
    _check_depth(text, where)
    try:
        value = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_constant=numbers.constant,
            parse_int=numbers.whole,
            parse_float=numbers.real,
        )
    except json.JSONDecodeError as error:
        raise InputError(
            f"{where}, line {error.lineno}: no JSON ({error.msg})."
        ) from error
    _check_texts(value, where)
    return value


class _Numbers:
    """Reads the numbers of one file."""

    def __init__(self, where: str) -> None:
        self.where = where

    def constant(self, name: str) -> NoReturn:
        raise InputError(f"{self.where} holds {name}, which is no number.")

    def whole(self, digits: str) -> int:
        if len(digits) > _DIGITS:
            raise InputError(f"{self.where} holds a number of {len(digits)} digits.")
        return int(digits)

    def real(self, digits: str) -> float:
        value = float(digits)
        if not math.isfinite(value):
            raise InputError(
                f"{self.where} holds {shown(digits)}, which is not finite."
            )
        return value


def _check_depth(text: str, where: str) -> None:
    depth = 0
    for found in _TEXT_OR_BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > _DEEPEST:
            line = text.count("\n", 0, found.start()) + 1
            raise InputError(
                f"{where}, line {line}: more than {_DEEPEST} levels are nested."
            )


def _check_texts(value: Any, where: str) -> None:
    ahead = [value]
    while ahead:
        item = ahead.pop()
        if isinstance(item, str):
            check_characters(item, where)
        elif isinstance(item, dict):
            ahead.extend(item.values())
        elif isinstance(item, list):
            ahead.extend(item)
