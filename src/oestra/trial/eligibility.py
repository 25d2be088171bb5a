"""Who may enter: the criteria of a trial over the history of each patient."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.trial.candidates import entry_criteria
from oestra.trial.criterion import evaluate
from oestra.trial.design import TrialDesign

__all__ = ["Excluded", "Screening", "screen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """Candidates whose first unmet criterion is this one.

    Parameters
    ----------
    criterion : str
        Its text.
    rows : int
        Rows of the decisions table.
    percent : float
        Their share of all decisions in the population, by weight.
    """

    criterion: str
    rows: int
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """Result of screening the population.

    Parameters
    ----------
    rows : ndarray of int64, shape (m,)
        Eligible rows of the decisions table.
    screened : int
        Rows looked at.
    patients : int
        Simulated patients whose decisions they are.
    eligible_percent : float
        Share of all decisions in the population that is eligible, by weight.
    excluded : tuple of Excluded
        Who was excluded, by the first criterion not met.
    """

    rows: NDArray[np.int64]
    screened: int
    patients: int
    eligible_percent: float
    excluded: tuple[Excluded, ...]


def screen(design: TrialDesign, decisions: pd.DataFrame) -> Screening:
    """Find the enrollment opportunities that meet all criteria.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    decisions : DataFrame
        All enrollment opportunities of the population, as
        `oestra.trial.candidates.candidates` returns them; ``weight`` undoes that rare
        patients are drawn more often.

    Returns
    -------
    Screening
        Eligible rows and who was excluded why.

    Raises
    ------
    InputError
        If nobody is eligible; the message names the criteria that exclude the last.
    """
    share = decisions["weight"].to_numpy(dtype=float)
    percent = 100.0 * share / share.sum()
    # Who could not have lived so in the year of the trial was never there.
    eligible = share > 0
    screened = int(eligible.sum())
    excluded: list[Excluded] = []
    asked = entry_criteria(design, decisions.columns)
    for index, text in enumerate(asked):
        where = f"{design.id}, eligibility {index + 1}"
        met = evaluate(text, decisions, design.definitions, where=where)
        lost = eligible & ~met
        if lost.any():
            part = float(percent[lost].sum())
            excluded.append(
                Excluded(criterion=text, rows=int(lost.sum()), percent=part)
            )
        eligible &= met
        if not eligible.any():
            raise InputError(
                f"Nobody in the population is eligible for {design.id}: after "
                f"{text!r} (criterion {index + 1} of {len(asked)}) no one "
                "is left."
            )
    return Screening(
        rows=np.flatnonzero(eligible),
        screened=screened,
        patients=len(np.unique(decisions["patient"].to_numpy()[share > 0])),
        eligible_percent=float(percent[eligible].sum()),
        excluded=tuple(excluded),
    )
