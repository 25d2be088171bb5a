"""How well a patient is when a therapy is to be chosen: ECOG status, life expectancy.

Both follow from what she is at that moment: burden, pace, symptoms, sites and age, with
one draw of chance a decision. Nothing looks at what a therapy would do.

References
----------
.. [1] Oken MM, Creech RH, Tormey DC, et al. (1982). Toxicity and response criteria of
   the Eastern Cooperative Oncology Group. Am J Clin Oncol 5:649-655.
.. [2] McCullagh P (1980). Regression models for ordinal data. J R Stat Soc B 42:109-142
   (proportional odds).
"""

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logit

from oestra.core.library import package_files
from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.table import read_quantities
from oestra.core.units import DAYS_PER_MONTH
from oestra.course.death import fatal_log_cells
from oestra.course.tumors import Tumors
from oestra.history.cohort import Cohort
from oestra.tumor.burden import log_total

__all__ = ["LONGEST_MONTHS", "performance", "performance_status"]

Array = NDArray[np.float64]
LONGEST_MONTHS = 1200.0
"""Life expectancy of a patient whose tumor does not grow."""
_CUTS = ("ecog_1_cut", "ecog_2_cut", "ecog_3_cut", "ecog_4_cut")
_LINES = 16
"""More decisions than a patient comes to; each has its own draw."""
_LOOK_DAYS = 1.0
"""Time over which the pace of a tumor is read."""
_FASTEST = 0.35
"""Log cells a day that no tumor gains: a doubling in two days."""


@cache
def performance_status() -> ParameterSet:
    """Return the numbers of the model of performance status."""
    files = package_files("oestra.follow.performance_status")
    return ParameterSet.of(read_quantities(files))


def _grown(cohort: Cohort, rows: NDArray[np.int64], days: float) -> Array:
    """Return by how much whole tumors grow without drugs, log cells, shape (n,)."""
    lanes = cohort.lanes(rows)
    tumors = Tumors(
        cell=lanes.cell,
        ids=cohort.decisions["patient"].to_numpy()[rows],
        y=cohort.y[rows].astype(float),
        log_cells=cohort.log_cells[rows].copy(),
    )
    everybody = np.arange(len(rows))
    before = tumors.total(everybody)
    tumors.grow(lanes.p, everybody, np.array([days]))
    return tumors.total(everybody) - before


def _dead_at_entry(
    cohort: Cohort, rows: NDArray[np.int64], left: Array
) -> NDArray[np.bool_]:
    """Tell whose tumor kills before treatment begins, shape (n,).

    Cells that a drug held may divide again before they have left it for long, so that
    the pace of today does not tell.
    """
    lead = cohort.parameters["baseline_lead_days"]
    found = left <= 0
    near = np.flatnonzero(~found & (left < _FASTEST * lead))
    if len(near):
        found[near] = _grown(cohort, rows[near], lead) >= left[near]
    return found


def _log_odds(here: pd.DataFrame, log_cells: Array, pace: Array) -> Array:
    """Return the log odds of a worse status, before chance."""
    q = performance_status()
    doublings = np.maximum(pace, 0.0) * DAYS_PER_MONTH / np.log(2.0)
    return (
        q["ecog_per_symptoms"] * here["symptomatic"].to_numpy(dtype=float)
        + q["ecog_per_visceral"] * here["visceral"].to_numpy(dtype=float)
        + q["ecog_per_site"] * (here["sites"].to_numpy(dtype=float) - 1.0)
        + q["ecog_per_decade"] * (here["age_years"].to_numpy(dtype=float) - 62.0) / 10.0
        + q["ecog_per_log10_cells"] * (log_cells / np.log(10.0) - 10.5)
        + q["ecog_per_doubling_month"] * doublings
    )


def performance(cohort: Cohort, rows: NDArray[np.int64]) -> tuple[Array, Array]:
    """Return performance status and life expectancy of patients of a pool.

    Life expectancy is the time in which the tumor, at the pace it has now without
    drugs, reaches the burden that kills; none where it does so before a treatment that
    is chosen now begins.

    Parameters
    ----------
    cohort : Cohort
        The pool.
    rows : ndarray of int64, shape (n,)
        Decision points of the pool.

    Returns
    -------
    ecog : ndarray, shape (n,)
        ECOG performance status, 0 to 4.
    life_expectancy : ndarray, shape (n,)
        Months, 0 to `LONGEST_MONTHS`.
    """
    if not len(rows):
        return np.zeros(0), np.zeros(0)
    q, here = performance_status(), cohort.decisions.iloc[rows]
    # A tumor that has died out weighs as one cell.
    log_cells = np.maximum(log_total(cohort.log_cells[rows]), 0.0)
    grown = _grown(cohort, rows, _LOOK_DAYS)
    pace = np.nan_to_num(grown / _LOOK_DAYS, posinf=0.0, neginf=0.0)
    left = fatal_log_cells(cohort.parameters) - log_cells
    with np.errstate(divide="ignore"):
        months = np.where(pace > 0, left / np.maximum(pace, 1e-12), np.inf)
    months = np.clip(months / DAYS_PER_MONTH, 0.0, LONGEST_MONTHS)
    months[_dead_at_entry(cohort, rows, left)] = 0.0
    before = (here["setting"] == "primary").to_numpy()
    line = np.where(before, 0, 1 + here["prior_lines"].to_numpy(dtype=np.int64))
    level = cohort.streams.uniform(
        Stream.PERFORMANCE, here["patient"].to_numpy(), _LINES
    )[np.arange(len(rows)), np.minimum(line, _LINES - 1)]
    cuts = np.array([q[name] for name in _CUTS])
    latent = _log_odds(here, log_cells, pace) + logit(level)
    ecog = (latent[:, None] > cuts).sum(axis=1).astype(float)
    bedridden = left < -np.log(q["bedridden_share"])
    ecog = np.where(bedridden, np.maximum(ecog, 3.0), ecog)
    return np.where(left <= 0, 4.0, ecog), months
