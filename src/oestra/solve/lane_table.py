"""Tables of values, one column a name and one row a lane, read strictly."""

import csv
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError, shown

__all__ = ["read_lanes"]

Floats = NDArray[np.float64]
_MOST_BYTES = 2_000_000_000


def read_lanes(path: str | Path) -> dict[str, Floats]:
    """Read values of parameters and initial states for an ensemble.

    Parameters
    ----------
    path : str or Path
        Comma-separated text (``.csv``) with a line of names, or Parquet (``.parquet``).

    Returns
    -------
    dict of str to ndarray, shape (lanes,)
        Values by name; NaN where a cell is empty.

    Raises
    ------
    InputError
        If the file cannot be read, has no rows, repeats or omits the name of a column,
        has a row of another length (the row is named), or holds what is not a finite
        number.
    """
    path = Path(path)
    readers = {".csv": _csv, ".parquet": _parquet}
    if path.suffix.casefold() not in readers:
        raise InputError(f"The ensemble {path.name} must end in .parquet or .csv.")
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(
                f"Tables of up to {_MOST_BYTES / 1e9:.0f} GB are read; {path.name} is "
                "larger."
            )
        table = readers[path.suffix.casefold()](path)
    except FileNotFoundError:
        raise InputError(f"There is no ensemble file {str(path)!r}.") from None
    except (ValueError, OSError, csv.Error) as error:
        reason = " ".join(str(error).split()).rstrip(".")
        raise InputError(
            f"Cannot read the ensemble {path.name}: {shown(reason)}."
        ) from None
    if not table or not len(next(iter(table.values()))):
        raise InputError(f"The ensemble {path.name} has no rows.")
    for name, column in table.items():
        infinite = np.flatnonzero(np.isinf(column))
        if len(infinite):
            raise InputError(
                f"Row {infinite[0] + 1} of {path.name}: {name!r} is infinite; values "
                "are finite numbers."
            )
    return table


def _check_names(names: Sequence[str], path: Path) -> None:
    if not all(name.strip() for name in names):
        empty = next(k for k, name in enumerate(names) if not name.strip())
        raise InputError(f"Column {empty + 1} of {path.name} has no name.")
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise InputError(f"{path.name} has more than one column {shown(repeated[0])}.")


def _csv(path: Path) -> dict[str, Floats]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        names = [name.strip() for name in next(reader, [])]
        _check_names(names, path)
        rows: list[list[float]] = []
        blank = 0
        for row in reader:
            number = len(rows) + 1
            if not row:
                # Of no account at the end of the file only.
                blank = blank or reader.line_num
                continue
            if blank or len(row) != len(names):
                count = 0 if blank else len(row)
                raise InputError(
                    f"Row {number} of {path.name} (line {blank or reader.line_num}) "
                    f"has {count} value{'s' * (count != 1)} for {len(names)} columns."
                )
            where = f"Row {number} of {path.name}"
            pairs = zip(names, row, strict=True)
            rows.append([_number(text, name, where) for name, text in pairs])
    columns = np.array(rows, dtype=float).reshape(len(rows), len(names)).T
    return dict(zip(names, np.ascontiguousarray(columns), strict=True))


def _number(text: str, name: str, where: str) -> float:
    text = text.strip()
    if not text:
        return math.nan
    try:
        return float(text.replace("_", "?"))
    except ValueError:
        raise InputError(
            f"{where}: {name!r} is {shown(text)}, which is no number."
        ) from None


def _parquet(path: Path) -> dict[str, Floats]:
    # A library that is slow to load, for files of one kind only.
    from pyarrow import parquet  # noqa: PLC0415

    with parquet.ParquetFile(path) as file:
        _check_names(file.schema_arrow.names, path)
        frame = file.read().to_pandas()
    for name in frame.columns:
        if frame[name].dtype.kind not in "iuf":
            raise InputError(f"Column {shown(str(name))} of {path.name} is no number.")
    return {str(name): frame[name].to_numpy(dtype=float) for name in frame.columns}
