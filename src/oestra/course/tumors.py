"""Tumors in time: integrate the clones, let them mutate, let the last cells die out."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import OestraError
from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.course.assemble import Lanes
from oestra.course.twins import Twins
from oestra.network.cell import Cell
from oestra.solve import failures as failures_of
from oestra.tumor.burden import log_total
from oestra.tumor.clone import MUTATION_RATES, SECOND_ESR1, Clone
from oestra.tumor.mutation import arising

__all__ = ["ATOL", "RTOL", "Period", "Tumors", "settle"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
RTOL, ATOL = 1e-4, 1e-7
_SETTLE_DAYS = 730.0
_MAX_STEPS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What happened in a period of time.

    Parameters
    ----------
    growth : ndarray, shape (k, points, clones)
        Rise of each clone's log cell number since the start of the period.
    ki67 : ndarray, shape (k, points, clones)
        Share of cycling cells.
    slc2a1 : ndarray, shape (k, points, clones)
        Glucose transporters of a cell, of the reference cell's.
    failures : int
        Lanes the solver did not bring to the end.
    """

    growth: Array
    ki67: Array
    slc2a1: Array
    failures: int


@dataclass(slots=True, kw_only=True)
class Tumors:
    """The changing state of the clones of n patients.

    Parameters
    ----------
    cell : Cell
        The compiled cell.
    ids : ndarray of int, shape (n,)
        Patient numbers.
    y : ndarray, shape (n, clones, states)
        State of every clone, those without cells included: a clone that arises later
        starts adapted to what the tumor lived through.
    log_cells : ndarray, shape (n, clones)
        Natural log of cell numbers, ``-inf`` where a clone has none.
    second : ndarray or None, shape (n,)
        Where there is a clone of a second ESR1 allele, the share of ESR1 mutations that
        make its allele, 0 for patients without; None where there is no such clone.
    """

    cell: Cell
    ids: Rows
    y: Array
    log_cells: Array
    second: Array | None = None
    _step: Array = field(init=False)
    _divided: Array | None = field(default=None, init=False)
    _survival: Array | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        # Zero leaves the first step to the solver; later periods go on with theirs.
        self._step = np.zeros(self.y.shape[:2])

    def total(self, rows: Rows) -> Array:
        """Return the log of all cells of some patients, shape (k,)."""
        return log_total(self.log_cells[rows])

    def grow(
        self, p: Array, rows: Rows, at: Array, twins: Twins | None = None
    ) -> Period:
        """Integrate clones over a period.

        Parameters
        ----------
        p : ndarray, shape (k, clones, parameters)
            Parameters of the clones of these patients; with twins, shape (m, clones,
            parameters), those of the first of each kind.
        rows : ndarray of int, shape (k,)
            Which patients.
        at : ndarray, shape (points,)
            Days from the start of the period; the last ends it.
        twins : Twins, optional
            Who of them has the states, steps and parameters of whom.

        Returns
        -------
        Period
            Growth and markers at these days.
        """
        clones = self.y.shape[1]
        some = rows if twins is None else rows[twins.first]
        start = self.y[some]
        start[:, :, self.cell.states["log_cell_number"]] = 0.0
        flat = start.reshape(len(some) * clones, -1)
        done = self.cell.kernel.advance(
            flat,
            p.reshape(len(flat), -1),
            0.0,
            float(at[-1]),
            rtol=RTOL,
            atol=ATOL,
            step=self._step[some].ravel(),
            at=at,
            max_steps=_MAX_STEPS,
        )
        everybody = slice(None) if twins is None else twins.back
        outcome = done.outcome.reshape(start.shape[:2])[everybody]
        failed = failures_of(outcome)
        failures = sum(failed.values())
        if failures > 0.01 * outcome.size:
            kinds = ", ".join(f"{k} {o.name}" for o, k in failed.items())
            raise OestraError(
                f"The solver lost {failures} of {outcome.size} clones ({kinds}); the "
                "parameters drive the cell where it has no steady course."
            )
        self.y[rows] = done.y.reshape(start.shape)[everybody]
        self._step[rows] = _finite(done.step).reshape(start.shape[:2])[everybody]
        shape = (len(some), clones, len(at), -1)
        outputs, column = done.outputs.reshape(shape), self.cell.output
        growth, ki67, slc2a1 = (
            _finite(outputs[..., column(name)])[everybody].transpose(0, 2, 1)
            for name in ("log_cell_number", "ki67", "slc2a1")
        )
        divisions, deaths = (
            outputs[:, :, -1, column(name)][everybody]
            for name in ("division_rate", "death_rate")
        )
        self._divided = divisions[:, Clone.PARENTAL] * at[-1]
        self._survival = np.clip(1.0 - deaths / np.maximum(divisions, 1e-12), 0.0, 1.0)
        self.log_cells[rows] += growth[:, -1]
        return Period(growth=growth, ki67=ki67, slc2a1=slc2a1, failures=failures)

    def mutate(
        self, rows: Rows, period: int, p: ParameterSet, streams: Streams
    ) -> None:
        """Add the mutants that arose in the last period, and end dying clones.

        Parameters
        ----------
        rows : ndarray of int, shape (k,)
            The patients of the last `grow`.
        period : int
            Number of the period in the patients' lives.
        p : ParameterSet
            Mutation rates.
        streams : Streams
            Source of chance.
        """
        if self._divided is None or self._survival is None:
            raise ValueError("mutate follows grow")
        ids = self.ids[rows]
        cells = np.exp(self.log_cells[rows])
        divisions = self._divided * cells[:, Clone.PARENTAL]
        mutants = list(MUTATION_RATES)
        cells[:, mutants] += arising(
            divisions,
            np.array([p[name] for name in MUTATION_RATES.values()]),
            self._survival[:, mutants],
            period,
            ids,
            streams,
        )
        if self.second is not None:
            # The other clones have the chance that they have without it.
            cells[:, [SECOND_ESR1]] += arising(
                divisions * self.second[rows],
                np.array([p[MUTATION_RATES[Clone.ESR1_MUTANT]]]),
                self._survival[:, [SECOND_ESR1]],
                period,
                ids,
                streams.spawn(Stream.SECOND_ALLELE),
            )
        dying = (cells > 0.0) & (cells < 1.0)
        able = dying.any(axis=1)
        level = self._levels(ids[able], period, streams)
        cells[able] = np.where(
            dying[able], (level < cells[able]).astype(float), cells[able]
        )
        with np.errstate(divide="ignore"):
            self.log_cells[rows] = np.log(cells)

    def _levels(self, ids: Rows, period: int, streams: Streams) -> Array:
        """Return the luck of the last cells of each clone, shape (k, clones)."""
        level = streams.uniform(
            Stream.EXTINCTION, ids, len(Clone), index=period * len(Clone)
        )
        if self.second is None:
            return level
        own = streams.spawn(Stream.SECOND_ALLELE)
        last = own.uniform(Stream.EXTINCTION, ids, index=period)
        return np.concatenate([level, last], axis=1)


def _finite(values: Array) -> Array:
    """Return values as `numpy.nan_to_num` does, without a copy where all are finite."""
    return values if np.isfinite(values).all() else np.nan_to_num(values)


def settle(lanes: Lanes) -> Array:
    """Return the state of untreated clones.

    Parameters
    ----------
    lanes : Lanes
        Clones of n patients.

    Returns
    -------
    ndarray, shape (n, clones, states)
        States after two years without treatment.
    """
    n, clones, width = lanes.p.shape
    p = lanes.p.reshape(n * clones, width)
    y = np.tile(
        lanes.cell.model.initial_states(lanes.cell.model.ode.values), (len(p), 1)
    )
    done = lanes.cell.kernel.advance(
        y, p, 0.0, _SETTLE_DAYS, rtol=RTOL, atol=ATOL, max_steps=_MAX_STEPS
    )
    return done.y.reshape(n, clones, -1)
