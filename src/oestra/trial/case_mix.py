"""Weighting the population to a trial's published case-mix by raking.

References
----------
.. [1] Deming WE, Stephan FF (1940). On a least squares adjustment of a sampled
   frequency table when the expected marginal totals are known. Ann Math Stat
   11:427-444.
.. [2] Kish L (1965). Survey Sampling. Wiley. Effective sample size (sum w)^2 / sum w^2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.history.cohort import SECOND_ALLELE
from oestra.trial.criterion import evaluate
from oestra.trial.design import CaseMix, TrialDesign

__all__ = [
    "Weighted",
    "effective_patients",
    "effective_sample_size",
    "rake",
    "weigh",
]

_ROUNDS, _TOLERANCE, _ENOUGH = 200, 1e-4, 200.0
_SPREAD = 50.0
"""No candidate may count more than this times its weight in the population; what a
margin then lacks is reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """A share wanted of a set of candidates.

    Parameters
    ----------
    label : str
        Its criterion.
    member, within : ndarray of bool, shape (m,)
        Who meets it, and among whom.
    share : float
        The share wanted.
    """

    label: str
    member: NDArray[np.bool_]
    within: NDArray[np.bool_]
    share: float

    def reached(self, weight: NDArray[np.float64]) -> float:
        """Return the share under given weights."""
        whole = float(weight[self.within].sum())
        part = float(weight[self.within & self.member].sum())
        return part / whole if whole > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """Eligible candidates with their weights.

    Parameters
    ----------
    rows : ndarray of int64, shape (m,)
        Rows of the decisions table.
    weight : ndarray of float64, shape (m,)
        Weights, adding up to one.
    effective_size : float
        Effective sample size.
    warnings : tuple of str
        What the weights could not do.
    """

    rows: NDArray[np.int64]
    weight: NDArray[np.float64]
    effective_size: float
    warnings: tuple[str, ...] = ()


def effective_sample_size(weight: NDArray[np.float64]) -> float:
    """Return Kish's effective sample size of weights, shape (m,)."""
    total = float(weight.sum())
    return total * total / float((weight * weight).sum()) if total > 0 else 0.0


def effective_patients(table: pd.DataFrame, weight: NDArray[np.float64]) -> float:
    """Return the effective number of patients behind weights.

    Parameters
    ----------
    table : DataFrame, m rows
        Their decisions. Where one stands several times, with different second ESR1
        alleles, it counts once.
    weight : ndarray, shape (m,)
        Weights.
    """
    if SECOND_ALLELE in table:
        primary = table["setting"] == "primary"
        same = table.groupby(["patient", "prior_lines", primary], sort=False).ngroup()
        whole = np.bincount(same.to_numpy(), weights=weight)
        return effective_sample_size(whole.astype(np.float64))
    return effective_sample_size(weight)


def _cells(margins: Sequence[Margin]) -> NDArray[np.int64]:
    """Return the number of each candidate's pattern of membership, shape (m,)."""
    columns = [side for m in margins for side in (m.member, m.within)]
    packed = np.packbits(np.stack(columns, axis=1), axis=1)
    return np.unique(packed, axis=0, return_inverse=True)[1].ravel()


def _reach(margin: Margin, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights with one margin met, as far as members of both kinds exist."""
    now = margin.reached(weight)
    if not 0 < now < 1:
        return weight
    part, rest = margin.within & margin.member, margin.within & ~margin.member
    factor = np.where(part, margin.share / now, 1.0)
    factor = np.where(rest, (1 - margin.share) / (1 - now), factor)
    return weight * factor


def rake(
    weight: NDArray[np.float64], margins: Sequence[Margin]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Adjust weights until every margin has its share.

    Candidates with the same pattern of membership are raked as one cell.

    Parameters
    ----------
    weight : ndarray of float64, shape (m,)
        Weights of the candidates in the pool.
    margins : sequence of Margin
        Shares wanted.

    Returns
    -------
    tuple of ndarray and tuple of str
        Weights adding up to one, and a sentence for each margin not reached.
    """
    if not margins:
        return weight / weight.sum(), ()
    cell = _cells(margins)
    first = np.unique(cell, return_index=True)[1]
    small = [
        replace(m, member=m.member[first], within=m.within[first]) for m in margins
    ]
    base = np.bincount(cell, weights=weight / weight.sum()).astype(np.float64)
    current = base
    for _ in range(_ROUNDS):
        for margin in small:
            current = _reach(margin, current)
        current = np.minimum(current / current.sum(), _SPREAD * base)
        if all(abs(m.reached(current) - m.share) < _TOLERANCE for m in small):
            break
    current = current / current.sum()
    missed = tuple(
        f"{m.label}: {100 * m.reached(current):.0f} % instead of {100 * m.share:.0f} %"
        for m in small
        if abs(m.reached(current) - m.share) > 0.02
    )
    return weight / weight.sum() * (current / base)[cell], missed


def _margin(part: CaseMix, table: pd.DataFrame, design: TrialDesign) -> Margin:
    member = evaluate(part.where, table, design.definitions)
    within = np.ones(len(table), dtype=bool)
    if part.within is not None:
        within = evaluate(part.within, table, design.definitions)
    return Margin(
        label=part.where, member=member, within=within, share=part.percent / 100
    )


def weigh(
    design: TrialDesign, decisions: pd.DataFrame, rows: NDArray[np.int64]
) -> Weighted:
    """Weight eligible candidates to the published case-mix of a trial.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    decisions : DataFrame
        All enrollment opportunities of the population.
    rows : ndarray of int64, shape (m,)
        The eligible ones.

    Returns
    -------
    Weighted
        Candidates, weights, effective size and warnings.

    Raises
    ------
    InputError
        If nobody is eligible.
    """
    if not rows.size:
        raise InputError(f"Nobody in the population is eligible for {design.id}.")
    table = decisions.iloc[rows]
    base = table["weight"].to_numpy(dtype=float)
    margins = [_margin(part, table, design) for part in design.case_mix]
    weight, missed = rake(base, margins)
    size = effective_patients(table, weight)
    if round(size) < _ENOUGH:
        missed = (*missed, f"effective sample size is only {size:.0f}")
    return Weighted(rows=rows, weight=weight, effective_size=size, warnings=missed)
