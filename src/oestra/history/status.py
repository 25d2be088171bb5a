"""What is known of patients while their lives are simulated."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.units import DAYS_PER_MONTH
from oestra.history.decision import Decisions
from oestra.history.therapies import Practice

__all__ = ["DECISION_LINES", "YEARS_FOLLOWED", "PatientStatus"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
DECISION_LINES = 3
"""Progression on this line is the last moment that is kept."""
YEARS_FOLLOWED = 20
"""Who has not relapsed after so long is followed no further."""


@dataclass(slots=True)
class PatientStatus:
    """What is known of n patients while they are simulated.

    Parameters
    ----------
    c : DataFrame, n rows
        Traits.
    day : ndarray, shape (n,)
        Days since diagnosis.
    therapy, adjuvant : ndarray of int, shape (n,)
        Last metastatic and adjuvant therapy, as positions in
        `oestra.history.therapies.Practice`.
    adjuvant_end : ndarray, shape (n,)
        Day on which adjuvant therapy ends.
    line : ndarray of int, shape (n,)
        Metastatic lines begun so far.
    line_start, relapse_day : ndarray, shape (n,)
        Day on which the line began, and of the relapse, nan before it.
    detect, nadir : ndarray, shape (n,)
        Log cell numbers at which disease is found, and the least of this line.
    new_lesion, mistaken : ndarray, shape (n, lines)
        Hazard left until a new lesion, and until progression is called by mistake.
    practice : Practice
        Therapies by code.
    had : ndarray of bool, shape (n, therapies)
        Which therapies were given for metastatic disease.
    last_days : ndarray, shape (n,)
        Days that the last line has lasted.
    active : ndarray of bool, shape (n,)
        Who is still followed.
    decisions : list of Decisions
        Decision points so far.
    """

    c: pd.DataFrame
    day: Array
    therapy: Rows
    adjuvant: Rows
    adjuvant_end: Array
    line: Rows
    line_start: Array
    relapse_day: Array
    detect: Array
    nadir: Array
    new_lesion: Array
    mistaken: Array
    practice: Practice
    had: NDArray[np.bool_]
    last_days: Array
    active: NDArray[np.bool_]
    decisions: list[Decisions] = field(default_factory=list)

    def facts(self, rows: Rows) -> dict[str, NDArray[Any]]:
        """Return the history of some patients up to now, shape (k,) each."""
        end, relapse = self.adjuvant_end[rows], self.relapse_day[rows]
        adjuvant = self.adjuvant[rows]
        line = self.line[rows]
        de_novo = self.c["de_novo_stage_iv"].to_numpy(dtype=bool)[rows]
        none = adjuvant == 0
        with np.errstate(invalid="ignore"):
            since = np.where(none, np.nan, np.maximum(relapse - end, 0.0))
        first = np.where(none, "none", "adjuvant")
        last = np.where(line > 0, self.therapy[rows], adjuvant)
        return {
            "setting": np.where(
                line > 0, "progression", np.where(de_novo, "de_novo", "relapse")
            ),
            "disease_free_months": np.where(de_novo, 0.0, relapse) / DAYS_PER_MONTH,
            "adjuvant_code": adjuvant,
            "adjuvant_months": np.minimum(end, np.nan_to_num(relapse)) / DAYS_PER_MONTH,
            "months_since_adjuvant": since / DAYS_PER_MONTH,
            "prior_lines": line,
            "last_code": last,
            "last_therapy_setting": np.where(line > 0, "metastatic", first),
            "last_therapy_months": np.where(
                line > 0, self.last_days[rows], np.minimum(end, np.nan_to_num(relapse))
            )
            / DAYS_PER_MONTH,
            "months_since_last_therapy": np.where(
                line > 0, 0.0, since / DAYS_PER_MONTH
            ),
            "last_therapy_benefit": (line > 0) & (self.last_days[rows] >= 168.0),
            **{
                f"prior_{name}": self._had_class(rows, name)
                for name in ("tamoxifen", "nonsteroidal_ai", "fulvestrant")
            },
        }

    def _had_class(self, rows: Rows, name: str) -> NDArray[np.bool_]:
        """Tell who took a therapy of a class, adjuvant or later, shape (k,)."""
        codes = np.array(self.practice.of_class(name), dtype=np.int64)
        later = self.had[rows][:, codes].any(axis=1)
        return later | np.isin(self.adjuvant[rows], codes)
