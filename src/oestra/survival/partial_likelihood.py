"""Cox's partial likelihood of one binary covariate, maximized by Newton's method.

References
----------
.. [1] Cox DR (1972). Regression models and life-tables. J R Stat Soc B 34:187-220.
.. [2] Breslow N (1974). Covariance analysis of censored survival data. Biometrics
   30:89-99.
.. [3] Efron B (1977). The efficiency of Cox's likelihood function for censored data.
   J Am Stat Assoc 72:557-565.
.. [4] Lin DY, Wei LJ (1989). The robust inference for the Cox proportional hazards
   model. J Am Stat Assoc 84:1074-1078.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from oestra.survival.sample import Sample

__all__ = [
    "TieTable",
    "Ties",
    "maximize",
    "monotone",
    "robust_error",
    "score_at",
    "tie_table",
]

Ties = Literal["efron", "breslow"]
"""How deaths at one time share a risk set."""

_STEPS, _TOLERANCE = 200, 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class TieTable:
    """One row per death; Efron thins the risk set within ties.

    Parameters
    ----------
    control, treated : ndarray of float64, shape (d,)
        Patients, or their weights, at risk at each death, less the tied ones already
        counted.
    weight : ndarray of float64, shape (d,)
        Weight of each death, the mean of those it is tied with.
    share : ndarray of float64, shape (d,)
        Share of the tied deaths already counted.
    moment : ndarray of int64, shape (d,)
        Number of the time of each death, among the times of all strata.
    deaths_treated : float
        Deaths in the group of interest, or their weight.
    """

    control: NDArray[np.float64]
    treated: NDArray[np.float64]
    weight: NDArray[np.float64]
    share: NDArray[np.float64]
    moment: NDArray[np.int64]
    deaths_treated: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """Patients by stratum and time; ``start`` is where each time begins."""

    rows: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    stratum: NDArray[np.int64]


def _order(sample: Sample) -> _Order:
    rows = np.lexsort((sample.durations, sample.stratum))
    time, stratum = sample.durations[rows], sample.stratum[rows]
    start = np.flatnonzero(np.r_[True, (np.diff(time) != 0) | (np.diff(stratum) != 0)])
    end = np.searchsorted(stratum, stratum[start], side="right")
    return _Order(rows=rows, start=start, end=end, stratum=stratum)


def tie_table(sample: Sample, ties: Ties = "efron") -> TieTable:
    """Count who is at risk at each death.

    Parameters
    ----------
    sample : Sample
        Two groups with at least one event.
    ties : {"efron", "breslow"}
        How deaths at one time share a risk set.

    Returns
    -------
    TieTable
        The risk sets.
    """
    order = _order(sample)
    event, group = sample.event_observed[order.rows], sample.group[order.rows]
    weight = sample.weight[order.rows]

    def from_last(values: NDArray[Any]) -> NDArray[Any]:
        total = np.append(np.cumsum(values[::-1])[::-1], 0)
        return total[order.start] - total[order.end]

    def at_risk(who: NDArray[np.bool_]) -> NDArray[np.float64]:
        # Sums of weights leave a rest by rounding where nobody is; counts leave none.
        anybody = from_last(who.astype(np.int64)) > 0
        return np.where(anybody, from_last(weight * who), 0.0)

    def deaths(who: NDArray[Any]) -> NDArray[np.float64]:
        return np.add.reduceat(who.astype(np.float64), order.start)

    n1, n0 = at_risk(group), at_risk(~group)
    d1, d0 = deaths(weight * (event & group)), deaths(weight * (event & ~group))
    count = deaths(event).astype(np.int64)
    moment = np.repeat(np.arange(order.start.size), count)
    rank = np.arange(moment.size) - np.repeat(np.cumsum(count) - count, count)
    share = rank / count[moment] if ties == "efron" else np.zeros(moment.size)
    return TieTable(
        control=n0[moment] - share * d0[moment],
        treated=n1[moment] - share * d1[moment],
        weight=(d0 + d1)[moment] / count[moment],
        share=share,
        moment=moment,
        deaths_treated=float(d1.sum()),
    )


def monotone(table: TieTable) -> str:
    """Say in which direction the likelihood rises without end, if it does.

    Parameters
    ----------
    table : TieTable
        Risk sets at each death.

    Returns
    -------
    str
        ``"zero"``, ``"infinity"`` or ``"any"`` ratio; empty if there is a maximum.
    """
    total = float(table.weight.sum())
    # Share of deaths in the group of interest as the ratio goes to infinity and to 0.
    most = float(table.weight[table.treated > 0].sum())
    least = float(table.weight[table.control <= 0].sum())
    up = table.deaths_treated >= most - 1e-12 * total
    down = table.deaths_treated <= least + 1e-12 * total
    if up and down:
        return "any"
    return "infinity" if up else "zero" if down else ""


def maximize(table: TieTable) -> tuple[float, float] | None:
    """Find the log hazard ratio of largest partial likelihood.

    Parameters
    ----------
    table : TieTable
        Risk sets at each death.

    Returns
    -------
    tuple of float, or None
        Log hazard ratio and its standard error; None if the likelihood is monotone
        (every death in one group came while only it was at risk).
    """
    if monotone(table):
        return None
    beta, low, high = 0.0, -np.inf, np.inf
    for _ in range(_STEPS):
        odds = table.treated * math.exp(beta)
        share = odds / (odds + table.control)
        score = table.deaths_treated - float((table.weight * share).sum())
        information = float((table.weight * share * (1 - share)).sum())
        low, high = (beta, high) if score > 0 else (low, beta)
        step = score / information if information > 0 else math.copysign(2.0, score)
        step = max(-2.0, min(2.0, step))
        if not low <= beta + step <= high:
            step = (low + high) / 2 - beta
        beta += step
        if abs(step) < _TOLERANCE:
            return beta, 1 / math.sqrt(information)
    return None


def score_at(sample: Sample, ratio: float) -> tuple[float, float, float]:
    """Return what the score test of a hazard ratio is made of, with Efron's ties.

    Parameters
    ----------
    sample : Sample
        Two groups.
    ratio : float
        Hazard ratio under the null hypothesis, above 0.

    Returns
    -------
    tuple of float
        Events in the group seen, those expected, and the variance of the difference.
    """
    table = tie_table(sample)
    odds = ratio * table.treated
    share = odds / (odds + table.control)
    return (
        table.deaths_treated,
        float((table.weight * share).sum()),
        float((table.weight * share * (1 - share)).sum()),
    )


def robust_error(
    sample: Sample, table: TieTable, beta: float, standard_error: float
) -> float:
    """Return the standard error by Lin and Wei, from each patient's pull.

    Parameters
    ----------
    sample : Sample
        The patients.
    table : TieTable
        Their risk sets.
    beta, standard_error : float
        From `maximize`.

    Returns
    -------
    float
        Robust standard error of the log hazard ratio.
    """
    order = _order(sample)
    times = order.start.size
    odds = table.treated * math.exp(beta)
    mean = odds / (odds + table.control)
    hazard = table.weight / (odds + table.control)

    def summed(values: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.zeros(times)
        np.add.at(total, table.moment, values)
        return total

    each, pulled = summed(hazard), summed(hazard * mean)
    kept = 1 - table.share
    own, own_pulled = summed(kept * hazard), summed(kept * hazard * mean)
    count = np.maximum(summed(np.ones_like(mean)), 1.0)
    mean_at = summed(mean) / count
    first = np.searchsorted(order.stratum[order.start], order.stratum[order.start])

    def before(values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over earlier times of the same stratum."""
        total = np.cumsum(values) - values
        return total - total[first]

    moment = np.repeat(
        np.arange(times), np.diff(np.append(order.start, order.rows.size))
    )
    event, x = sample.event_observed[order.rows], sample.group[order.rows].astype(float)
    now, now_pulled = (np.where(event, a[moment], b[moment]) for a, b in
                       ((own, each), (own_pulled, pulled)))  # fmt: skip
    exposed = before(each)[moment] + now
    expected = np.exp(beta * x) * (x * exposed - (before(pulled)[moment] + now_pulled))
    residual = np.where(event, x - mean_at[moment], 0.0) - expected
    pull = sample.weight[order.rows] * residual
    return standard_error**2 * math.sqrt(float((pull**2).sum()))
