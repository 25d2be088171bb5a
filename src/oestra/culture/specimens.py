"""Cells chosen for export: the reference cell, or a culture as its experiment starts.

The numbers are those that `oestra.culture.experiment.run_cell` would integrate.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError, OestraError
from oestra.core.library import SHIPPED, Library, library_of
from oestra.core.parameter_set import ParameterSet
from oestra.culture.experiment import Culture, prepare
from oestra.culture.genotype import parse_genotype
from oestra.culture.medium import Condition, parse_condition
from oestra.drugs.load import find
from oestra.drugs.target import find_lever
from oestra.model.belonging import stale_fit
from oestra.model.parameters import best_parameters
from oestra.network.cell import Cell, cell
from oestra.network.cell_line import CellLine
from oestra.network.digest import source_digest
from oestra.network.parameter import parameter_table
from oestra.network.specimen import Specimen

__all__ = [
    "acting_through",
    "culture_specimens",
    "network_values",
    "origin_remarks",
    "reference_specimen",
    "state_values",
]

Array = NDArray[np.float64]
_DAYS, _ROUNDS, _CLOSE = 3000.0, 30, 1e-8
_REFERENCE = CellLine(
    id="reference cell",
    description="The median tumor of a patient, which all quantities are relative to.",
)


def reference_specimen(
    *,
    set: Sequence[str] = (),  # noqa: A002 - the word of the command line
    settled: bool = False,
    parameters: ParameterSet | None = None,
) -> Specimen:
    """Return the reference cell, untreated, in a patient after menopause.

    Parameters
    ----------
    set : sequence of str
        Lesions, such as ``"PIK3CA=H1047R"``.
    settled : bool
        Whether it starts at rest; else from the composed initial state.
    parameters : ParameterSet, optional
        Parameters of the model; the best set by default.

    Returns
    -------
    Specimen
        Ready for export.

    Raises
    ------
    InputError
        If a lesion cannot be used.
    OestraError
        If the cell does not come to rest.
    """
    common = parameters or best_parameters(library_of())
    library = common.library
    genotype = parse_genotype(set, library)
    own = genotype.parameters(_REFERENCE, common, library)
    values = network_values(common) | own
    states: dict[str, float] = {}
    if settled:
        model = cell(library)
        start = model.model.initial_states(_row(model, values))
        states = state_values(_rest(model, start, values), model)
    start = "at rest" if settled else "from the composed initial state, not at rest"
    return Specimen(
        title="Reference cell" + _carrying(genotype.of(_REFERENCE)),
        values=values,
        states=states,
        remarks=(f"It starts {start}.", *origin_remarks(library)),
        library=library,
    )


def culture_specimens(
    line: str,
    *,
    set: Sequence[str] = (),  # noqa: A002 - the word of the command line
    medium: str = "none",
    drug: str = "none",
    settled: bool = False,
    parameters: ParameterSet | None = None,
) -> tuple[Specimen, Specimen]:
    """Return a culture without and with a treatment, both from the same state.

    Parameters
    ----------
    line : str
        Name of a cell line.
    set : sequence of str
        Lesions.
    medium : str
        What differs from the medium the line is kept in.
    drug : str
        What the treated culture gets.
    settled : bool
        Whether the cells first come to rest in the medium; else they are moved into it
        at the start, from rest in the line's own.
    parameters : ParameterSet, optional
        Parameters of the model; the best set by default.

    Returns
    -------
    tuple of Specimen
        Untreated and treated.

    Raises
    ------
    InputError
        If a name, unit or number cannot be used.
    OestraError
        If the cells do not come to rest.
    """
    common = parameters or best_parameters(library_of())
    library, model = common.library, cell(common.library)
    treatment = parse_condition(drug, library)
    culture = prepare(line, set=set, medium=medium, parameters=common)
    if culture.changes.changes:
        raise InputError(
            f"A medium that changes cannot be exported, got {medium!r}; name one."
        )
    y = culture.y
    if settled:
        y = _rest(model, y, _culture_values(culture, Condition()))
    where = "this medium" if settled else "the line's own medium"
    remarks = (f"The cells start at rest in {where}.", *origin_remarks(library))
    untreated, treated = (
        Specimen(
            title=_culture_title(culture, condition),
            values=_culture_values(culture, condition),
            states=state_values(y, model),
            line=culture.strain.line.id,
            drugs=acting_through(condition.drugs, library),
            remarks=remarks,
            library=library,
        )
        for condition in (Condition(), treatment)
    )
    return untreated, treated


def network_values(common: ParameterSet) -> dict[str, float]:
    """Return the parameters of the cell that a parameter set holds."""
    return {name: common[name] for name in parameter_table(common.library)}


def state_values(y: Array, model: Cell) -> dict[str, float]:
    """Return a state of the cell by the names of its parts."""
    return {name: float(y[column]) for name, column in model.states.items()}


def acting_through(
    drugs: Iterable[str], library: Library = SHIPPED
) -> dict[str, tuple[str, ...]]:
    """Return drugs by the parameters of the cell through which they act."""
    found: dict[str, tuple[str, ...]] = {}
    for name in drugs:
        targets = find(name, library).targets
        levers = [find_lever(action.target, library) for action in targets]
        for symbol in {
            one for lever in levers for one in (lever.parameter, lever.kill)
        }:
            if symbol:
                found[symbol] = (*found.get(symbol, ()), name)
    return dict(sorted(found.items()))


def origin_remarks(library: Library = SHIPPED) -> tuple[str, ...]:
    """Say where the numbers of an exported cell come from."""
    stale = stale_fit()
    values = (
        f"Parameters: {stale}."
        if stale
        else "Parameters: the fitted set that ships with Oestra."
    )
    return values, f"Sources of the cell: SHA-256 {source_digest(library)}."


def _culture_values(culture: Culture, condition: Condition) -> dict[str, float]:
    strain, full = culture.strain, condition.within(culture.medium)
    return {**network_values(strain.common), **strain.under(full)}


def _culture_title(culture: Culture, condition: Condition) -> str:
    strain, full = culture.strain, condition.within(culture.medium)
    name = strain.line.id + _carrying(strain.genotype.of(strain.line))
    medium = Condition(substances=full.substances)
    treated = Condition(drugs=full.drugs)
    return f"{name} in {medium}" + (f", with {treated}" if full.drugs else "")


def _carrying(genes: Mapping[str, str]) -> str:
    told = ", ".join(f"{gene} {name}" for gene, name in genes.items())
    return f" ({told})" if told else ""


def _row(model: Cell, values: Mapping[str, float]) -> Array:
    return model.parameter_array(1, values)[0]


def _rest(model: Cell, y: Array, values: Mapping[str, float]) -> Array:
    """Let a cell come to rest; its cell number starts anew."""
    p = _row(model, values)[None]
    number = model.states["log_cell_number"]
    now = np.array(y, dtype=float)[None]
    for _ in range(_ROUNDS):
        before = now.copy()
        now = model.kernel.advance(now, p, 0.0, _DAYS, rtol=1e-9, atol=1e-12).y
        now[:, number] = before[:, number] = 0.0
        if np.abs(now - before).max() < _CLOSE:
            return now[0]
    raise OestraError(
        f"The untreated cells do not come to rest within {_ROUNDS * _DAYS:g} days; "
        "leave out --settled."
    )
