"""What patients had been given, by year and number of lines: practice at a glance."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from oestra.history.cohort import Cohort
from oestra.history.era import ERAS
from oestra.history.status import DECISION_LINES
from oestra.history.therapies import practice
from oestra.trial.case_mix import effective_sample_size
from oestra.trial.practice_year import in_year

__all__ = ["Given", "practice_sheet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Patients of a year who choose a line.

    Parameters
    ----------
    year : int
        Calendar year.
    lines : int
        Lines for metastases that they had before.
    effective_size : float
        Effective number of decisions of the pool that tell of them.
    percent : dict of str to float
        Who had each class before, adjuvant therapy too, and chemotherapy.
    """

    year: int
    lines: int
    effective_size: float
    percent: dict[str, float]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {name: getattr(self, name) for name in self.__slots__}


def practice_sheet(cohort: Cohort) -> list[Given]:
    """Tell what patients had been given, in each era and before each line.

    Parameters
    ----------
    cohort : Cohort
        The pool.

    Returns
    -------
    list of Given
        By year, and by lines within it.
    """
    classes = practice(cohort.parameters.library).every_class
    metastatic = cohort.decisions.query("setting != 'primary'")
    found: list[Given] = []
    for year in ERAS:
        table = metastatic.assign(weight=in_year(metastatic, float(year)))
        for lines in range(DECISION_LINES + 1):
            here = table["prior_lines"].to_numpy() == lines
            found.append(_given(year, lines, table.loc[here], classes))
    return found


def _given(
    year: int, lines: int, here: pd.DataFrame, classes: tuple[str, ...]
) -> Given:
    weight = here["weight"].to_numpy(dtype=float)
    marks = {name: here[f"prior_{name}"] for name in classes}
    marks["chemotherapy"] = here["prior_chemotherapy_lines"] > 0
    total = float(weight.sum())
    return Given(
        year=year,
        lines=lines,
        effective_size=effective_sample_size(weight),
        percent={
            name: 100.0 * float(np.sum(weight * mark)) / total if total > 0 else 0.0
            for name, mark in marks.items()
        },
    )
