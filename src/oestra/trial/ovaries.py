"""Who of a pool is before menopause, where a trial asks, and what her ovaries make."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.history.cohort import Cohort
from oestra.patients.menopause import ovarian_estradiol, premenopausal
from oestra.trial.menopausal import AFTER, BEFORE, COLUMN

__all__ = ["ovaries_of", "with_menopause"]


def with_menopause(decisions: pd.DataFrame, pool: Cohort) -> pd.DataFrame:
    """Return enrollment opportunities with the menopausal status of each.

    Parameters
    ----------
    decisions : DataFrame
        Those of the pool.
    pool : Cohort
        The pool.
    """
    before = premenopausal(
        decisions["patient"].to_numpy(), decisions["age_years"].to_numpy(), pool.streams
    )
    return decisions.assign(**{COLUMN: np.where(before, BEFORE, AFTER)})


def ovaries_of(decisions: pd.DataFrame, pool: object) -> NDArray[np.float64] | None:
    """Return the estradiol in plasma that ovaries make.

    Parameters
    ----------
    decisions : DataFrame, n rows
        Enrollment opportunities as a trial sees them.
    pool : object
        The pool.

    Returns
    -------
    ndarray, shape (n,), or None
        Without suppression, nM, 0 after menopause; None where a trial does not ask,
        or the pool is not of the model.
    """
    if COLUMN not in decisions or not isinstance(pool, Cohort):
        return None
    before = (decisions[COLUMN] == BEFORE).to_numpy()
    made = ovarian_estradiol(decisions["patient"].to_numpy(), pool.streams)
    return np.where(before, made, 0.0)
