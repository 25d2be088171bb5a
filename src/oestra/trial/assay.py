"""Biomarkers as an assay finds them when a patient is screened, in plasma or tissue.

Plasma holds copies from all mutant cells, as many as a tumor sheds; a biopsy shows one
lesion, in which a clone may be rare. So who is called mutant is not who is. A criterion
on a marker itself, such as ``esr1_mutant``, asks what is true. Where an assay tells
alleles apart, the copies that a tube holds are of one clone or of the other.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import bdtrik, expit

from oestra.core.ordered_sum import ordered_sum
from oestra.core.quantity import Origin, Quantity
from oestra.core.stream import Stream
from oestra.course.assemble import ESR1_ALLELES, esr1_alleles, esr1_shares
from oestra.history.cohort import SECOND_ALLELE, Cohort
from oestra.trial.assumption import Assumptions
from oestra.trial.criterion import names_in
from oestra.trial.design import TrialDesign
from oestra.trial.design_criteria import criteria_of
from oestra.trial.plasma import copies_read
from oestra.trial.two_alleles import PLASMA_ALLELES
from oestra.tumor.burden import log_total
from oestra.tumor.clone import SECOND_ESR1, Clone, esr1_columns

__all__ = [
    "ASSAYS",
    "PLASMA_SPECIFICITY",
    "TISSUE_EVALUABLE",
    "TISSUE_LIMIT",
    "TISSUE_SENSITIVITY",
    "TISSUE_SPECIFICITY",
    "assays_asked",
    "truly_mutant",
    "with_assays",
]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

ASSAYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "esr1_mutant_plasma": ("ESR1", "plasma"),
        "esr1_mutant_tissue": ("ESR1", "tissue"),
        "pik3ca_mutant_plasma": ("PIK3CA", "plasma"),
        "pik3ca_mutant_tissue": ("PIK3CA", "tissue"),
        **dict.fromkeys(PLASMA_ALLELES, ("ESR1", "plasma")),
    }
)
"""Columns of assays: which gene, and where it is looked for."""
_OF_GENE = "esr1_mutant_plasma"
"""The assay whose tube those of alleles read."""
_LINES = 32
"""More lines than anybody has; a patient is screened anew at each."""


def _assumed(value: float, low: float, high: float, reason: str) -> Quantity:
    return Quantity(
        value=value,
        unit="1",
        interval=(low, high),
        origin=Origin.ASSUMED,
        reason=reason,
    )


PLASMA_SPECIFICITY = _assumed(
    0.99, 0.95, 1.0, "errors of reading, and mutations of blood cells"
)
"""Share of patients without the mutation in whom plasma finds none."""
TISSUE_EVALUABLE = _assumed(
    0.9, 0.6, 0.98, "biopsies without enough tumor, of bone most of all"
)
"""Share of biopsies that can be read; one that cannot counts as no mutation found."""
TISSUE_LIMIT = _assumed(
    0.1, 0.04, 0.2, "a share of reads of 5 % is called, of cells with two alleles"
)
"""Least share of mutant cells in the lesion that is called."""
TISSUE_SENSITIVITY = _assumed(
    0.95, 0.85, 0.99, "a few mutations are missed though there is enough of them"
)
"""Share of mutations above the limit that are called in a biopsy that can be read."""
TISSUE_SPECIFICITY = _assumed(0.995, 0.97, 1.0, "errors of reading are rare")
"""Share of patients without the mutation in whom a biopsy finds none."""


def assays_asked(design: TrialDesign) -> tuple[str, ...]:
    """Return the columns of assays that a design speaks of."""
    asked = frozenset[str]().union(*map(names_in, criteria_of(design)))
    return tuple(name for name in ASSAYS if name in asked)


def truly_mutant(column: str, decisions: pd.DataFrame) -> Flags:
    """Tell who has the mutation that an assay looks for.

    Parameters
    ----------
    column : str
        One of `ASSAYS`.
    decisions : DataFrame, n rows
        Enrollment opportunities.

    Returns
    -------
    ndarray of bool, shape (n,)
        Of ESR1, in at least the share of cells that counts as detectable.
    """
    if column in PLASMA_ALLELES:
        return decisions[column.removesuffix("_plasma")].to_numpy(dtype=bool)
    if ASSAYS[column][0] == "ESR1":
        return decisions["esr1_mutant"].to_numpy(dtype=bool)
    return (decisions["pik3ca"] != "wild type").to_numpy()


def with_assays(
    decisions: pd.DataFrame,
    pool: Cohort,
    columns: tuple[str, ...],
    known: Assumptions,
) -> pd.DataFrame:
    """Return enrollment opportunities with what assays find at each.

    Parameters
    ----------
    decisions : DataFrame, n rows
        Those of the pool.
    pool : Cohort
        The pool.
    columns : tuple of str
        Which of `ASSAYS`.
    known : Assumptions
        Copies in plasma.

    Returns
    -------
    DataFrame
        With the columns, which hold yes or no.
    """
    found = {name: _called(name, decisions, pool, known) for name in columns}
    return decisions.assign(**found) if found else decisions


def _keys(decisions: pd.DataFrame) -> NDArray[np.int64]:
    """Return a number for each decision, which keys its samples."""
    primary = (decisions["setting"] == "primary").to_numpy()
    line = np.where(primary, 0, 1 + decisions["prior_lines"].to_numpy(dtype=np.int64))
    return decisions["patient"].to_numpy() * _LINES + np.minimum(line, _LINES - 1)


def _read(
    name: str, decisions: pd.DataFrame, pool: Cohort, known: Assumptions
) -> NDArray[np.int64]:
    """Return the copies of a gene that are read in the tubes of an assay."""
    return copies_read(
        _mutant_log_cells(ASSAYS[name][0], decisions, pool)[:, None],
        decisions["patient"].to_numpy(),
        streams=pool.streams,
        assumptions=known,
        tube=_keys(decisions),
        stream=Stream.PLASMA.of(name),
    )[:, 0]


def _called(
    name: str, decisions: pd.DataFrame, pool: Cohort, known: Assumptions
) -> Flags:
    if name in PLASMA_ALLELES:
        return _allele_called(name, decisions, pool, known)
    gene, where = ASSAYS[name]
    level = pool.streams.uniform(Stream.ASSAY.of(name), _keys(decisions), 4)
    truth = truly_mutant(name, decisions)
    if where == "plasma":
        seen = _read(name, decisions, pool, known) >= known.plasma_limit.value
        return seen | (~truth & (level[:, 0] > PLASMA_SPECIFICITY.value))
    share = _share_in_biopsy(gene, decisions, pool, level[:, 3])
    seen = (share >= TISSUE_LIMIT.value) & (level[:, 1] < TISSUE_SENSITIVITY.value)
    false = ~truth & (level[:, 0] > TISSUE_SPECIFICITY.value)
    return (seen | false) & (level[:, 2] < TISSUE_EVALUABLE.value)


def _allele_called(
    name: str, decisions: pd.DataFrame, pool: Cohort, known: Assumptions
) -> Flags:
    """Tell in whose plasma an allele is called, of those whose tube is called mutant.

    An error is that of the tube, and names an allele as often as it is found at all.
    """
    allele = PLASMA_ALLELES[name]
    level = pool.streams.uniform(Stream.ASSAY.of(_OF_GENE), _keys(decisions), 2)
    edges = np.cumsum(esr1_shares(pool.parameters))[:-1]
    named = np.array(ESR1_ALLELES)[np.searchsorted(edges, level[:, 1], side="right")]
    false = (level[:, 0] > PLASMA_SPECIFICITY.value) & (named == allele)
    false &= ~truly_mutant(name, decisions)
    enough = _allele_copies(allele, decisions, pool, known) >= known.plasma_limit.value
    return _called(_OF_GENE, decisions, pool, known) & (enough | false)


def _allele_copies(
    allele: str, decisions: pd.DataFrame, pool: Cohort, known: Assumptions
) -> NDArray[np.int64]:
    """Return the copies of an allele among those of the gene in a tube."""
    copies = _read(_OF_GENE, decisions, pool, known)
    cells, second = pool.log_cells, decisions[SECOND_ALLELE].to_numpy(dtype=str)
    two = np.isfinite(cells[:, [Clone.ESR1_MUTANT, SECOND_ESR1]]).all(axis=1)
    log_odds = cells[two, Clone.ESR1_MUTANT] - cells[two, SECOND_ESR1]
    # Some of a Poisson number are a Poisson number, and so are the others.
    level = pool.streams.uniform(Stream.PLASMA.of("allele"), _keys(decisions))[two, 0]
    most, larger = copies[two], copies.copy()
    part = np.nan_to_num(np.ceil(bdtrik(level, most, expit(log_odds))))
    larger[two] = np.clip(part, 0, most)
    first = esr1_alleles(decisions["patient"].to_numpy(), pool.parameters, pool.streams)
    found = np.where(first == allele, larger, 0)
    return found + np.where(second == allele, copies - larger, 0)


def _mutant_log_cells(gene: str, decisions: pd.DataFrame, pool: Cohort) -> Array:
    """Return the log of how many cells of the body have a mutation, -inf for none."""
    if gene == "ESR1":
        return log_total(pool.log_cells[:, esr1_columns(pool.log_cells.shape[1])])
    # What a tumor began with is in all of its clones.
    mutant = (decisions["pik3ca"] != "wild type").to_numpy()
    return np.where(mutant, log_total(pool.log_cells), -np.inf)


def _share_in_biopsy(
    gene: str, decisions: pd.DataFrame, pool: Cohort, level: Array
) -> Array:
    """Return the share of mutant cells in one lesion of each, taken at random."""
    if gene != "ESR1":
        return (decisions["pik3ca"] != "wild type").to_numpy(dtype=float)
    lesions = pool.presentation(np.arange(len(decisions)))
    present = lesions.site >= 0
    number = np.floor(level * present.sum(axis=1)).astype(np.int64)
    place = np.argmax(present & (np.cumsum(present, axis=1) > number[:, None]), axis=1)
    mix = lesions.mix[np.arange(len(place)), place]
    mixed = pool.log_cells + mix
    mutant = mixed[:, esr1_columns(mixed.shape[1])]
    return ordered_sum(np.exp(mutant - log_total(mixed)[:, None]), axis=1)
