"""What differs between trials beyond their designs: one effect on growth, one variance.

All arms of a trial share its effect, a log factor on the pace of every tumor, normal
with mean zero. How large it is between trials is fitted by maximum marginal likelihood
to what the best set leaves unexplained; predictions integrate it out.

References
----------
.. [1] Robbins H (1956). An empirical Bayes approach to statistics. Proc Third Berkeley
   Symp Math Stat Prob 1:157-163.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from oestra.calibration.objective import Objective
from oestra.core.linear_algebra import dot
from oestra.work.each import Workers, in_order

__all__ = ["BetweenTrials", "between_trials", "marginal_sd"]

Array = NDArray[np.float64]
_STEP = 0.2
_MOST = 1.0
_FAR = 4.0
"""Residuals count as no further than this, so that no contradiction sets the size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BetweenTrials:
    """The effect of trials on growth.

    Parameters
    ----------
    sd : float
        Standard deviation between trials of the log factor on growth.
    slope : ndarray, shape (m,)
        Change of each residual of a trial's endpoint per unit of the log factor; zero
        for facts.
    """

    sd: float
    slope: Array


def marginal_sd(residual: Array, slope: Array, trial: NDArray[np.int64]) -> float:
    """Return the standard deviation that makes residuals most likely.

    Parameters
    ----------
    residual, slope : ndarray, shape (m,)
        Residuals with unit errors, and their slopes in the effect of their trial.
    trial : ndarray of int, shape (m,)
        Number of the trial of each.

    Returns
    -------
    float
        Between 0 and 1.
    """
    seen = np.clip(residual, -_FAR, _FAR)
    parts = [(seen[trial == t], slope[trial == t]) for t in np.unique(trial)]

    def misfit(sd: float) -> float:
        total = 0.0
        for r, g in parts:
            # Sherman-Morrison: the covariance is the identity plus one outer product.
            own, cross = dot(g, g), dot(g, r)
            widened = 1.0 + sd**2 * own
            total += np.log(widened) + dot(r, r) - sd**2 * cross**2 / widened
        return 0.5 * total

    found = minimize_scalar(misfit, bounds=(0.0, _MOST), method="bounded")
    return float(found.x) if found.fun < misfit(0.0) else 0.0


def _residual(objective: Objective, z: Array, effect: float) -> Array:
    return objective.evaluate(z, growth_effect=effect).residual


def between_trials(
    objective: Objective, z: Array, *, workers: Workers = 1
) -> BetweenTrials:
    """Fit how much trials differ, around one parameter set.

    Parameters
    ----------
    objective : Objective
        The problem.
    z : ndarray, shape (k,)
        Standardized parameters, those of the best set.
    workers : int or Executor
        Threads, or who does the work.

    Returns
    -------
    BetweenTrials
        The standard deviation, and the slopes it was found with.
    """
    calls = ((objective, z, effect) for effect in (_STEP, -_STEP))
    with in_order(workers, _residual, calls) as results:
        faster, slower = results
    rows = len(objective.rows)
    slope = np.zeros(len(faster))
    slope[:rows] = (faster - slower)[:rows] / (2.0 * _STEP)
    middle = 0.5 * (faster + slower)[:rows]
    names = sorted({row.trial for row in objective.rows})
    trial = np.array([names.index(row.trial) for row in objective.rows])
    return BetweenTrials(sd=marginal_sd(middle, slope[:rows], trial), slope=slope)
