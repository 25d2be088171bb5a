"""Established cultures: a line with its genes, at rest in the medium it is kept in.

The pace of a line follows from the doubling time, apoptosis and Ki67 measured on its
founder: the founder is simulated untreated in its own medium, and the paces of
division, death and Ki67 are set so that it grows as measured. Whatever is then done to
the line changes its growth through the network alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError, OestraError
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import ParameterSet
from oestra.culture.genotype import Genotype
from oestra.culture.hormones import medium_parameters
from oestra.culture.medium import Condition, parse_step
from oestra.culture.readout import readouts
from oestra.engagement.medium_load import medium_loads
from oestra.network.cell import cell
from oestra.network.cell_line import CellLine, cell_lines
from oestra.solve import Advance, Kernel, compile_model

__all__ = ["PACES", "Strain", "culture_kernel", "establish"]

Array = NDArray[np.float64]
_SETTLE_DAYS = 1000.0
_RTOL, _ATOL = 1e-6, 1e-9
_PACE = ("dividing", "death_fraction", "cycling", "licensed")
PACES = ("k_division", "k_death", "ki67_entry")
"""Parameters that are set so that a line grows as measured."""
_SLOWEST = 0.02


def culture_kernel(library: Library = SHIPPED) -> Kernel:
    """Return the cell compiled to record every symbol the readouts need."""
    return library.once(_kernel)


def _kernel(library: Library) -> Kernel:
    known = readouts(library).values()
    named = [symbol for one in known for symbol in one.symbols]
    ode = cell(library).model.ode
    return compile_model(ode, tuple(dict.fromkeys([*named, *_PACE])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Strain:
    """A culture before an experiment.

    Parameters
    ----------
    line : CellLine
        The line.
    genotype : Genotype
        What was changed in its genes.
    values : mapping of str to float
        Parameters of the cell that differ from the reference cell, without medium.
    y : ndarray, shape (states,)
        State at rest, after the line's own pretreatment.
    common : ParameterSet
        Parameters of the model.
    """

    line: CellLine
    genotype: Genotype
    common: ParameterSet
    values: Mapping[str, float]
    y: Array

    @property
    def medium(self) -> dict[str, float]:
        """Concentrations of the medium the line is kept in, nM."""
        return {name: level.value for name, level in self.line.medium.items()}

    def under(self, condition: Condition) -> dict[str, float]:
        """Return the parameters of the culture under a full condition, by name."""
        return _under(self.line, self.values, condition, self.common)

    def grow(
        self,
        y: ArrayLike,
        conditions: Sequence[Condition],
        days: float,
        at: ArrayLike | None = None,
        also: Sequence[Mapping[str, float]] = (),
    ) -> Advance:
        """Integrate one culture in each of several full conditions.

        Parameters
        ----------
        y : array_like, shape (states,) or (conditions, states)
            Where they start.
        conditions : sequence of Condition
            All that is in each medium.
        days : float
            How long.
        at : array_like, shape (points,), optional
            Days at which readouts are recorded.
        also : sequence of mapping of str to float, optional
            Parameters of the cell that each culture is given besides.

        Returns
        -------
        Advance
            States at the end and the symbols of `culture_kernel`.

        Raises
        ------
        OestraError
            If the solver could not follow a culture to the end.
        """
        rows = [self.under(condition) for condition in conditions]
        if also:
            rows = [{**row, **more} for row, more in zip(rows, also, strict=True)]
        return _advance(y, rows, self.common, days, at)


def _under(
    line: CellLine,
    values: Mapping[str, float],
    condition: Condition,
    common: ParameterSet,
) -> dict[str, float]:
    """Return the parameters of a culture under a full condition."""
    medium = medium_parameters(condition.substances, line.aromatase, common.library)
    return {**values, **medium, **medium_loads(condition.drugs, common)}


def _advance(
    y: ArrayLike,
    rows: Sequence[Mapping[str, float]],
    common: ParameterSet,
    days: float,
    at: ArrayLike | None = None,
) -> Advance:
    model = cell(common.library)
    shared = {name: common[name] for name in model.parameters if name in common}
    p = model.parameter_array(len(rows), shared)
    for row, values in zip(p, rows, strict=True):
        row[[model.column(name) for name in values]] = list(values.values())
    start = np.broadcast_to(np.asarray(y, dtype=float), (len(rows), len(model.states)))
    kernel = culture_kernel(common.library)
    done = kernel.advance(start, p, 0.0, days, rtol=_RTOL, atol=_ATOL, at=at)
    failed = done.failures()
    if failed:
        kinds = ", ".join(f"{count} {kind.name}" for kind, count in failed.items())
        raise OestraError(f"The solver lost {kinds} of {len(rows)} cultures.")
    return done


def _rest(line: CellLine, values: dict[str, float], common: ParameterSet) -> Advance:
    """Let an untreated culture come to rest in the medium of its line."""
    condition = Condition(substances={n: q.value for n, q in line.medium.items()})
    full = _under(line, values, condition, common)
    model = cell(common.library).model
    start = model.initial_states(model.ode.values)
    return _advance(start, [full], common, _SETTLE_DAYS, at=[_SETTLE_DAYS])


@lru_cache(maxsize=64)
def _pace(name: str, common: ParameterSet) -> dict[str, float]:
    """Return the paces with which a founder grows as measured."""
    founder = cell_lines(common.library)[name]
    if not (founder.doubling_time and founder.apoptosis_rate and founder.ki67):
        raise InputError(f"The growth of {founder.id} was not measured.")
    own = Genotype().parameters(founder, common, common.library)
    record = _rest(founder, own, common).outputs[0, -1]
    names = culture_kernel(common.library).outputs
    dividing, dying, *marked = (float(record[names.index(one)]) for one in _PACE)
    if dividing < _SLOWEST:
        raise OestraError(
            f"Untreated {founder.id} does not divide ({dividing:.1%} of its cells are "
            "in cycle), so that no pace gives its doubling time."
        )
    deaths = founder.apoptosis_rate.value
    growth = np.log(2.0) / (founder.doubling_time.value / 24.0)
    share = founder.ki67.value / 100.0
    return {
        "k_division": (growth + deaths) / dividing,
        "k_death": deaths / dying,
        "ki67_entry": share / (1.0 - share) / float(np.prod(marked)),
    }


def establish(line: CellLine, genotype: Genotype, common: ParameterSet) -> Strain:
    """Return a line with its genes at rest, after its own pretreatment.

    Parameters
    ----------
    line : CellLine
        A line of the library.
    genotype : Genotype
        What to change in its genes.
    common : ParameterSet
        Parameters of the model.

    Returns
    -------
    Strain
        The culture; kept, so that the next experiment starts at once.

    Raises
    ------
    OestraError
        If the founder of the line does not grow in its own medium.
    """
    return _established(line.id, genotype, common)


@lru_cache(maxsize=256)
def _established(name: str, genotype: Genotype, common: ParameterSet) -> Strain:
    line = cell_lines(common.library)[name]
    pace = _pace(line.founder.id, common)
    values = {**genotype.parameters(line, common, common.library), **pace}
    origin = line.untouched
    y = _rest(origin, values, common).y
    medium = {name: level.value for name, level in origin.medium.items()}
    for text in line.pretreatment:
        step = parse_step(text, common.library)
        full = _under(line, values, step.condition.within(medium), common)
        y = _advance(y, [full], common, step.days).y
    return Strain(line=line, genotype=genotype, values=values, y=y[0], common=common)
