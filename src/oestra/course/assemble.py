"""Where drugs, clones and network meet: lanes of the solver for patients.

A lane is one clone of one patient. This module alone resolves the names of drugs,
alterations and traits against the parameters of the cell.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.library import Library
from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.course.traits import traits
from oestra.network.alteration import Alteration, find_alteration
from oestra.network.cell import Cell
from oestra.tumor.clone import Clone

__all__ = [
    "ESR1_ALLELES",
    "Lanes",
    "alterations_of_patients",
    "assemble",
    "esr1_alleles",
    "esr1_shares",
    "receptor_lost",
    "with_second_allele",
]

Array = NDArray[np.float64]
Loads = dict[str, Array]
ESR1_ALLELES = ("D538G", "Y537S", "Y537N")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """Parameters of the clones of patients, without drugs.

    Parameters
    ----------
    cell : Cell
        The compiled cell.
    p : ndarray, shape (patients, clones, parameters)
        Parameters of each lane.
    """

    cell: Cell
    p: Array

    def treated(self, loads: Loads, rows: NDArray[np.int64]) -> Array:
        """Return parameters of some patients under drugs.

        Parameters
        ----------
        loads : dict of str to ndarray, shape (patients,)
            Values of the cell's drug parameters for every patient of these lanes.
        rows : ndarray of int, shape (k,)
            Which patients.

        Returns
        -------
        ndarray, shape (k, clones, parameters)
            A copy.
        """
        p = self.p[rows]
        for name, load in loads.items():
            p[:, :, self.cell.column(name)] = load[rows, None]
        return p


_PIK3CA = ("H1047R", "E545K", "E542K")
_CARRIED = (
    ("PTEN", "loss", "pten_loss"),
    ("INPP4B", "loss", "inpp4b_loss"),
    ("AKT1", "E17K", "akt1_mutant"),
    ("CCND1", "amplification", "ccnd1_amplified"),
)
"""Gene, alteration and the trait that tells who carries it."""
_AMPLIFIED = ("ERBB2", "amplification")


def alterations_of_patients(library: Library) -> tuple[Alteration, ...]:
    """Return every alteration that a clone of a patient can carry."""
    names = [
        *(("PIK3CA", allele) for allele in _PIK3CA),
        *((gene, name) for gene, name, _ in _CARRIED),
        *(("ESR1", name) for name in (*ESR1_ALLELES, "loss")),
        _AMPLIFIED,
    ]
    return tuple(find_alteration(gene, name, library) for gene, name in names)


def _altered(
    c: pd.DataFrame, library: Library
) -> list[tuple[Alteration, NDArray[np.bool_]]]:
    """List the alterations of the parental clone and who has them."""
    found = [
        (find_alteration("PIK3CA", allele, library), (c["pik3ca"] == allele).to_numpy())
        for allele in _PIK3CA
    ]
    for gene, name, column in _CARRIED:
        who = c[column].to_numpy(dtype=bool)
        found.append((find_alteration(gene, name, library), who))
    return found


def _alter(
    array: Array, cell: Cell, alteration: Alteration, who: NDArray[np.bool_]
) -> None:
    for name, value in alteration.set.items():
        array[who, cell.column(name)] = value
    for name, factor in alteration.scale.items():
        array[who, cell.column(name)] *= factor


def esr1_alleles(
    ids: NDArray[np.int64], p: ParameterSet, streams: Streams
) -> NDArray[np.str_]:
    """Return the allele that each patient's ESR1-mutant clone has or would have.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
        Patient numbers.
    p : ParameterSet
        Shares of the alleles.
    streams : Streams
        Source of chance.

    Returns
    -------
    ndarray of str, shape (n,)
        One of `ESR1_ALLELES`.
    """
    level = streams.uniform(Stream.ESR1_ALLELE, ids)[:, 0]
    edges = np.cumsum([p["esr1_share_d538g"], p["esr1_share_y537s"]])
    return np.array(ESR1_ALLELES)[np.searchsorted(edges, level, side="right")]


def esr1_shares(p: ParameterSet) -> Array:
    """Return how often each of `ESR1_ALLELES` is that of a patient's mutants."""
    edges = np.cumsum([p["esr1_share_d538g"], p["esr1_share_y537s"]])
    return np.diff(np.minimum(np.concatenate([[0.0], edges, [1.0]]), 1.0))


