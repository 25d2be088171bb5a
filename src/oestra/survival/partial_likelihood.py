"""Cox's partial likelihood of one binary covariate, maximized by Newton's method."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.survival.sample import Sample

__all__ = ["TieTable", "maximize", "tie_table"]

_STEPS, _TOLERANCE, _LIMIT = 40, 1e-10, 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TieTable:
    """One row per death; Efron thins the risk set within ties.

    Parameters
    ----------
    control, treated : ndarray of float64, shape (d,)
        Patients at risk at each death, less the tied ones already counted.
    deaths_treated : float
        Deaths in the group of interest.
    """

    control: NDArray[np.float64]
    treated: NDArray[np.float64]
    deaths_treated: float


def tie_table(sample: Sample) -> TieTable:
    """Count who is at risk at each death.

    Parameters
    ----------
    sample : Sample
        Two groups with at least one event.

    Returns
    -------
    TieTable
        Risk sets in Efron's approximation.
    """
    order = np.lexsort((sample.durations, sample.stratum))
    time, stratum = sample.durations[order], sample.stratum[order]
    event, group = sample.event_observed[order], sample.group[order]
    start = np.flatnonzero(np.r_[True, (np.diff(time) != 0) | (np.diff(stratum) != 0)])
    end = np.searchsorted(stratum, stratum[start], side="right")
    before = np.r_[0, np.cumsum(group)]
    n1 = before[end] - before[start]
    n0 = (end - start) - n1
    d1 = np.add.reduceat((event & group).astype(float), start)
    d0 = np.add.reduceat((event & ~group).astype(float), start)
    ties = (d0 + d1).astype(int)
    row = np.repeat(np.arange(start.size), ties)
    rank = np.arange(row.size) - np.repeat(np.cumsum(ties) - ties, ties)
    share = rank / ties[row]
    return TieTable(
        control=n0[row] - share * d0[row],
        treated=n1[row] - share * d1[row],
        deaths_treated=float(d1.sum()),
    )


def maximize(table: TieTable) -> tuple[float, float] | None:
    """Find the log hazard ratio of largest partial likelihood.

    Parameters
    ----------
    table : TieTable
        Risk sets at each death.

    Returns
    -------
    tuple of float, or None
        Log hazard ratio and its standard error; None if the likelihood rises
        without end (every death in one group came while only it was at risk).
    """
    beta = 0.0
    for _ in range(_STEPS):
        weight = table.treated * math.exp(beta)
        share = weight / (weight + table.control)
        score = table.deaths_treated - float(share.sum())
        information = float((share * (1 - share)).sum())
        if information < 1e-9:
            return None
        step = max(-2.0, min(2.0, score / information))
        beta += step
        if abs(beta) > _LIMIT:
            return None
        if abs(step) < _TOLERANCE:
            return beta, 1 / math.sqrt(information)
    return None
