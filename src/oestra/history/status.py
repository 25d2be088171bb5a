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
    days_on : ndarray, shape (n, therapies)
        Days on each therapy for metastatic disease, the current line aside.
    last_days : ndarray, shape (n,)
        Days that the last line has lasted.
    first_year : ndarray, shape (n,)
        Calendar year in which metastatic therapy began, nan before it.
    log_drawn : ndarray, shape (n, first years)
        Log chance of the life so far, by the first year that it may have had.
    choice_day, choice_code : ndarray, shape (n, lines)
        Day and therapy of each choice of a line.
    choice_barred : ndarray of bool, shape (n, lines, therapies)
        What was barred then.
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
    days_on: Array
    last_days: Array
    first_year: Array
    log_drawn: Array
    choice_day: Array
    choice_code: Rows
    choice_barred: NDArray[np.bool_]
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
            "last_partner_code": np.where(line > 0, self.therapy[rows], 0),
            **self._by_class(rows),
        }

    def _by_class(self, rows: Rows) -> dict[str, NDArray[Any]]:
        """Tell who took each class, adjuvant or later, and for how many months."""
        adjuvant = self.adjuvant[rows]
        first = np.minimum(
            self.adjuvant_end[rows], np.nan_to_num(self.relapse_day[rows])
        )
        found: dict[str, NDArray[Any]] = {}
        for name in self.practice.every_class:
            codes = np.array(self.practice.of_class(name), dtype=np.int64)
            before = np.isin(adjuvant, codes)
            later = self.had[rows][:, codes].any(axis=1)
            days = self.days_on[rows][:, codes].sum(axis=1)
            found[f"prior_{name}"] = later | before
            found[f"{name}_months"] = (
                days + np.where(before, first, 0.0)
            ) / DAYS_PER_MONTH
        return found

    def barred(self, rows: Rows) -> NDArray[np.bool_]:
        """Tell which therapies failed or share a class with one, (k, therapies)."""
        return (self.had[rows].astype(np.int64) @ self.practice.alike) > 0
