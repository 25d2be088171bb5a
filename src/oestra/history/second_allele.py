"""Tumors with two ESR1 alleles, each in a clone of its own.

Lives are simulated with one allele a tumor, and what they leave is kept. So a second
one is given to a population afterwards, where somebody asks for it: the mutants that a
tumor has are shared between two clones, so that all that earlier lines selected stays
as it was.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.quantity import Origin, Quantity
from oestra.core.stream import Stream
from oestra.course.assemble import ESR1_ALLELES, esr1_shares
from oestra.history.cohort import SECOND_ALLELE, Cohort
from oestra.tumor.clone import Clone

__all__ = ["ALLELE_COLUMNS", "TWO_ALLELES", "with_second_alleles"]

TWO_ALLELES = Quantity(
    value=0.25,
    unit="1",
    interval=(0.12, 0.6),
    origin=Origin.DERIVED,
    source="chandarlapaty2016",
    reason="D538G and Y537S together in 5.5 of the 28.6 % of patients who have either, "
    "and three of four pairs are these two; with more alleles looked for, 9 of 22 "
    "patients have more than one (fribbens2018, 95 % interval 23 to 61 %)",
)
"""Share of tumors with a detectable ESR1 mutation that have two alleles."""
ALLELE_COLUMNS = {f"esr1_{name.lower()}": name for name in ESR1_ALLELES}
"""Columns of decisions that tell who has an allele, alone or beside another."""
_WILD = "wild type"


def _chances(p: ParameterSet) -> dict[tuple[str, str], float]:
    """Return how often each allele is the second beside each, where there are two."""
    shares = dict(zip(ESR1_ALLELES, esr1_shares(p).tolist(), strict=True))
    return {
        (first, second): share / (1.0 - shares[first])
        for first in ESR1_ALLELES
        for second, share in shares.items()
        if second != first and share > 0.0
    }


def with_second_alleles(cohort: Cohort) -> Cohort:
    """Return a population in which some tumors have two ESR1 alleles.

    Parameters
    ----------
    cohort : Cohort
        A population with one allele a tumor.

    Returns
    -------
    Cohort
        One in which each decision at which two alleles could be detected stands several
        times, with each second allele that there may be and without one. Their weights
        are how often that is, and add up to what it had. The first allele is that of
        the larger clone. Columns tell the second allele and who has which; all that was
        known before is as it was.

    Notes
    -----
    What share of the mutants the smaller clone has is not known: it is uniform between
    the least that is detectable and a half.
    """
    if SECOND_ALLELE in cohort.decisions:
        return cohort
    p, told = cohort.parameters, cohort.decisions
    least = p["esr1_detectable_share"]
    mutant = told["esr1_mutant_share"].to_numpy()
    able = mutant > 2.0 * least
    alone = np.ones(len(told))
    rows, second, chance = [np.arange(len(told))], [np.full(len(told), _WILD)], [alone]
    for (first, other), often in _chances(p).items():
        have = np.flatnonzero(able & (told["esr1_allele"] == first).to_numpy())
        rows.append(have)
        second.append(np.full(len(have), other))
        chance.append(np.full(len(have), TWO_ALLELES.value * often))
        alone[have] -= TWO_ALLELES.value * often
    row, allele = np.concatenate(rows), np.concatenate(second)
    decisions = told.iloc[row].assign(
        weight=told["weight"].to_numpy()[row] * np.concatenate(chance),
        **{SECOND_ALLELE: allele},
    )
    # Its cells are as lived through by the mutants they were taken from.
    columns = [*range(cohort.y.shape[1]), Clone.ESR1_MUTANT]
    return replace(
        cohort,
        decisions=_with_columns(decisions.reset_index(drop=True)),
        y=cohort.y[row][:, columns],
        log_cells=_split(cohort, row, allele != _WILD, least),
    )


def _with_columns(decisions: pd.DataFrame) -> pd.DataFrame:
    """Tell who has which allele."""
    has = {
        column: (decisions["esr1_allele"] == name) | (decisions[SECOND_ALLELE] == name)
        for column, name in ALLELE_COLUMNS.items()
    }
    return decisions.assign(**has)


def _split(
    cohort: Cohort, row: NDArray[np.int64], two: NDArray[np.bool_], least: float
) -> NDArray[np.float64]:
    """Share the mutants of tumors with two alleles between two clones."""
    told = cohort.decisions.iloc[row]
    cells = cohort.log_cells[row]
    lowest = least / told["esr1_mutant_share"].to_numpy()[two]
    ids = told["patient"].to_numpy()[two]
    level = cohort.streams.uniform(Stream.SECOND_ALLELE, ids)
    smaller = lowest + level[:, 0] * (0.5 - lowest)
    own = np.full(len(row), -np.inf)
    own[two] = cells[two, Clone.ESR1_MUTANT] + np.log(smaller)
    cells[two, Clone.ESR1_MUTANT] += np.log1p(-smaller)
    return np.concatenate([cells, own[:, None]], axis=1)
