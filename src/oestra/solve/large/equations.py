"""Rates, Jacobian and outputs of a large model as array code."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from oestra.core.errors import InputError
from oestra.solve.derivative import TIME, gradients
from oestra.solve.expression import Expression
from oestra.solve.large.array_code import ArrayCode
from oestra.solve.large.layers import MOST_ROWS, Layers, layers_of
from oestra.solve.model import OdeModel
from oestra.solve.simplify import lower, simplify

__all__ = ["Equations", "Structure", "structure_of"]

Floats = NDArray[np.float64]
_ROOM = 4_000_000
"""Numbers that points evaluated together may take: 32 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What a model's equations are, apart from parameters.

    Parameters
    ----------
    rates, entries : ArrayCode
        Rates, and the nonzeros of the Jacobian in columns.
    observed : ArrayCode
        Outputs.
    rows, columns : ndarray
        Rows of the nonzeros, and where each column begins.
    plan : Layers
        Order of elimination.
    """

    rates: ArrayCode
    entries: ArrayCode
    observed: ArrayCode
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    plan: Layers

    def observe(self, t: Floats, y: Floats, p: Floats) -> Floats:
        """Return the outputs of one lane at some points.

        Parameters
        ----------
        t : ndarray, shape (points,)
            Times.
        y : ndarray, shape (points, n)
            States.
        p : ndarray, shape (m,)
            Parameters.

        Returns
        -------
        ndarray, shape (points, outputs)
            Outputs.
        """
        together = max(1, _ROOM // max(self.observed.size, 1))
        parts = []
        for first in range(0, len(t), together):
            some = slice(first, first + together)
            room = self.observed.prepare(p, len(t[some]))
            parts.append(self.observed.run(room, t[some], y[some].T).T)
        return np.concatenate(parts) if parts else np.zeros((0, 0))


def structure_of(model: OdeModel, outputs: Mapping[str, Expression]) -> Structure:
    """Derive, differentiate and order a model.

    Parameters
    ----------
    model : OdeModel
        The model.
    outputs : mapping of str to Expression
        What to record.

    Returns
    -------
    Structure
        Its equations.

    Raises
    ------
    InputError
        If the model's states depend on each other too densely.
    """
    n, m = len(model.states), len(model.parameters)
    rhs = simplify(model.rhs)
    places = {
        (j, i): node
        for i, row in enumerate(gradients(rhs))
        for j, node in row.items()
        if j != TIME
    }
    order = sorted(places)
    counts = np.bincount([j for j, _ in order], minlength=n)
    rows = np.array([i for _, i in order], dtype=np.int32)
    columns = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    pattern = csc_array((np.ones(len(order)), rows, columns), shape=(n, n))
    return Structure(
        rates=ArrayCode(lower(rhs), n, m),
        entries=ArrayCode(lower(places[place] for place in order), n, m),
        observed=ArrayCode(lower(simplify(outputs.values())), n, m),
        rows=rows,
        columns=columns,
        plan=_plan(model, csr_array(pattern)),
    )


def _plan(model: OdeModel, pattern: csr_array) -> Layers:
    try:
        return layers_of(pattern)
    except OverflowError:
        raise InputError(
            f"Model {model.name!r} is too large: more than {MOST_ROWS:,} of its "
            f"{len(model.states):,} states depend on each other so densely that "
            "their equations cannot be solved as sparse ones, which is the bound."
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Equations:
    """The equations of one lane.

    Parameters
    ----------
    structure : Structure
        What they are.
    p : ndarray, shape (m,)
        The lane's parameters.
    """

    structure: Structure
    p: Floats
    _rooms: dict[str, Floats] = field(default_factory=dict)

    @property
    def plan(self) -> Layers:
        """Order of elimination."""
        return self.structure.plan

    def rates(self, t: float, y: Floats) -> Floats:
        """Return dy/dt, shape (n,)."""
        return self._run("rates", self.structure.rates, t, y)

    def jacobian_columns(self, t: float, y: Floats) -> csc_array:
        """Return df/dy, shape (n, n)."""
        data = self._run("entries", self.structure.entries, t, y)
        s = self.structure
        return csc_array((data, s.rows, s.columns), shape=(len(y), len(y)))

    def _run(self, name: str, code: ArrayCode, t: float, y: Floats) -> Floats:
        if name not in self._rooms:
            self._rooms[name] = code.prepare(self.p)
        return code.run(self._rooms[name], t, y[:, None])[:, 0]