def receptor_lost(
    ids: NDArray[np.int64], p: ParameterSet, streams: Streams
) -> NDArray[np.bool_]:
    """Tell whose autonomous clone has or would have lost the receptor.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
        Patient numbers.
    p : ParameterSet
        Share of such patients.
    streams : Streams
        Source of chance.

    Returns
    -------
    ndarray of bool, shape (n,)
        False where the clone keeps a receptor that it does not need.
    """
    level = streams.uniform(Stream.AUTONOMOUS_RECEPTOR, ids)[:, 0]
    return level < p["autonomy_receptor_loss"]


def _differentiate(
    array: Array, cell: Cell, p: ParameterSet, streams: Streams, ids: NDArray[np.int64]
) -> None:
    """Give each clone what sets it apart from the parental one."""
    allele = esr1_alleles(ids, p, streams)
    for name in ESR1_ALLELES:
        mutant = array[:, Clone.ESR1_MUTANT]
        _alter(mutant, cell, find_alteration("ESR1", name, p.library), allele == name)
    for name in ("egfr_level", "erbb2_level", "igf1r_level"):
        array[:, Clone.RTK_HIGH, cell.column(name)] *= p["rtk_clone_level"]
    loss = find_alteration("PTEN", "loss", p.library)
    has = array[:, Clone.PARENTAL, cell.column("pten_level")] > loss.set["pten_level"]
    _alter(array[:, Clone.PTEN_LOST], cell, loss, has)
    lost = receptor_lost(ids, p, streams)
    _alter(
        array[:, Clone.AUTONOMOUS],
        cell,
        find_alteration("ESR1", "loss", p.library),
        lost,
    )
    for drive in ("estrogen", "growth_factor"):
        column = cell.column(f"drive_{drive}")
        array[:, Clone.AUTONOMOUS, column] *= p[f"autonomy_{drive}"]
    array[:, Clone.AUTONOMOUS, cell.column("bcl2_basal")] = p["autonomy_bcl2"]
    array[:, Clone.NCOR_LOW, cell.column("ncor_level")] *= p["ncor_clone_level"]


def assemble(
    cell: Cell, parameters: ParameterSet, covariates: pd.DataFrame, streams: Streams
) -> Lanes:
    """Build the lanes of patients.

    Parameters
    ----------
    cell : Cell
        The compiled cell.
    parameters : ParameterSet
        The model's parameters; those of the cell replace its defaults.
    covariates : DataFrame, n rows
        Traits of patients, indexed by patient number.
    streams : Streams
        Source of chance.

    Returns
    -------
    Lanes
        ``n`` patients times the clones of `Clone`.
    """
    common = {name: parameters[name] for name in cell.parameters if name in parameters}
    n = len(covariates)
    parental = cell.parameter_array(n, {**common, **traits(covariates, parameters)})
    her2 = covariates["her2_positive"].to_numpy(dtype=bool)
    parental[her2, cell.column("erbb2_level")] *= parameters["erbb2_amplified"]
    for alteration, who in _altered(covariates, parameters.library):
        _alter(parental, cell, alteration, who)
    array = np.repeat(parental[:, None, :], len(Clone), axis=1)
    ids = covariates.index.to_numpy()
    _differentiate(array, cell, parameters, streams, ids)
    return Lanes(cell=cell, p=array)


def with_second_allele(
    lanes: Lanes, allele: NDArray[np.str_], library: Library
) -> Lanes:
    """Add the clone of a second ESR1 allele to the lanes of patients.

    Parameters
    ----------
    lanes : Lanes
        Clones of n patients.
    allele : ndarray of str, shape (n,)
        One of `ESR1_ALLELES`; any other word for patients without such a clone, whose
        lane is as the parental one.
    library : Library
        Where alterations are found.

    Returns
    -------
    Lanes
        With one more lane a patient, in the column `SECOND_ESR1`.
    """
    own = lanes.p[:, Clone.PARENTAL].copy()
    for name in ESR1_ALLELES:
        _alter(own, lanes.cell, find_alteration("ESR1", name, library), allele == name)
    return Lanes(cell=lanes.cell, p=np.concatenate([lanes.p, own[:, None]], axis=1))
