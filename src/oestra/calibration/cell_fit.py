"""The fit of the cell alone: network parameters against experiments on cells."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.assay import measure_culture
from oestra.calibration.fact import Fact, cell_facts
from oestra.calibration.free import FreeParameter, free_parameters, to_parameters
from oestra.calibration.objective import Evaluation
from oestra.calibration.reference_experiments import measure_cells
from oestra.core.errors import OestraError
from oestra.core.parameter_set import ParameterSet
from oestra.model.parameters import prior_parameters
from oestra.network.cell import cell
from oestra.network.parameter import parameter_table

__all__ = ["CellObjective", "measure_cell_facts"]

Array = NDArray[np.float64]


def measure_cell_facts(
    parameters: ParameterSet, rows: tuple[Fact, ...] | None = None
) -> dict[str, float]:
    """Measure facts of cells in the model.

    Parameters
    ----------
    parameters : ParameterSet
        The model's parameters.
    rows : tuple of Fact, optional
        Which; all of `cell_facts` by default.

    Returns
    -------
    dict of str to float
        Simulated value by id.
    """
    bench = measure_cells(parameters)
    return {
        fact.id: bench[fact.how["measure"]]
        if fact.kind == "cell"
        else measure_culture(fact, parameters)
        for fact in (cell_facts() if rows is None else rows)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class CellObjective:
    """Network parameters, and the facts of cells that they are fitted to.

    It has no patients and no chance; a fit sees the same fields as those of
    `oestra.calibration.objective.Objective`.

    Parameters
    ----------
    free : tuple of FreeParameter
        Fitted parameters.
    base : ParameterSet
        All others.
    rows : tuple of Fact
        Facts of kind ``"cell"`` or ``"culture"``.
    with_facts : str
        Fingerprint of the facts: an edited one makes another problem.
    patients, most, draws, seed : int
        Zero.
    """

    free: tuple[FreeParameter, ...]
    base: ParameterSet
    rows: tuple[Fact, ...]
    with_facts: str
    patients: int = 0
    most: int = 0
    draws: int = 0
    seed: int = 0

    @classmethod
    def of_facts(
        cls, rows: tuple[Fact, ...] | None = None, base: ParameterSet | None = None
    ) -> "CellObjective":
        """Fit the network's share of the fitted parameters to facts of cells.

        Raises
        ------
        OestraError
            If the pathways were edited after the cell was composed.
        """
        cell()
        chosen = cell_facts() if rows is None else rows
        known = parameter_table()
        return cls(
            free=tuple(item for item in free_parameters() if item.name in known),
            base=base or prior_parameters(),
            rows=chosen,
            with_facts=hashlib.sha256(repr(chosen).encode()).hexdigest(),
        )

    def evaluate(self, z: Array) -> Evaluation:
        """Repeat every experiment and compare.

        Parameters
        ----------
        z : ndarray, shape (k,)
            Standardized parameters.

        Returns
        -------
        Evaluation
            Residuals in the order of the facts; far from all of them where a culture
            cannot be followed, as when the reference cell has no steady state.
        """
        try:
            found = measure_cell_facts(
                to_parameters(z, self.base, self.free), self.rows
            )
        except OestraError:
            found = {}
        nothing = float("nan")
        value = np.array([found.get(fact.id, nothing) for fact in self.rows])
        residual = [fact.residual(v) for fact, v in zip(self.rows, value, strict=True)]
        return Evaluation(
            z=np.asarray(z, dtype=float),
            names=tuple(fact.id for fact in self.rows),
            residual=np.array(residual),
            value=value,
            normal=np.ones(len(self.rows), dtype=bool),
        )
