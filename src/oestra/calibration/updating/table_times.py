"""Times of patients from a table in columns of ADTTE."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.calibration.updating.data_file import Patients
from oestra.calibration.updating.frame import numbers, read_frame
from oestra.calibration.updating.patient_times import TOO_LATE, PatientTimes
from oestra.core.errors import InputError, nearest, shown
from oestra.core.units import DAYS_PER_MONTH
from oestra.trial.design import TrialDesign

__all__ = ["table_times"]

_NEEDED = ("PARAMCD", "AVAL", "CNSR")
_ARMS = ("TRTP", "TRT01P", "TRTA", "TRT01A", "ARM", "ARMCD")
"""Columns that name the arm, the first of them that the table has."""
_ZERO = 1e-9
"""Below which a number of a SAS transport file is its 0."""
_PATIENTS = ("USUBJID", "SUBJID")
_TRIALS = ("REPLNUM", "REPLICATE")
"""Columns by which tables of virtual trials tell one from the other."""
_UNITS = {"DAYS": 1.0 / DAYS_PER_MONTH, "DAY": 1.0 / DAYS_PER_MONTH,
          "WEEKS": 7.0 / DAYS_PER_MONTH, "WEEK": 7.0 / DAYS_PER_MONTH,
          "MONTHS": 1.0, "MONTH": 1.0, "YEARS": 12.0, "YEAR": 12.0}  # fmt: skip
"""Months of the units that AVALU may name."""


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
    value = numbers(rows, "AVAL")
    if not np.isfinite(value).all() or (value < 0).any():
        raise InputError(f"{where}: AVAL must be finite times that are not negative.")
    if "AVALU" not in rows:
        if asked is None:
            raise InputError(
                f"{where}: the table has no column AVALU; say unit: days or months."
            )
        return value * _UNITS[asked.upper()]
    units = [str(one).strip().upper() for one in rows["AVALU"]]
    other = [one for one in units if one in _UNITS and asked is not None
             and _UNITS[one] != _UNITS[asked.upper()]]  # fmt: skip
    if other:
        raise InputError(
            f"{where}: unit {asked} contradicts AVALU {other[0]} of the table; leave "
            "unit out."
        )
    unknown = [one for one in units if one not in _UNITS]
    if unknown:
        raise InputError(
            f"{where}: AVALU {shown(unknown[0])} is no unit of time; known are "
            f"{', '.join(_UNITS)}."
        )
    return value * np.array([_UNITS[one] for one in units])


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


def _refuse_twice(rows: pd.DataFrame, code: str, where: str) -> None:
    """Refuse patients with two times of one kind."""
    name = next((one for one in _PATIENTS if one in rows), None)
    if name is None:
        return
    known = rows[name].dropna().astype(str).str.strip()
    twice = known[known.duplicated() & (known != "")]
    if not twice.empty:
        raise InputError(
            f"{where}: {name} {shown(twice.iloc[0])} has more than one row of "
            f"{code}; keep one a patient."
        )


def _refuse_others(
    rows: pd.DataFrame, column: str, taken: NDArray[np.bool_], design: TrialDesign,
    where: str,
) -> None:  # fmt: skip
    """Refuse rows of no arm, which would be left out in silence."""
    left = rows.loc[~taken, column].astype(str).str.strip()
    if not taken.any() or left.empty:
        return
    raise InputError(
        f"{where}: {left.size} rows have {column} {shown(left.iloc[0])}, which is no "
        f"arm of {design.id}; it has {', '.join(design.arm_ids)}; name it in arms, or "
        "leave the rows out."
    )


def _refuse_several(table: pd.DataFrame, where: str) -> None:
    """Refuse a table of several virtual trials, whose patients are not one trial's."""
    for name in _TRIALS:
        count = table[name].nunique() if name in table else 1
        if count > 1:
            raise InputError(
                f"{where}: the table holds {count} virtual trials by {name}; keep the "
                "rows of one."
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
    whole, column = _columns(read_frame(folder / table.file, where), where)
    _refuse_several(whole, where)
    codes = whole["PARAMCD"].astype(str).str.strip().str.upper()
    found: list[PatientTimes] = []
    for endpoint in design.endpoints:
        code = table.param.get(endpoint, endpoint.value).upper()
        rows = whole.loc[np.asarray(codes == code)]
        if rows.empty:
            continue
        censored = numbers(rows, "CNSR")
        if not np.isfinite(censored).all():
            raise InputError(f"{where}: CNSR must be numbers, 0 for an event.")
        _refuse_twice(rows, code, where)
        months = _months(rows, table.unit, where)
        if months.max() > TOO_LATE * design.data_cut_months:
            raise InputError(
                f"{where}: AVAL of {code} goes up to {months.max():g} months, and "
                f"{design.id} is cut at {design.data_cut_months:g}; is it in days?"
            )
        arms = list(_arms(rows, column, table.arms, design, where))
        taken = np.zeros(len(rows), dtype=bool)
        for _, here in arms:
            taken |= here
        _refuse_others(rows, column, taken, design, where)
        found += [
            PatientTimes(
                of=endpoint.value,
                arm=arm,
                months=months[here],
                event=np.abs(censored[here]) < _ZERO,
                source="patients",
            )
            for arm, here in arms
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
