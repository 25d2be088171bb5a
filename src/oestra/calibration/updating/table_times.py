"""Times of patients from a table in columns of ADTTE."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.calibration.updating.data_file import Patients
from oestra.calibration.updating.frame import (
    not_a_number,
    numbers,
    place_of,
    read_frame,
    words,
)
from oestra.calibration.updating.patient_times import (
    TOO_LATE,
    PatientTimes,
    too_many,
)
from oestra.core.errors import InputError, nearest, shown
from oestra.core.units import DAYS_PER_MONTH
from oestra.trial.analysis import TimeToEvent
from oestra.trial.design import TrialDesign

__all__ = ["table_times"]

_NEEDED = ("PARAMCD", "AVAL", "CNSR")
_ARMS = ("TRTP", "TRT01P", "TRTA", "TRT01A", "ARM", "ARMCD")
"""Columns that name the arm, the first of them that the table has."""
_ZERO = 1e-9
"""Below which a number of a SAS transport file is its 0."""
_PATIENTS = ("USUBJID", "SUBJID")
_CHOSEN = ("ANL01FL", "ITTFL")
"""Columns that say by Y which rows are analyzed."""
_TRIALS = ("REPLNUM", "REPLICATE")
"""Columns by which tables of virtual trials tell one from the other."""
_UNITS = {"DAYS": 1.0 / DAYS_PER_MONTH, "DAY": 1.0 / DAYS_PER_MONTH,
          "WEEKS": 7.0 / DAYS_PER_MONTH, "WEEK": 7.0 / DAYS_PER_MONTH,
          "MONTHS": 1.0, "MONTH": 1.0, "YEARS": 12.0, "YEAR": 12.0}  # fmt: skip
"""Months of the units that AVALU may name."""


def _columns(table: pd.DataFrame, where: str) -> tuple[pd.DataFrame, str]:
    """Return a table with names in capitals, and which column names the arm."""
    named = table.rename(
        columns={name: str(name).strip().upper() for name in table.columns}
    )
    twice = named.columns[named.columns.duplicated()]
    if len(twice):
        same = [str(one) for one in table.columns if str(one).upper() == twice[0]]
        raise InputError(
            f"{where}: the columns {' and '.join(map(shown, same))} differ in capitals "
            "only; keep one of them."
        )
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


def _refuse(
    rows: pd.DataFrame, column: str, wrong: NDArray[np.bool_], rule: str, where: str
) -> None:
    """Refuse what stands in a column where it is wrong, with the first such place."""
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        given = not_a_number(words(rows, column).iloc[at])
        raise InputError(f"{where}: {place_of(rows, at)}: {column} {rule}, {given}.")


def _censored(rows: pd.DataFrame, where: str) -> NDArray[np.bool_]:
    """Return which times are censored, by CNSR."""
    given = words(rows, "CNSR")
    marks = given.map({"True": "1", "False": "0"}).fillna(given)
    value = numbers(rows.assign(CNSR=marks), "CNSR")
    value = np.where(np.abs(value) < _ZERO, 0.0, value)
    _refuse(
        rows, "CNSR", ~((value >= 0) & (value == np.floor(value))),
        "must be a whole number, 0 for an event and 1 or more for a censored time",
        where,
    )  # fmt: skip
    return value > 0


def _months(rows: pd.DataFrame, asked: str | None, where: str) -> NDArray[np.float64]:
    """Return the times of rows in months."""
    value = numbers(rows, "AVAL")
    _refuse(
        rows, "AVAL", ~(np.isfinite(value) & (value >= 0)),
        "must be a finite time that is not negative", where,
    )  # fmt: skip
    units = words(rows, "AVALU").str.upper() if "AVALU" in rows else None
    if units is None or not (units != "").any():
        if asked is None:
            what = "no column AVALU" if units is None else "nothing in AVALU"
            raise InputError(
                f"{where}: the table has {what}; say unit: days or months."
            )
        return value * _UNITS[asked.upper()]
    unknown = np.asarray(~units.isin(list(_UNITS)))
    _refuse(
        rows, "AVALU", unknown,
        f"must be a unit of time, one of {', '.join(_UNITS)}", where,
    )  # fmt: skip
    other = [one for one in units if asked and _UNITS[one] != _UNITS[asked.upper()]]
    if other:
        raise InputError(
            f"{where}: unit {asked} contradicts AVALU {other[0]} of the table; leave "
            "unit out."
        )
    return value * np.array([_UNITS[one] for one in units])


def _arms(
    rows: pd.DataFrame, column: str, named: dict[str, str], design: TrialDesign,
    where: str,
) -> Iterator[tuple[str, NDArray[np.bool_]]]:  # fmt: skip
    """Yield each arm of the design that a table holds, and its rows."""
    given = words(rows, column)
    for arm in design.arms:
        asked = [named[arm.id].strip()] if arm.id in named else [arm.id, arm.label]
        here = np.asarray(given.isin(asked))
        if here.any():
            yield arm.id, here
        elif arm.id in named:
            hint = nearest(named[arm.id], [one for one in given.unique() if one])
            raise InputError(
                f"{where}: no row has {column} {shown(named[arm.id])}"
                f"{f'; nearest is {hint!r}' if hint else ''}."
            )


def _refuse_twice(rows: pd.DataFrame, code: str, where: str) -> None:
    """Refuse patients with two times of one kind."""
    name = next((one for one in _PATIENTS if one in rows), None)
    if name is None:
        return
    known = words(rows, name)
    twice = known[known.duplicated() & (known != "")]
    if not twice.empty:
        raise InputError(
            f"{where}: {name} {shown(twice.iloc[0])} has more than one row of "
            f"{code}; keep one a patient."
        )


def _refuse_unchosen(rows: pd.DataFrame, code: str, where: str) -> None:
    """Refuse rows that a flag of the table leaves out of the analysis."""
    for name in _CHOSEN:
        if name in rows:
            chosen = np.asarray(words(rows, name).str.upper() == "Y")
            if chosen.any() and not chosen.all():
                raise InputError(
                    f"{where}: {(~chosen).sum()} of {chosen.size} rows of {code} have "
                    f"no Y in {name}; keep the rows that are analyzed."
                )


def _refuse_others(
    rows: pd.DataFrame, column: str, arms: dict[str, NDArray[np.bool_]],
    design: TrialDesign, where: str,
) -> None:  # fmt: skip
    """Refuse rows of no arm, which would be left out in silence, or of two."""
    taken = sum((here.astype(int) for here in arms.values()), np.zeros(len(rows), int))
    given, names = words(rows, column), ", ".join(design.arm_ids)
    if (taken > 1).any():
        word = shown(given.iloc[int(np.argmax(taken > 1))])
        both = [arm for arm, here in arms.items() if here[np.argmax(taken > 1)]]
        raise InputError(
            f"{where}: {column} {word} is taken for {' and '.join(both)}; name both in "
            "arms, each by a word of its own."
        )
    left = given[taken == 0]
    if left.empty:
        return
    what = shown(left.iloc[0]) if left.iloc[0] else "left empty"
    raise InputError(
        f"{where}: {(left == left.iloc[0]).sum()} of {len(rows)} rows have {column} "
        f"{what}, which is no arm of {design.id}; it has {names}; name it in arms, or "
        "leave the rows out."
    )


def _refuse_many(
    arms: dict[str, NDArray[np.bool_]], code: str, design: TrialDesign, where: str
) -> None:
    """Refuse more patients than the arm has."""
    for arm in design.arms:
        count = int(arms[arm.id].sum()) if arm.id in arms else 0
        why = too_many(f"{count} rows of {code}", count, arm)
        if why:
            raise InputError(f"{where}: {why}.")


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
    _known_names(table, design, where)
    whole, column = _columns(read_frame(folder / table.file, where), where)
    if whole.empty:
        raise InputError(f"{where}: {table.file} has no rows.")
    _refuse_several(whole, where)
    codes = words(whole, "PARAMCD").str.upper()
    _refuse(whole, "PARAMCD", np.asarray(codes == ""), "says what a time is of", where)
    found: list[PatientTimes] = []
    for endpoint, code in _codes(table, design).items():
        rows = whole.loc[np.asarray(codes == code)]
        if rows.empty:
            continue
        censored = _censored(rows, where)
        _refuse_twice(rows, code, where)
        _refuse_unchosen(rows, code, where)
        months = _months(rows, table.unit, where)
        if months.max() > TOO_LATE * design.data_cut_months:
            raise InputError(
                f"{where}: AVAL of {code} goes up to {months.max():g} months, and "
                f"{design.id} is cut at {design.data_cut_months:g}; is it in days?"
            )
        arms = dict(_arms(rows, column, table.arms, design, where))
        _refuse_others(rows, column, arms, design, where)
        _refuse_many(arms, code, design, where)
        found += [
            PatientTimes(
                of=endpoint.value,
                arm=arm,
                months=months[here],
                event=~censored[here],
                source="patients",
            )
            for arm, here in arms.items()
        ]
    if found:
        found[0] = replace(found[0], told=_unread(codes, table, design))
    else:
        told = _known(codes.unique(), table, design)
        raise InputError(f"{where}: {table.file} holds no time of {design.id}; {told}.")
    return found


def _known_names(table: Patients, design: TrialDesign, where: str) -> None:
    """Refuse arms and times that the trial does not have."""
    unknown = [name for name in table.arms if name not in design.arm_ids]
    if unknown:
        raise InputError(
            f"{where}: {design.id} has no arm {shown(unknown[0])}; it has "
            f"{', '.join(design.arm_ids)}."
        )
    idle = [one.value for one in table.param if one not in design.endpoints]
    if idle:
        reports = ", ".join(one.value for one in design.endpoints)
        raise InputError(
            f"{where}: param names {idle[0]}, which {design.id} does not report; it "
            f"reports {reports}."
        )


def _codes(table: Patients, design: TrialDesign) -> dict[TimeToEvent, str]:
    """Return what the table calls each time of the design in PARAMCD."""
    return {
        one: table.param.get(one, one.value).strip().upper() for one in design.endpoints
    }


def _unread(codes: pd.Series, table: Patients, design: TrialDesign) -> tuple[str, ...]:
    """Tell of rows of other times."""
    left = codes[~codes.isin(list(_codes(table, design).values()))]
    return tuple(
        f"{table.file}: {count} row{'s' * (count > 1)} of PARAMCD {code} are no time "
        f"that {design.id} reports, and are not read"
        for code, count in left.value_counts(sort=False).items()
    )


def _known(codes: Sequence[str], table: Patients, design: TrialDesign) -> str:
    """Say which times a table holds, and which are asked for."""
    asked = ", ".join(_codes(table, design).values())
    return (
        f"asked for is PARAMCD {asked}, and it has PARAMCD "
        f"{', '.join(map(str, list(codes)[:6]))}"
    )
