"""Tables of people's own: CSV, Parquet and SAS transport files."""

import csv
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError, shown

__all__ = ["numbers", "read_frame"]

_MOST_BYTES = 200_000_000
_ENDINGS = (".csv", ".parquet", ".xpt")


def _size(path: Path, where: str) -> None:
    if not path.is_file():
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
    try:
        if ending == ".csv":
            return _csv(path, where)
        if ending == ".parquet":
            return pd.read_parquet(path)
        return pd.DataFrame(pd.read_sas(path, format="xport", encoding="utf-8"))
    except InputError:
        raise
    except Exception as error:
        # Readers of tables raise whatever their libraries do of a damaged file.
        reason = " ".join(str(error).split())[:150].removesuffix(".")
        raise InputError(f"{where}: {path.name} cannot be read: {reason}.") from error


def _csv(path: Path, where: str) -> pd.DataFrame:
    """Read a table whose rows all have the values of its header, and no more."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = [name.strip() for name in next(csv.reader(file), [])]
    twice = [name for name in header if name and header.count(name) > 1]
    if twice:
        raise InputError(
            f"{where}: {path.name} has the column {shown(twice[0])} twice."
        )
    with warnings.catch_warnings():
        # Rows longer than the header would be shifted, or cut, in silence.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(path, index_col=False)


def numbers(table: pd.DataFrame, column: str | int) -> NDArray[np.float64]:
    """Return a column, by name or place, as numbers; what is none is nan."""
    given = table[column] if isinstance(column, str) else table.iloc[:, column]
    return np.asarray(pd.to_numeric(given, errors="coerce"), dtype=np.float64)
