"""Measurements on cell lines: a number or direction a row, what was done, and noise.

Each file of ``cell_measurements`` holds one kind of experiment, means over runs. The
readouts and media are in the words of the source; the culture room gives them meaning.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from oestra.core.errors import InputError, shown
from oestra.core.text_file import read_text

__all__ = [
    "COLUMNS",
    "CellMeasurement",
    "Direction",
    "cell_measurements",
    "read_measurements",
]

COLUMNS = (
    "id",
    "source",
    "line",
    "pretreatment",
    "medium",
    "treatment",
    "time_h",
    "readout",
    "value",
    "scale",
    "sd",
    "n",
    "error_from",
    "censored",
    "note",
)
"""Columns of a file, in their order."""
_NEEDED = ("id", "source", "line", "readout", "value", "scale")


class Direction(StrEnum):
    """What a readout does where no number was read."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    RANGE = "range"
    """Differs between lines; the note says how far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellMeasurement:
    """One measurement.

    Parameters
    ----------
    id : str
        Key of the row.
    kind : str
        File it stands in, such as ``growth_timecourse``.
    source : str
        Key into ``sources/*.bib``.
    line : str
        Cell line, or what was measured in, in words.
    pretreatment, medium, treatment : str
        What was done, in words; doses in nM or ng/mL.
    time_h : float or None
        Hours after the treatment began.
    readout, scale : str
        What was measured, and in which unit or against what.
    value : float or Direction
        The number, or where it goes.
    sd : float or None
        One standard deviation on the scale; of gr50 and ic50 in log10 units.
    n : int or None
        Runs.
    error_from : str
        Whether the deviation is between runs or blots, technical, or a default.
    censored : str
        Why the value is a bound; empty where it is none.
    note : str
        Single runs and doubts.
    """

    id: str
    kind: str
    source: str
    line: str
    pretreatment: str
    medium: str
    treatment: str
    time_h: float | None
    readout: str
    value: float | Direction
    scale: str
    sd: float | None
    n: int | None
    error_from: str
    censored: str
    note: str


def _number(text: str, name: str, where: str, least: float) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < least:
        at_least = f" of at least {least:g}" if math.isfinite(least) else ""
        given = shown(text)
        raise InputError(f"{where}: {name} must be a number{at_least}, got {given}.")
    return value


def _value(text: str, where: str) -> float | Direction:
    if text in list(Direction):
        return Direction(text)
    number = _number(text, "value", where, -math.inf)
    if number is None:
        raise InputError(f"{where}: the value is missing.")
    return number


def _measurement(row: dict[str, str], kind: str, where: str) -> CellMeasurement:
    absent = [name for name in _NEEDED if not row[name]]
    if absent:
        raise InputError(f"{where}: {', '.join(absent)} must not be empty.")
    n = _number(row["n"], "n", where, 1)
    return CellMeasurement(
        id=row["id"],
        kind=kind,
        source=row["source"],
        line=row["line"],
        pretreatment=row["pretreatment"],
        medium=row["medium"],
        treatment=row["treatment"],
        time_h=_number(row["time_h"], "time_h", where, 0),
        readout=row["readout"],
        value=_value(row["value"], where),
        scale=row["scale"],
        sd=_number(row["sd"], "sd", where, 0),
        n=None if n is None else int(n),
        error_from=row["error_from"],
        censored=row["censored"],
        note=row["note"],
    )


def read_measurements(path: Path) -> Iterator[CellMeasurement]:
    """Read one file.

    Parameters
    ----------
    path : Path
        A CSV file with the columns `COLUMNS`.

    Yields
    ------
    CellMeasurement
        Row by row.

    Raises
    ------
    InputError
        If a column is missing or unknown, or a cell is not what it should be; the
        message names file and line.
    """
    reader = csv.reader(read_text(path).splitlines(), strict=True)
    head = next(reader, [])
    if tuple(head) != COLUMNS:
        raise InputError(
            f"{path.name} must have the columns {', '.join(COLUMNS)}; it has "
            f"{', '.join(head) or 'none'}."
        )
    for row in reader:
        where = f"{path.name}, line {reader.line_num}"
        if len(row) != len(COLUMNS):
            raise InputError(
                f"{where}: {len(row)} cells for {len(COLUMNS)} columns; a comma in a "
                "text needs quotes."
            )
        yield _measurement(dict(zip(COLUMNS, row, strict=True)), path.stem, where)


@cache
def cell_measurements() -> tuple[CellMeasurement, ...]:
    """Return every measurement that ships, file by file.

    Raises
    ------
    InputError
        If a file is malformed or an id stands twice.
    """
    folder = Path(__file__).parent / "cell_measurements"
    found: dict[str, CellMeasurement] = {}
    for path in sorted(folder.glob("*.csv")):
        for one in read_measurements(path):
            if one.id in found:
                raise InputError(f"{path.name}: the id {one.id!r} stands twice.")
            found[one.id] = one
    return tuple(found.values())
