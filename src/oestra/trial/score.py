"""The score test of a hazard ratio: which arm does better, and by how many errors.

At a ratio of 1 it is the log-rank test with its sign; at a margin it tests whether an
arm is not worse than that, with Efron's ties, as by Breslow's the arms look alike where
patients are scanned on one day. It needs no estimate, so that an arm without events
counts for what it is.

References
----------
.. [1] Cox DR (1972). Regression models and life-tables. J R Stat Soc B 34:187-220.
.. [2] Peto R, Peto J (1972). Asymptotically efficient rank invariant test procedures.
   J R Stat Soc A 135:185-207.
.. [3] Efron B (1977). The efficiency of Cox's likelihood function for censored data.
   J Am Stat Assoc 72:557-565.
"""

import math

import numpy as np
from numpy.typing import NDArray

from oestra.survival.log_rank import EVEN, FlemingHarrington, score_sums
from oestra.survival.partial_likelihood import score_at
from oestra.survival.sample import Sample, tied
from oestra.trial.analysis import Analysis

__all__ = ["event_weights", "score_z"]


def event_weights(analysis: Analysis) -> FlemingHarrington:
    """Return what events weigh in the tests of a trial.

    Parameters
    ----------
    analysis : Analysis
        How it is analyzed.
    """
    given = analysis.fleming_harrington
    return EVEN if given is None else FlemingHarrington(given.rho, given.gamma)


def score_z(
    day: NDArray[np.float64],
    event: NDArray[np.bool_],
    arm: NDArray[np.bool_],
    strata: NDArray[np.int64] | None = None,
    *,
    ratio: float = 1.0,
    events: FlemingHarrington = EVEN,
) -> float | None:
    """Test whether the hazard of an arm is below a multiple of that of its control.

    Parameters
    ----------
    day : ndarray of float64, shape (n,)
        Times to event or censoring.
    event, arm : ndarray of bool, shape (n,)
        Whether the event was seen; whether a patient is in the arm of interest.
    strata : ndarray of int64, shape (n,), optional
        Strata with a baseline hazard each.
    ratio : float
        Hazard ratio under the null hypothesis.
    events : FlemingHarrington
        What an event weighs in the log-rank test; all the same by default.

    Returns
    -------
    float or None
        Standard normal under the null hypothesis, positive where the arm has fewer
        events than that ratio lets expect; None where no event can tell.
    """
    if not day.size:
        return None
    stratum = np.zeros(day.size, dtype=np.int64) if strata is None else strata
    day = tied(np.asarray(day, dtype=np.float64))
    if ratio == 1.0:
        observed, expected, variance = score_sums(
            day, event, arm, stratum, events=events
        )
    else:
        sample = Sample(
            durations=day,
            event_observed=event,
            group=arm,
            stratum=stratum,
            weight=np.ones(day.size),
        )
        observed, expected, variance = score_at(sample, ratio)
    return None if variance <= 0 else (expected - observed) / math.sqrt(variance)
