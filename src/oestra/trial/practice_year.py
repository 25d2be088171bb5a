"""The year of a trial, and what each decision of the pool counts in it."""

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.history.by_year import ByYear
from oestra.history.era import ERAS, era_columns
from oestra.history.therapies import Therapy, practice
from oestra.trial.decision_columns import PARTNERS
from oestra.trial.design import TrialDesign
from oestra.trial.design_criteria import criteria_of

__all__ = ["YEAR_BY_DEFAULT", "in_year", "practice_year"]

YEAR_BY_DEFAULT = 2012.0
"""Year of a trial that names none, the years of the review; assumed."""


def _first_given(therapy: Therapy) -> float:
    """Return the first year for which practice has odds of a therapy."""
    told = [odds for odds in therapy.odds if odds is not None]
    years = [
        [year for year, value in odds.years.items() if value > 0]
        if isinstance(odds, ByYear)
        else [-np.inf]
        for odds in told
    ]
    return min((year for each in years for year in each), default=np.inf)


@cache
def _since(partner: str) -> float:
    """Return the first era in which patients had been given a partner."""
    given = [one for one in practice().therapies if one.partner == partner]
    first = min(_first_given(one) for one in given)
    return float(next(era for era in ERAS if era >= first))


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
    asked = [_since(name) for name in PARTNERS if name in text]
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
