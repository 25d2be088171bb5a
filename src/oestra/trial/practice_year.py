"""The year of a trial, and what each decision of the pool counts in it."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.history.era import ERAS, era_columns
from oestra.trial.decision_columns import PARTNERS
from oestra.trial.design import TrialDesign
from oestra.trial.design_criteria import criteria_of

__all__ = ["YEAR_BY_DEFAULT", "in_year", "practice_year"]

YEAR_BY_DEFAULT = 2012.0
"""Year of a trial that names none, the years of the review; assumed."""
_SINCE = {
    "anti_her2": 2006.0,
    "mtor_inhibitor": 2018.0,
    "cdk46_inhibitor": 2018.0,
    "pi3k_inhibitor": 2023.0,
}
"""First era in which patients had been given each partner for some years."""


def practice_year(design: TrialDesign) -> float:
    """Return the calendar year whose practice a trial meets.

    Parameters
    ----------
    design : TrialDesign
        The trial.

    Returns
    -------
    float
        The year that it names; else `YEAR_BY_DEFAULT`, or the first later era whose
        histories hold the classes that its criteria speak of.
    """
    if design.year is not None:
        return design.year
    text = " ".join(criteria_of(design))
    asked = [_SINCE[name] for name in PARTNERS if name in text]
    return max([YEAR_BY_DEFAULT, *asked])


def in_year(decisions: pd.DataFrame, year: float) -> NDArray[np.float64]:
    """Return what each decision of a pool counts in a year.

    Parameters
    ----------
    decisions : DataFrame, m rows
        Enrollment opportunities.
    year : float
        Calendar year; between two eras both count, outside all the nearest.

    Returns
    -------
    ndarray, shape (m,)
        Weights; those of the pool where it knows no eras.
    """
    weight = decisions["weight"].to_numpy(dtype=float)
    if not set(era_columns()) <= set(decisions.columns):
        return weight
    share = np.array([np.interp(year, ERAS, unit) for unit in np.eye(len(ERAS))])
    eras = decisions[list(era_columns())].to_numpy(dtype=float)
    return weight * np.sum(eras * share, axis=1)
