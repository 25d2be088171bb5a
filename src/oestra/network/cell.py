"""The composed cell: read from the shipped SBML file and compiled for the solver."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError, OestraError, unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.network.digest import source_digest
from oestra.solve import Kernel, compile_model
from oestra.solve.sbml import SbmlModel, recall_sbml

__all__ = ["OUTPUTS", "Cell", "cell", "composed_sbml"]

OUTPUTS = (
    "log_cell_number",
    "division_rate",
    "death_rate",
    "growth_rate",
    "ki67",
    "ere_output",
    "er_total",
    "rtk_output",
    "akt",
    "foxo",
    "ere_drive",
    "translation",
    "ap1_output",
    "erk_p",
    "slc2a1",
)
"""Observables recorded while lanes are integrated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The mechanistic cell, ready for lanes.

    Parameters
    ----------
    model : SbmlModel
        Equations, names and units.
    kernel : Kernel
        Compiled equations.
    digest : str
        Hash of the pathways and parameters the model was composed from.
    states, parameters : dict of str to int
        Columns of the state and parameter arrays.
    """

    model: SbmlModel
    kernel: Kernel
    digest: str
    states: dict[str, int]
    parameters: dict[str, int]

    def parameter_array(
        self, lanes: int, values: Mapping[str, NDArray[np.float64] | float]
    ) -> NDArray[np.float64]:
        """Return the parameters of lanes, defaults where nothing is set.

        Parameters
        ----------
        lanes : int
            How many lanes.
        values : mapping of str to float or ndarray, shape (lanes,)
            What differs from the reference cell.

        Returns
        -------
        ndarray of float64, shape (lanes, parameters)
            One row a lane.

        Raises
        ------
        InputError
            If a name is not a parameter of the cell.
        """
        array = np.tile(self.model.ode.values, (lanes, 1))
        for name, value in values.items():
            array[:, self.column(name)] = value
        return array

    def column(self, name: str) -> int:
        """Return the column of a parameter; unknown names raise `InputError`."""
        if name not in self.parameters:
            raise unknown_name("parameter of the cell", name, self.parameters)
        return self.parameters[name]

    def output(self, name: str) -> int:
        """Return the position of an observable among the kernel's outputs."""
        return OUTPUTS.index(name)

    def select(self, names: Iterable[str]) -> list[int]:
        """Return the columns of states."""
        return [self.states[name] for name in names]


def composed_sbml(library: Library = SHIPPED) -> str:
    """Return the composed model: as it ships, or with a library's own pathways.

    Parameters
    ----------
    library : Library
        Whose cell.

    Returns
    -------
    str
        SBML Level 3 Version 2.

    Raises
    ------
    OestraError
        If pathways or parameters that ship were edited after they were composed.
    InputError
        If own pathways do not fit; names file and line.
    """
    if library.own(Kind.PATHWAYS) or library.own(Kind.PARAMETERS):
        return library.once(_composed)
    folder = files("oestra.network")
    record = json.loads(folder.joinpath("cell.json").read_text(encoding="utf-8"))
    if record["sources"] != source_digest():
        raise OestraError(
            "The pathways or parameters of the cell were edited after cell.xml was "
            "composed; run: python -m oestra.network.ship"
        )
    return folder.joinpath("cell.xml").read_text(encoding="utf-8")


def _composed(library: Library) -> str:
    # Antimony is slow to load, and only own pathways need it.
    from oestra.network.compose import (  # noqa: PLC0415
        compose_sbml,
        consistency_errors,
    )

    sbml = compose_sbml(library)
    problems = consistency_errors(sbml, library)
    if problems:
        raise InputError(f"The cell is inconsistent: {problems[0]}")
    return sbml


def cell(library: Library = SHIPPED) -> Cell:
    """Return the composed cell, compiled; equations and code are cached on disk."""
    return library.once(_compiled)


def _compiled(library: Library) -> Cell:
    model = recall_sbml(composed_sbml(library))
    return Cell(
        model=model,
        kernel=compile_model(model.ode, OUTPUTS),
        digest=source_digest(library),
        states={name: i for i, name in enumerate(model.ode.states)},
        parameters={name: i for i, name in enumerate(model.ode.parameters)},
    )
