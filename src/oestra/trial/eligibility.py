"""Who may enter: the criteria of a trial over the history of each patient."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.trial.criterion import evaluate
from oestra.trial.design import TrialDesign

__all__ = ["Screening", "screen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """Result of screening the population.

    Parameters
    ----------
    rows : ndarray of int64, shape (m,)
        Eligible rows of the moments table.
    screened : int
        Rows looked at.
    excluded : tuple of (str, int)
        Rows excluded, by the first criterion they failed.
    """

    rows: NDArray[np.int64]
    screened: int
    excluded: tuple[tuple[str, int], ...]


def screen(design: TrialDesign, moments: pd.DataFrame) -> Screening:
    """Find the enrollment opportunities that meet all criteria.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    moments : DataFrame
        All enrollment opportunities of the population.

    Returns
    -------
    Screening
        Eligible rows and who was excluded why.

    Raises
    ------
    InputError
        If nobody is eligible; the message names the criteria that exclude the last.
    """
    eligible = np.ones(len(moments), dtype=bool)
    excluded: list[tuple[str, int]] = []
    for index, text in enumerate(design.eligibility):
        where = f"{design.id}, eligibility {index + 1}"
        met = evaluate(text, moments, design.definitions, where=where)
        lost = int((eligible & ~met).sum())
        if lost:
            excluded.append((text, lost))
        eligible &= met
        if not eligible.any():
            raise InputError(
                f"Nobody in the population is eligible for {design.id}: after "
                f"{text!r} (criterion {index + 1} of {len(design.eligibility)}) no one "
                "is left."
            )
    return Screening(
        rows=np.flatnonzero(eligible), screened=len(moments), excluded=tuple(excluded)
    )
