"""Times of patients by arm, from digitized curves and from tables of patients."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.calibration.updating.data_file import Curve, Patients
from oestra.core.errors import InputError, OestraError, nearest, shown
from oestra.core.units import DAYS_PER_MONTH
from oestra.survival.guyot import rebuild
from oestra.trial.design import TrialDesign

__all__ = ["PatientTimes", "curve_times", "table_times"]

_MOST_BYTES = 200_000_000
_ENDINGS = (".csv", ".parquet", ".xpt")
_NEEDED = ("PARAMCD", "AVAL", "CNSR")
_ARMS = ("TRTP", "TRT01P", "TRTA", "TRT01A", "ARM", "ARMCD")
"""Columns that name the arm, the first of them that the table has."""
_UNITS = {"DAYS": 1.0 / DAYS_PER_MONTH, "DAY": 1.0 / DAYS_PER_MONTH,
          "WEEKS": 7.0 / DAYS_PER_MONTH, "WEEK": 7.0 / DAYS_PER_MONTH,
          "MONTHS": 1.0, "MONTH": 1.0, "YEARS": 12.0, "YEAR": 12.0}  # fmt: skip
"""Months of the units that AVALU may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientTimes:
    """Times to one event in one arm.

    Parameters
    ----------
    of : str
        The event.
    arm : str
        Id of the arm.
    months : ndarray of float64, shape (n,)
        Time to event or censoring.
    event : ndarray of bool, shape (n,)
        True where it is an event.
    source : str
        ``curve`` or ``patients``.
    """

    of: str
    arm: str
    months: NDArray[np.float64]
    event: NDArray[np.bool_]
    source: str


def _size(path: Path, where: str) -> None:
    if not path.is_file():
        raise InputError(f"{where}: there is no file {shown(str(path))}.")
    if path.stat().st_size > _MOST_BYTES:
        raise InputError(
            f"{where}: {path.name} is larger than {_MOST_BYTES // 10**6} MB."
        )


def _frame(path: Path, where: str) -> pd.DataFrame:
    """Read a table by the ending of its file."""
    _size(path, where)
    ending = path.suffix.lower()
    if ending not in _ENDINGS:
        raise InputError(
            f"{where}: {path.name} must end in {', '.join(_ENDINGS)}, got "
            f"{shown(path.suffix)}."
        )
    try:
        if ending == ".csv":
            return pd.read_csv(path)
        if ending == ".parquet":
            return pd.read_parquet(path)
        return pd.DataFrame(pd.read_sas(path, format="xport", encoding="utf-8"))
    except Exception as error:
        # Readers of tables raise whatever their libraries do of a damaged file.
        reason = " ".join(str(error).split())[:150]
        raise InputError(f"{where}: {path.name} cannot be read: {reason}.") from error


def _points(curve: Curve, folder: Path, where: str) -> NDArray[np.float64]:
    """Return times and survival of a curve, shape (k, 2)."""
    if curve.file is None:
        return np.array(curve.points, dtype=float)
    table = _frame(folder / curve.file, where)
    if table.shape[1] < 2:
        raise InputError(
            f"{where}: {curve.file} needs two columns, times and survival."
        )
    numbers = [pd.to_numeric(table.iloc[:, k], errors="coerce") for k in (0, 1)]
    found = np.column_stack([one.to_numpy(dtype=float) for one in numbers])
    wrong = np.flatnonzero(~np.isfinite(found).all(axis=1))
    if wrong.size:
        raise InputError(
            f"{where}: {curve.file}, line {wrong[0] + 2}: time and survival must be "
            "numbers."
        )
    return found


def curve_times(
    curve: Curve, design: TrialDesign, folder: Path, where: str
) -> PatientTimes:
    """Rebuild the times of an arm from its digitized curve.

    Parameters
    ----------
    curve : Curve
        Points and numbers at risk.
    design : TrialDesign
        The trial.
    folder : Path
        Where its file lies.
    where : str
        Place of the curve, for errors.

    Raises
    ------
    InputError
        If the file cannot be read, the curve rises, or numbers at risk do not fit;
        names every fault.
    """
    points = _points(curve, folder, where)
    share = points[:, 1] / (100.0 if curve.percent else 1.0)
    risk = np.array(curve.at_risk, dtype=float)
    month = 1.0 / DAYS_PER_MONTH if curve.unit == "days" else 1.0
    if not curve.percent and share.size and 1.5 < share.max() <= 100.5:
        raise InputError(
            f"{where}: survival goes up to {share.max():g}; is it in percent? Then say "
            "percent: true."
        )
    try:
        found = rebuild(points[:, 0], share, risk[:, 0], risk[:, 1], curve.events)
    except OestraError as error:
        raise InputError(
            "\n".join(
                f"{where}: {one[:1].lower()}{one[1:]}"
                for one in str(error).splitlines()
            )
        ) from error
    return PatientTimes(
        of=str((curve.of or design.analysis.primary).value),
        arm=curve.arm,
        months=month * found.durations,
        event=found.event_observed,
        source="curve",
    )


