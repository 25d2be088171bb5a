"""The population as a trial meets it: who could enroll, and how well each is.

Histories hold what was done and what the tumor is; performance status and life
expectancy follow from them when somebody is screened, and only for those who meet all
other criteria, as it is in practice.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.follow.performance import performance
from oestra.history.cohort import Cohort
from oestra.trial.assay import assays_asked, with_assays
from oestra.trial.assumption import Assumptions, assumptions
from oestra.trial.criteria import rules_of
from oestra.trial.criterion import evaluate, names_in
from oestra.trial.design import TrialDesign
from oestra.trial.design_criteria import criteria_of
from oestra.trial.measurable import measurable
from oestra.trial.menopausal import asks_for_menopause
from oestra.trial.ovaries import with_menopause
from oestra.trial.practice_year import in_year, practice_year
from oestra.trial.treated import Population

__all__ = ["FITNESS", "FIT_BY_DEFAULT", "candidates", "entry_criteria"]

FIT_BY_DEFAULT = {
    "ecog": "ecog <= 2",
    "life_expectancy_months": "life_expectancy_months >= 3",
}
"""Criteria of a trial whose file says nothing of them, by the column each is about.

Assumed: protocols of the era ask for a performance status of 0 to 2 and a life
expectancy of three months or so.
"""
FITNESS = tuple(FIT_BY_DEFAULT)
"""Columns of how well a patient is."""


def _speaks_of(text: str, design: TrialDesign) -> frozenset[str]:
    """Return the columns of fitness a criterion names, through definitions too."""
    found, ahead = set[str](), [text]
    while ahead:
        new = names_in(ahead.pop()) - found
        found |= new
        ahead += [design.definitions[name] for name in new & set(design.definitions)]
    return frozenset(found & set(FITNESS))


def entry_criteria(design: TrialDesign, columns: pd.Index) -> tuple[str, ...]:
    """Return the criteria everybody must meet, in the order of screening.

    Those about performance status and life expectancy come last, and where the trial
    has none they are `FIT_BY_DEFAULT`.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    columns : Index
        Columns of the population; what it does not tell is not asked by default.

    Returns
    -------
    tuple of str
        Criteria.
    """
    about = {text: _speaks_of(text, design) for text in design.eligibility}
    said = frozenset().union(*about.values())
    return (
        *(text for text in design.eligibility if not about[text]),
        *(text for text in design.eligibility if about[text]),
        *(
            text
            for name, text in FIT_BY_DEFAULT.items()
            if name not in said and name in columns
        ),
    )


def _otherwise_eligible(
    design: TrialDesign, decisions: pd.DataFrame
) -> NDArray[np.int64]:
    met = decisions["weight"].to_numpy(dtype=float) > 0
    for text in design.eligibility:
        if not _speaks_of(text, design):
            met &= evaluate(text, decisions, design.definitions)
    return np.flatnonzero(met)


def _by_its_criteria(
    design: TrialDesign, pool: Cohort, decisions: pd.DataFrame
) -> pd.DataFrame:
    """Return decisions with disease measurable by the criteria of a trial, if asked."""
    if not any("measurable" in names_in(text) for text in criteria_of(design)):
        return decisions
    found = measurable(pool, decisions, rules_of(design.criteria))
    return decisions.assign(measurable=found)


def candidates(
    design: TrialDesign, pool: Population, known: Assumptions | None = None
) -> pd.DataFrame:
    """Return the enrollment opportunities of a population for a trial.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    pool : Population
        The population.
    known : Assumptions, optional
        Conduct beyond the protocol, such as of assays; the shipped one by default.

    Returns
    -------
    DataFrame
        Its decisions, weighted to practice in the year of the trial, with disease
        measurable by the trial's criteria, and menopausal
        status and assays where the trial asks for them; performance status and life
        expectancy are missing where another criterion is not met. A population that is
        not of the model tells what it tells.
    """
    decisions = pool.decisions
    if not isinstance(pool, Cohort):
        return decisions
    decisions = decisions.assign(weight=in_year(decisions, practice_year(design)))
    decisions = _by_its_criteria(design, pool, decisions)
    if asks_for_menopause(design):
        decisions = with_menopause(decisions, pool)
    decisions = with_assays(
        decisions, pool, assays_asked(design), known or assumptions()
    )
    rows = _otherwise_eligible(design, decisions)
    told = dict(zip(FITNESS, performance(pool, rows), strict=True))
    columns = {name: np.full(len(decisions), np.nan) for name in told}
    for name, values in told.items():
        columns[name][rows] = values
    return decisions.assign(**columns)
