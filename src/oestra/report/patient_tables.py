"""Patients of the first replicate, from the tables of a trial's folder, for figures."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.units import DAYS_PER_MONTH
from oestra.report.canvas import literal
from oestra.report.spider import Lines
from oestra.report.swimmer import Lanes
from oestra.trial.design import TrialDesign

__all__ = ["lanes_of", "lines_of"]

_FIRST = [("REPLNUM", "==", 0)]


def _read(folder: Path, name: str, columns: list[str]) -> pd.DataFrame:
    wanted = ["USUBJID", "REPLNUM", *columns]
    return pd.read_parquet(folder / f"{name}.parquet", columns=wanted, filters=_FIRST)


def _months(day: pd.Series) -> NDArray[np.float64]:
    """Return months from randomization of study days, which begin with 1."""
    return (day.to_numpy(dtype=float, na_value=np.nan) - 1.0) / DAYS_PER_MONTH


def _first(rows: pd.DataFrame, patients: pd.Series) -> NDArray[np.float64]:
    """Return the first day of some rows, by patient, in months; nan for none."""
    first = pd.Series(rows.groupby("USUBJID")["ADY"].min())
    return _months(first.reindex(patients))


def lanes_of(folder: Path, design: TrialDesign) -> list[Lanes]:
    """Return the patients of each arm as a swimmer plot shows them.

    Parameters
    ----------
    folder : Path
        Where ``adsl`` and ``adrs`` were written.
    design : TrialDesign
        The trial.

    Returns
    -------
    list of Lanes
        Of the first replicate, arm by arm; death as far as the tables know of it.
    """
    told = ["ARMCD", "RANDDT", "TRTEDY", "EOTSTT", "DCTREAS", "DTHDT"]
    subjects = _read(folder, "adsl", told)
    scans = _read(folder, "adrs", ["PARAMCD", "AVALC", "ADY"])
    scans = scans.loc[scans["PARAMCD"] == "OVRLRESP"]
    responded = scans.loc[scans["AVALC"].isin(["CR", "PR"])]
    progressed = scans.loc[scans["AVALC"] == "PD"]
    found: list[Lanes] = []
    for arm in design.arms:
        mine = subjects.loc[subjects["ARMCD"] == arm.id]
        ended = _months(mine["TRTEDY"])
        why = mine["DCTREAS"]
        harmed = (why == "ADVERSE EVENT").to_numpy(dtype=bool)
        left = (why == "WITHDRAWAL BY SUBJECT").to_numpy(dtype=bool)
        ongoing = (mine["EOTSTT"] == "ONGOING").to_numpy(dtype=bool)
        died = pd.to_datetime(mine["DTHDT"]) - pd.to_datetime(mine["RANDDT"])
        found.append(
            Lanes(
                label=literal(arm.label),
                treated=ended,
                marks={
                    "response": _first(responded, mine["USUBJID"]),
                    "progression": _first(progressed, mine["USUBJID"]),
                    "stopped for harm": np.where(harmed, ended, np.nan),
                    "left the study": np.where(left, ended, np.nan),
                    "death": died.dt.days.to_numpy(dtype=float) / DAYS_PER_MONTH,
                    "on treatment": np.where(ongoing, ended, np.nan),
                },
            )
        )
    return found


def lines_of(folder: Path, design: TrialDesign) -> list[Lines]:
    """Return the sums of target lesions of each arm as a spider plot shows them.

    Parameters
    ----------
    folder : Path
        Where ``adrs`` and ``adtr`` were written.
    design : TrialDesign
        The trial.

    Returns
    -------
    list of Lines
        Patients of the first replicate with target lesions and a later scan.
    """
    sums = _read(folder, "adtr", ["TRTPN", "TRLNKID", "PCHG", "ADY", "AVISITN"])
    sums = sums.loc[(sums["TRLNKID"].fillna("") == "")]
    sums = sums.sort_values(["USUBJID", "AVISITN"], kind="stable")
    best = _read(folder, "adrs", ["PARAMCD", "AVALC"])
    best = best.loc[best["PARAMCD"] == "BOR"].set_index("USUBJID")["AVALC"]
    found: list[Lines] = []
    for number, arm in enumerate(design.arms, start=1):
        months: list[NDArray[np.float64]] = []
        percent: list[NDArray[np.float64]] = []
        response: list[str] = []
        mine = sums.loc[sums["TRTPN"] == number]
        for patient, rows in mine.groupby("USUBJID", sort=True):
            if len(rows) < 2:
                continue
            change = rows["PCHG"].to_numpy(dtype=float, na_value=np.nan)
            months.append(np.maximum(_months(rows["ADY"]), 0.0))
            percent.append(np.where(rows["AVISITN"] == 0, 0.0, change))
            response.append(str(best.get(patient, "NE")))
        found.append(
            Lines(
                label=literal(arm.label),
                months=tuple(months),
                percent=tuple(percent),
                response=tuple(response),
            )
        )
    return found
