"""Tables of people's own: CSV, Parquet and SAS transport files."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError, shown
from oestra.core.text_file import decode, read_bytes

__all__ = ["not_a_number", "numbers", "place_of", "read_frame", "words"]

_MOST_BYTES = 200_000_000
_ENDINGS = (".csv", ".parquet", ".xpt")
_OTHER_JOINTS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What joins values in files that are called CSV, and are none."""
_WORKBOOK = b"PK\x03\x04"
"""How a workbook of Excel begins."""


def _size(path: Path, where: str) -> None:
    if not path.is_file():
        if path.is_dir():
            raise InputError(f"{where}: {shown(str(path))} is a folder.")
        raise InputError(f"{where}: there is no file {shown(str(path))}.")
    if path.stat().st_size > _MOST_BYTES:
        raise InputError(
            f"{where}: {path.name} is larger than {_MOST_BYTES // 10**6} MB."
        )


def read_frame(path: Path, where: str) -> pd.DataFrame:
    """Read a table by the ending of its file.

    Parameters
    ----------
    path : Path
        The file.
    where : str
        What names it, for errors.

    Returns
    -------
    DataFrame
        Its rows, which a CSV file holds as text. The index says where each row stands
        in the file, and its name whether by line or by row.

    Raises
    ------
    InputError
        If there is no such file, it is too large, of another kind or damaged.
    """
    _size(path, where)
    ending = path.suffix.lower()
    if ending not in _ENDINGS:
        raise InputError(
            f"{where}: {path.name} must end in {', '.join(_ENDINGS)}, got "
            f"{shown(path.suffix)}."
        )
    if ending == ".csv":
        return _csv(path, where)
    try:
        found = (
            pd.read_parquet(path)
            if ending == ".parquet"
            else pd.DataFrame(pd.read_sas(path, format="xport", encoding="utf-8"))
        )
    except Exception as error:
        # Readers of tables raise whatever their libraries do of a damaged file.
        reason = " ".join(str(error).split())[:150].removesuffix(".")
        raise InputError(f"{where}: {path.name} cannot be read: {reason}.") from error
    found.index = pd.RangeIndex(1, 1 + len(found), name="row")
    return found


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, each with its line.

    Raises
    ------
    csv.Error
        If quotes are not closed, or a value is endless.
    """
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    for row in reader:
        values = [value.strip() for value in row]
        if any(values):
            yield reader.line_num, values


def _csv(path: Path, where: str) -> pd.DataFrame:
    """Read a table whose rows have no more values than its header, as text."""
    content = read_bytes(path, most=_MOST_BYTES)
    told = f"{where}: {path.name} cannot be read: "
    if content.startswith(_WORKBOOK):
        raise InputError(f"{told}it is a workbook; save its sheet as CSV.")
    try:
        rows = list(_rows(decode(content, path.name)))
    except csv.Error as error:
        raise InputError(f"{told}{error}.") from error
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    if not rows:
        raise InputError(f"{where}: {path.name} is empty.")
    _one_width(rows, f"{where}: {path.name}")
    return _named(rows[0][1], rows[1:])


def _one_width(rows: list[tuple[int, list[str]]], where: str) -> None:
    """Refuse values joined by something else, columns named twice, and long rows."""
    first, header = rows[0]
    joint = next((one for one in _OTHER_JOINTS if one in header[0]), None)
    if len(header) == 1 and joint:
        raise InputError(
            f"{where} cannot be read: its values are joined by "
            f"{_OTHER_JOINTS[joint]}; join them by a comma, and write numbers with a "
            "point, as 3.5."
        )
    twice = [name for name in header if name and header.count(name) > 1]
    if twice:
        raise InputError(f"{where} has the column {shown(twice[0])} twice.")
    for line, values in rows[1:]:
        if any(values[len(header) :]):
            raise InputError(
                f"{where} cannot be read: line {line} has {len(values)} values, and "
                f"line {first} names {len(header)} column{'s' * (len(header) > 1)}."
            )


def _named(header: list[str], rows: list[tuple[int, list[str]]]) -> pd.DataFrame:
    """Return rows under their header, without columns that hold nothing at all."""
    width = len(header)
    filled = [(values + [""] * width)[:width] for _, values in rows]
    names = [name or f"column {place}" for place, name in enumerate(header, start=1)]
    index = pd.Index([line for line, _ in rows], name="line")
    found = pd.DataFrame(filled, columns=pd.Index(names), index=index, dtype=object)
    empty = [
        name
        for name, given in zip(names, header, strict=True)
        if not given and not (found[name] != "").any()
    ]
    return found.drop(columns=empty)


def place_of(table: pd.DataFrame, at: int) -> str:
    """Return where the row at a position of a table stands in its file."""
    return f"{table.index.name} {table.index[at]}"


def words(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as text, without blanks around it; empty where it is missing.

    Numbers are as they were written: a code of 1 is no 1.0 where others are missing.
    """
    given = table[column]
    if pd.api.types.is_float_dtype(given.dtype):
        text = given.map("{:.15g}".format)
    else:
        text = given.astype(str)
    return text.where(given.notna(), "").str.strip()


def numbers(table: pd.DataFrame, column: str | int) -> NDArray[np.float64]:
    """Return a column, by name or place, as numbers; nan where a value is none."""
    given = table[column] if isinstance(column, str) else table.iloc[:, column]
    kind = given.dtype
    if pd.api.types.is_datetime64_any_dtype(kind) or (
        pd.api.types.is_timedelta64_dtype(kind)
    ):
        return np.full(len(given), np.nan)
    return np.asarray(pd.to_numeric(given, errors="coerce"), dtype=np.float64)


def not_a_number(given: str) -> str:
    """Say what was given in place of a number, with how to write one."""
    if not given:
        return "got nothing"
    comma = given.count(",") == 1 and given.replace(",", "").isdigit()
    hint = f"; write {given.replace(',', '.')}" if comma else ""
    return f"got {shown(given)}{hint}"
