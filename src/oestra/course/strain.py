"""Established cultures: a line with its genes, at rest in the medium it is kept in.

The pace of a line follows from the doubling time, apoptosis and Ki67 measured on its
founder: the founder is simulated untreated in its own medium, and the paces of
division, death and Ki67 are set so that it grows as measured. Whatever is then done to
the line changes its growth through the network alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.errors import InputError, OestraError
from oestra.course.exposure import drug_parameters, medium_parameters
from oestra.course.genotype import Genotype
from oestra.course.medium import Condition, parse_step
from oestra.course.parameters import best_parameters
from oestra.course.readout import readouts
from oestra.network.cell import cell
from oestra.network.cell_line import CellLine
from oestra.solve import Advance, Kernel, compile_model

__all__ = ["Strain", "advance", "culture_kernel", "establish"]

Array = NDArray[np.float64]
_SETTLE_DAYS = 1000.0
_RTOL, _ATOL = 1e-6, 1e-9
_PACE = ("rb_p", "death_fraction")


@cache
def culture_kernel() -> Kernel:
    """Return the cell compiled to record every symbol the readouts need."""
    named = [symbol for one in readouts().values() for symbol in one.symbols]
    return compile_model(cell().model.ode, tuple(dict.fromkeys([*named, *_PACE])))


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
    """

    line: CellLine
    genotype: Genotype
    values: Mapping[str, float]
    y: Array

    @property
    def medium(self) -> dict[str, float]:
        """Concentrations of the medium the line is kept in, nM."""
        return {name: level.value for name, level in self.line.medium.items()}

    def parameters(self, condition: Condition) -> dict[str, float]:
        """Return all parameters of the culture under a full condition."""
        return _under(self.line, self.values, condition)


def _under(
    line: CellLine, values: Mapping[str, float], condition: Condition
) -> dict[str, float]:
    p = best_parameters()
    pace = values.get("k_division", p["k_division"])
    medium = medium_parameters(condition.substances, line.aromatase)
    return {**values, **medium, **drug_parameters(condition, p, pace)}


def advance(
    y: ArrayLike, rows: list[dict[str, float]], days: float, at: ArrayLike | None = None
) -> Advance:
    """Integrate cultures.

    Parameters
    ----------
    y : array_like, shape (lanes, states)
        Where they start.
    rows : list of dict of str to float
        Parameters of each lane that differ from the reference cell.
    days : float
        How long.
    at : array_like, shape (points,), optional
        Days at which readouts are recorded.

    Returns
    -------
    Advance
        States at the end and the symbols of `culture_kernel`.

    Raises
    ------
    OestraError
        If the solver could not follow a culture to the end.
    """
    model, common = cell(), best_parameters()
    p = model.parameter_array(
        len(rows), {name: common[name] for name in model.parameters if name in common}
    )
    for row, values in zip(p, rows, strict=True):
        row[[model.column(name) for name in values]] = list(values.values())
    done = culture_kernel().advance(y, p, 0.0, days, rtol=_RTOL, atol=_ATOL, at=at)
    failed = done.failures()
    if failed:
        kinds = ", ".join(f"{count} {kind.name}" for kind, count in failed.items())
        raise OestraError(f"The solver lost {kinds} of {len(rows)} cultures.")
    return done


def _rest(line: CellLine, values: dict[str, float]) -> Advance:
    """Let an untreated culture come to rest in the medium of its line."""
    condition = Condition(substances={n: q.value for n, q in line.medium.items()})
    full = _under(line, values, condition)
    start = cell().model.initial_states(cell().model.ode.values)[None]
    return advance(start, [full], _SETTLE_DAYS, at=[_SETTLE_DAYS])


def _pace(founder: CellLine) -> dict[str, float]:
    """Return the paces with which a founder grows as measured."""
    if not (founder.doubling_time and founder.apoptosis_rate and founder.ki67):
        raise InputError(f"The growth of {founder.id} was not measured.")
    own = Genotype().parameters(founder, best_parameters())
    record = _rest(founder, own).outputs[0, -1]
    names = culture_kernel().outputs
    cycling, dying = (float(record[names.index(name)]) for name in _PACE)
    if cycling < 0.02:
        raise OestraError(
            f"Untreated {founder.id} does not divide (Rb phosphorylated to "
            f"{cycling:.1%}), so that no pace gives its doubling time."
        )
    deaths = founder.apoptosis_rate.value
    growth = np.log(2.0) / (founder.doubling_time.value / 24.0)
    share = founder.ki67.value / 100.0
    return {
        "k_division": (growth + deaths) / cycling,
        "k_death": deaths / dying,
        "ki67_entry": share / (1.0 - share) / cycling,
    }


_ESTABLISHED: dict[tuple[str, Genotype], Strain] = {}


def establish(line: CellLine, genotype: Genotype) -> Strain:
    """Return a line with its genes at rest, after its own pretreatment.

    Parameters
    ----------
    line : CellLine
        The line.
    genotype : Genotype
        What to change in its genes.

    Returns
    -------
    Strain
        The culture; computed once for each line and genotype.

    Raises
    ------
    OestraError
        If the founder of the line does not grow in its own medium.
    """
    key = (line.id, genotype)
    if key not in _ESTABLISHED:
        _ESTABLISHED[key] = _establish(line, genotype)
    return _ESTABLISHED[key]


def _establish(line: CellLine, genotype: Genotype) -> Strain:
    pace = _pace(line.founder)
    values = {**genotype.parameters(line, best_parameters()), **pace}
    origin = line.untouched
    y = _rest(origin, values).y
    medium = {name: level.value for name, level in origin.medium.items()}
    for text in line.pretreatment:
        step = parse_step(text)
        full = _under(line, values, step.condition.within(medium))
        y = advance(y, [full], step.days).y
    return Strain(line=line, genotype=genotype, values=values, y=y[0])