def _columns(table: pd.DataFrame, where: str) -> tuple[pd.DataFrame, str]:
    """Return a table with names in capitals, and which column names the arm."""
    named = table.rename(columns={name: str(name).upper() for name in table.columns})
    absent = [name for name in _NEEDED if name not in named]
    if absent:
        raise InputError(
            f"{where}: the table has no column {absent[0]}; an ADTTE table has "
            f"{', '.join(_NEEDED)} and the arm in one of {', '.join(_ARMS)}."
        )
    for name in _ARMS:
        if name in named:
            return named, name
    raise InputError(
        f"{where}: the table has no column of arms; it may be one of "
        f"{', '.join(_ARMS)}."
    )


def _months(rows: pd.DataFrame, asked: str | None, where: str) -> NDArray[np.float64]:
    """Return the times of rows in months."""
    value = pd.to_numeric(rows["AVAL"], errors="coerce").to_numpy(dtype=float)
    if not np.isfinite(value).all() or (value < 0).any():
        raise InputError(f"{where}: AVAL must be finite times that are not negative.")
    if "AVALU" not in rows:
        if asked is None:
            raise InputError(
                f"{where}: the table has no column AVALU; say unit: days or months."
            )
        return value * _UNITS[asked.upper()]
    units = rows["AVALU"].astype(str).str.strip().str.upper()
    unknown = [one for one in units.unique() if one not in _UNITS]
    if unknown:
        raise InputError(
            f"{where}: AVALU {shown(unknown[0])} is no unit of time; known are "
            f"{', '.join(_UNITS)}."
        )
    return value * units.map(_UNITS).to_numpy(dtype=float)


def _arms(
    rows: pd.DataFrame, column: str, named: dict[str, str], design: TrialDesign,
    where: str,
) -> Iterator[tuple[str, NDArray[np.bool_]]]:  # fmt: skip
    """Yield each arm of the design that a table holds, and its rows."""
    words = rows[column].astype(str).str.strip()
    for arm in design.arms:
        asked = [named[arm.id]] if arm.id in named else [arm.id, arm.label]
        here = np.asarray(words.isin(asked))
        if here.any():
            yield arm.id, here
        elif arm.id in named:
            hint = nearest(named[arm.id], words.unique())
            raise InputError(
                f"{where}: no row has {column} {shown(named[arm.id])}"
                f"{f'; nearest is {hint!r}' if hint else ''}."
            )


def table_times(
    table: Patients, design: TrialDesign, folder: Path, where: str
) -> list[PatientTimes]:
    """Read times of patients from an ADTTE table.

    Parameters
    ----------
    table : Patients
        The file, and what it calls arms and times.
    design : TrialDesign
        The trial; times that it does not report are not read.
    folder : Path
        Where the file lies.
    where : str
        Place of the table, for errors.

    Raises
    ------
    InputError
        If the file cannot be read, or holds no time and arm of the design.
    """
    unknown = [name for name in table.arms if name not in design.arm_ids]
    if unknown:
        raise InputError(
            f"{where}: {design.id} has no arm {shown(unknown[0])}; it has "
            f"{', '.join(design.arm_ids)}."
        )
    whole, column = _columns(_frame(folder / table.file, where), where)
    codes = whole["PARAMCD"].astype(str).str.strip().str.upper()
    found: list[PatientTimes] = []
    for endpoint in design.endpoints:
        code = table.param.get(endpoint, endpoint.value).upper()
        rows = whole.loc[np.asarray(codes == code)]
        if rows.empty:
            continue
        censored = pd.to_numeric(rows["CNSR"], errors="coerce").to_numpy(dtype=float)
        if not np.isfinite(censored).all():
            raise InputError(f"{where}: CNSR must be numbers, 0 for an event.")
        months = _months(rows, table.unit, where)
        found += [
            PatientTimes(
                of=endpoint.value,
                arm=arm,
                months=months[here],
                event=censored[here] == 0,
                source="patients",
            )
            for arm, here in _arms(rows, column, table.arms, design, where)
        ]
    if not found:
        told = _known(codes.unique(), design)
        raise InputError(f"{where}: {table.file} holds no time of {design.id}; {told}.")
    return found


def _known(codes: Sequence[str], design: TrialDesign) -> str:
    """Say which times a table holds, and which are asked for."""
    asked = ", ".join(one.value.upper() for one in design.endpoints)
    arms = ", ".join(design.arm_ids)
    return (
        f"asked for are PARAMCD {asked} in arms {arms}, and it has PARAMCD "
        f"{', '.join(map(str, list(codes)[:6]))}"
    )
