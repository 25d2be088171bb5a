"""Cultures and median tumors: the runs of a claim.

A culture is that of `oestra.culture.experiment`, with any parameter of the cell open to
edits, which is how an edge of the network is cut. The median tumor is the model's
reference cell in a typical patient, under a regimen at steady state.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from oestra.claims.claim import Run
from oestra.claims.readings import Readings
from oestra.core.errors import InputError, OestraError
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import ParameterSet
from oestra.culture.genotype import parse_genotype
from oestra.culture.medium import Condition, parse_condition, parse_step
from oestra.culture.readout import find_readout, readouts
from oestra.culture.strain import Strain, establish
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.engagement.regimen_load import drug_loads
from oestra.model.parameters import best_parameters
from oestra.network.alteration import find_alteration
from oestra.network.cell import cell
from oestra.network.cell_line import find_line
from oestra.solve import Advance, Kernel, compile_model

__all__ = ["TUMOR", "Experiment", "conduct", "prepare"]

Array = NDArray[np.float64]
Pairs = tuple[tuple[str, float], ...]
Values = Mapping[str, float]
TUMOR = "tumor"
"""The line of a run that is a median tumor."""
_SETTLE_DAYS = 1000.0
_POINTS = 15
_RTOL, _ATOL = 1e-6, 1e-9


def claim_kernel(library: Library = SHIPPED) -> Kernel:
    """Return the cell compiled to record every state and every derived quantity."""
    return library.once(_kernel)


def _kernel(library: Library) -> Kernel:
    ode = cell(library).model.ode
    known = readouts(library).values()
    named = [symbol for one in known for symbol in one.symbols]
    return compile_model(ode, tuple(dict.fromkeys([*ode.states, *ode.outputs, *named])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """What was recorded in one run.

    Parameters
    ----------
    at : ndarray, shape (points,)
        Days.
    outputs : ndarray, shape (conditions, points, symbols)
        Symbols of `claim_kernel`; several conditions where the run has doses.
    doses : tuple of float
        The doses; empty for a run with one condition.
    library : Library
        Whose readouts they are.
    """

    at: Array
    outputs: Array
    doses: tuple[float, ...] = ()
    library: Library = SHIPPED

    def read(self, name: str, label: str) -> Readings:
        """Return a readout, or any state or derived quantity of the cell.

        Parameters
        ----------
        name : str
            Its name; readouts of cultures come first.
        label : str
            What errors call it.

        Raises
        ------
        InputError
            If there is none; names the nearest.
        """
        symbols = claim_kernel(self.library).outputs
        if name in readouts(self.library) or name not in symbols:
            values = find_readout(name, self.library).of(self.outputs, symbols)
        else:
            values = self.outputs[..., symbols.index(name)]
        if self.doses:
            doses = np.array(self.doses)
            return Readings(name=label, at=doses, values=values[:, -1], over_doses=True)
        return Readings(name=label, at=self.at, values=values[0])


def conduct(run: Run, common: ParameterSet | None = None) -> Experiment:
    """Carry out a run.

    Parameters
    ----------
    run : Run
        With every entry filled in.
    common : ParameterSet, optional
        Parameters of the model, by default those that ship.

    Returns
    -------
    Experiment
        Courses of its cells.

    Raises
    ------
    InputError
        If a name, number or unit cannot be used.
    OestraError
        If the solver could not follow the cells to the end.
    """
    chosen = common or best_parameters()
    y, rows = prepare(run, chosen)
    at = np.linspace(0.0, run.days, _POINTS)
    start = np.tile(y, (len(rows), 1))
    start[:, cell(chosen.library).states["log_cell_number"]] = 0.0
    done = _advance(start, rows, chosen, run.days, at)
    return Experiment(
        at=at, outputs=done.outputs, doses=run.doses, library=chosen.library
    )


def prepare(run: Run, common: ParameterSet) -> tuple[Array, list[Values]]:
    """Return the state the cells of a run start from, and what is then done to them.

    Parameters
    ----------
    run : Run
        With every entry filled in.
    common : ParameterSet
        Parameters of the model.

    Returns
    -------
    y : ndarray, shape (states,)
        State after any pretreatment.
    rows : list of mapping of str to float
        Parameters of the cell that differ from the reference, one a condition.
    """
    return _tumor(run, common) if run.line == TUMOR else _culture(run, common)


def _advance(
    y: Array, rows: Sequence[Values], common: ParameterSet, days: float,
    at: Array | None = None,
) -> Advance:  # fmt: skip
    model = cell(common.library)
    shared = {name: common[name] for name in model.parameters if name in common}
    p = model.parameter_array(len(rows), shared)
    for row, values in zip(p, rows, strict=True):
        row[[model.column(name) for name in values]] = list(values.values())
    kernel = claim_kernel(common.library)
    done = kernel.advance(y, p, 0.0, days, rtol=_RTOL, atol=_ATOL, at=at)
    if failed := done.failures():
        kinds = ", ".join(f"{count} {kind.name}" for kind, count in failed.items())
        raise OestraError(f"The solver lost {kinds} of {len(rows)} lanes of a claim.")
    return done


def _edits(run: Run) -> Pairs:
    return tuple(sorted(run.cell.items()))


def _filled(text: str, doses: Sequence[float]) -> list[str]:
    if not doses:
        return [text]
    return [text.replace("{}", f"{dose:.10g}") for dose in doses]


def _under(strain: Strain, condition: Condition, edits: Pairs) -> dict[str, float]:
    """Return the parameters of a culture in a medium, edits last."""
    return {**strain.under(condition), **dict(edits)}


def _culture(run: Run, common: ParameterSet) -> tuple[Array, list[Values]]:
    """Return the state a culture starts from and its parameters in each condition."""
    edits, library = _edits(run), common.library
    strain = _strain(run.line, run.set, edits, common)
    media, drugs = _filled(run.medium, run.doses), _filled(run.drug, run.doses)
    # A pretreatment names what it changes; what is dosed begins with the experiment.
    early = "none" if "{}" in run.medium else run.medium
    medium = {
        **strain.medium,
        **parse_condition(early, library, drugs=False).substances,
    }
    y = strain.y[None]
    for text in run.pretreat:
        step = parse_step(text, library)
        full = _under(strain, step.condition.within(medium), edits)
        y = _advance(y, [full], common, step.days).y
    rows: list[Values] = []
    for given, drug in zip(media, drugs, strict=True):
        own = {
            **strain.medium,
            **parse_condition(given, library, drugs=False).substances,
        }
        rows.append(_under(strain, parse_condition(drug, library).within(own), edits))
    return y[0], rows


@lru_cache(maxsize=256)
def _strain(
    line: str, lesions: tuple[str, ...], edits: Pairs, common: ParameterSet
) -> Strain:
    """Return a line at rest with its edits; they do not change the pace it is given."""
    library = common.library
    found = find_line(line, library)
    strain = establish(found, parse_genotype(lesions, library), common)
    if not edits:
        return strain
    medium = {name: level.value for name, level in found.untouched.medium.items()}
    conditions = [(Condition(substances=medium), _SETTLE_DAYS)]
    steps = [parse_step(text, library) for text in found.pretreatment]
    conditions += [(step.condition.within(medium), step.days) for step in steps]
    y = strain.y[None]
    for condition, days in conditions:
        y = _advance(y, [_under(strain, condition, edits)], common, days).y
    return replace(strain, y=y[0])


def _tumor(run: Run, common: ParameterSet) -> tuple[Array, list[Values]]:
    """Return the untreated state of a median tumor and its parameters on a regimen."""
    if run.medium != "none" or run.pretreat or run.doses:
        raise InputError("A tumor has a regimen, no medium, pretreatment or doses.")
    values = {**_lesions(run.set, common), **run.cell}
    subjects = replace(PkSubjects.typical(), cyp2d6=np.array([run.cyp2d6]))
    loads = drug_loads(_regimen(run.drug, common.library), subjects, common)
    treated = {name: float(load[0]) for name, load in loads.items()}
    return _rested(tuple(sorted(values.items())), common), [{**values, **treated}]


def _regimen(text: str, library: Library) -> Regimen:
    return Regimen() if text == "none" else Regimen.parse(text, library)


def _lesions(items: Sequence[str], common: ParameterSet) -> dict[str, float]:
    values: dict[str, float] = {}
    for gene, name in parse_genotype(items, common.library).changes:
        alteration = find_alteration(gene, name, common.library)
        values.update(alteration.set)
        for parameter, factor in alteration.scale.items():
            values[parameter] = values.get(parameter, common[parameter]) * factor
    return values


@lru_cache(maxsize=64)
def _rested(values: Pairs, common: ParameterSet) -> Array:
    model = cell(common.library).model
    start = model.initial_states(model.ode.values)[None]
    return _advance(start, [dict(values)], common, _SETTLE_DAYS).y[0]
