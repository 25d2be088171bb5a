"""The data of a trial as they stood on a day: one rule for looks and final analysis.

References
----------
.. [1] FDA (2018). Clinical trial endpoints for the approval of cancer drugs and
   biologics: guidance for industry. Without an event, progression-free survival is
   censored at the last adequate assessment, not at the day of the analysis.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.trial.assess import Assessment
from oestra.trial.recist import Code

__all__ = ["SCANS", "cut", "cut_table", "scan_days"]

SCANS = "scan_days"
"""Column of a table of patients: the days of each one's adequate scans."""


def cut(
    day: NDArray[np.float64],
    event: NDArray[np.bool_],
    scans: NDArray[np.float64] | None,
    cut_day: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return times to an event as they were known on a day.

    An event after that day is not yet known. Who has no event is censored at her last
    adequate scan up to that day, and at day 0 before the first.

    Parameters
    ----------
    day : ndarray of float64, shape (n,)
        Time to event or censoring, from randomization, when all is known.
    event : ndarray of bool, shape (n,)
        Whether it is an event.
    scans : ndarray of float64, shape (n, v), or None
        Days of adequate scans, inf where there is none; None for what is known on every
        day, such as death, so that patients are censored at the cut.
    cut_day : ndarray of float64, shape (n,)
        The day, from each patient's randomization.

    Returns
    -------
    tuple of ndarray
        Time and event of each patient on that day.
    """
    known = day <= cut_day
    if scans is None:
        return np.where(known, day, cut_day), event & known
    last = np.where(scans <= cut_day[:, None], scans, 0.0).max(axis=1, initial=0.0)
    return np.where(known, day, np.minimum(last, day)), event & known


def scan_days(assessment: Assessment) -> NDArray[np.object_]:
    """Return the days of each patient's adequate scans, for the column of a table.

    Parameters
    ----------
    assessment : Assessment
        Her visits; those not evaluable are no adequate scans.

    Returns
    -------
    ndarray of object, shape (n,)
        An ascending array of days for each patient.
    """
    found = np.empty(assessment.response.shape[0], dtype=object)
    for row, (code, day) in enumerate(
        zip(assessment.response, assessment.schedule.day, strict=True)
    ):
        found[row] = day[code != Code.NE]
    return found


def _scans(table: pd.DataFrame) -> NDArray[np.float64]:
    """Return days of scans, padded with inf, shape (n, v)."""
    each = [np.asarray(one, dtype=np.float64) for one in table[SCANS]]
    padded = np.full((len(each), max((one.size for one in each), default=0)), np.inf)
    for row, days in zip(padded, each, strict=True):
        row[: days.size] = days
    return padded


def cut_table(table: pd.DataFrame, calendar_day: float, endpoint: str) -> pd.DataFrame:
    """Return the patients of a trial as they stood on a day of the trial.

    Parameters
    ----------
    table : DataFrame
        Patients, as `conduct` returns them: ``entry_day``, the day and event of the
        endpoint, and ``scan_days``. Without ``scan_days`` patients are watched on every
        day and censored at the cut, as in overall survival.
    calendar_day : float
        Day since the first patient entered.
    endpoint : str
        ``pfs``, ``ttp`` or ``os``.

    Returns
    -------
    DataFrame
        Those who had entered, with the time and event of the endpoint on that day.
    """
    inside = table.loc[table["entry_day"] < calendar_day].copy()
    scanned = endpoint != "os" and SCANS in inside
    time, event = cut(
        inside[f"{endpoint}_day"].to_numpy(dtype=np.float64),
        inside[f"{endpoint}_event"].to_numpy(dtype=bool),
        _scans(inside) if scanned else None,
        calendar_day - inside["entry_day"].to_numpy(dtype=np.float64),
    )
    inside[f"{endpoint}_day"], inside[f"{endpoint}_event"] = time, event
    return inside
