"""The whole network of a cell over time, treated beside a reference.

Cells in culture, or the median tumor of a patient, as `oestra cell` and the claims run
them; every state and derived quantity is kept, so that a map can show them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from oestra.claims.cells import TUMOR, claim_kernel, prepare
from oestra.claims.claim import Run
from oestra.core.errors import OestraError
from oestra.core.parameter_set import ParameterSet
from oestra.culture.medium import parse_condition
from oestra.drugs.load import find
from oestra.drugs.regimen import Regimen
from oestra.drugs.target import find_lever
from oestra.network.cell import cell
from oestra.network.cell_line import find_line
from oestra.network.contribution import named_quantities

__all__ = ["DAYS", "Held", "NetworkCourse", "NetworkState", "network_course"]

Array = NDArray[np.float64]
_RTOL, _ATOL = 1e-6, 1e-9
_HOURS = (0, 0.5, 1, 2, 4, 8, 16)
DAYS = (
    *(hours / 24 for hours in _HOURS),
    *(1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 42, 56, 84, 112, 140, 180),
)
"""Days at which the network is read: hours, days, weeks and months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkState:
    """Cells and what is done to them.

    Parameters
    ----------
    line : str
        A cell line, or ``"tumor"`` for the median tumor of a patient after menopause.
    set : tuple of str
        Lesions, such as ``"PTEN=loss"``.
    drug : str
        Concentrations in a medium, hormones and growth factors too; of a tumor, a
        regimen.
    against : str
        What treated cells are compared with: ``"untreated"`` for the same cells
        without treatment, ``"line"`` for the line without these lesions besides.
    """

    line: str = "MCF-7"
    set: tuple[str, ...] = ()
    drug: str = "none"
    against: Literal["untreated", "line"] = "untreated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How much of a target drugs hold.

    Parameters
    ----------
    parameter : str
        Parameter of the cell that the target sets.
    target : str
        The target.
    drugs : tuple of str
        Drugs of the treatment that act on it.
    share : float
        Share of it that they hold together, 0 to 1; of those that kill, the rate of
        death, 1/day.
    """

    parameter: str
    target: str
    drugs: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCourse:
    """Every named quantity of the cell over time.

    Parameters
    ----------
    state : NetworkState
        What was run.
    days : ndarray, shape (points,)
        When it was read.
    symbols : tuple of str
        States and derived quantities.
    reference, treated : ndarray, shape (points, symbols)
        Their values.
    before, after : dict of str to float
        Parameters of the cell in both conditions.
    held : tuple of Held
        What drugs hold of their targets.
    library : ParameterSet
        Parameters of the model.
    """

    state: NetworkState
    days: Array
    symbols: tuple[str, ...]
    reference: Array
    treated: Array
    before: Mapping[str, float]
    after: Mapping[str, float]
    held: tuple[Held, ...]
    common: ParameterSet

    def at(self, day: float) -> tuple[dict[str, float], dict[str, float]]:
        """Return all quantities and parameters of both at the reading next to a day."""
        point = int(np.abs(self.days - day).argmin())
        return tuple(
            {**own, **dict(zip(self.symbols, course[point].tolist(), strict=True))}
            for own, course in (
                (self.before, self.reference),
                (self.after, self.treated),
            )
        )  # pyright: ignore[reportReturnType]


def network_course(
    state: NetworkState, common: ParameterSet, *, days: Sequence[float] = DAYS
) -> NetworkCourse:
    """Run cells with and without a treatment and read all of the network.

    Parameters
    ----------
    state : NetworkState
        Cells and treatment.
    common : ParameterSet
        Parameters of the model.
    days : sequence of float
        When to read, ascending, from 0.

    Returns
    -------
    NetworkCourse
        Both courses from the same state, unless the reference is the bare line.

    Raises
    ------
    InputError
        If a line, lesion, drug, unit or number cannot be used; names the nearest.
    """
    line = state.line.strip()
    whole = TUMOR if line.casefold() == TUMOR else find_line(line, common.library).id
    run = Run(line=whole, set=state.set, drug=state.drug, days=float(days[-1]))
    bare = state.set if state.against == "untreated" else ()
    y_treated, (treated,) = prepare(run, common)
    reference = Run(line=whole, set=bare, drug="none", days=run.days)
    y_reference, (untreated,) = prepare(reference, common)
    at = np.array(days, dtype=float)
    outputs, parameters = _advance(
        [y_reference, y_treated], [untreated, treated], common, at
    )
    names = named_quantities(common.library)
    kept = [claim_kernel(common.library).outputs.index(name) for name in names]
    before, after = parameters
    return NetworkCourse(
        state=state,
        days=at,
        symbols=names,
        reference=outputs[0][:, kept],
        treated=outputs[1][:, kept],
        before=before,
        after=after,
        held=_held(run, after, common),
        common=common,
    )


def _advance(
    starts: Sequence[Array],
    rows: Sequence[Mapping[str, float]],
    common: ParameterSet,
    at: Array,
) -> tuple[Array, list[dict[str, float]]]:
    """Integrate both lanes; return what was recorded and their parameters by name."""
    model = cell(common.library)
    shared = {name: common[name] for name in model.parameters if name in common}
    p = model.parameter_array(len(rows), shared)
    for row, values in zip(p, rows, strict=True):
        row[[model.column(name) for name in values]] = list(values.values())
    y = np.array(starts)
    y[:, model.states["log_cell_number"]] = 0.0
    kernel = claim_kernel(common.library)
    done = kernel.advance(y, p, 0.0, float(at[-1]), rtol=_RTOL, atol=_ATOL, at=at)
    if done.failures():
        raise OestraError(
            "The solver could not follow these cells to the end; change a dose."
        )
    named = [dict(zip(model.parameters, row, strict=True)) for row in p.tolist()]
    return done.outputs, named


def _held(
    run: Run, after: Mapping[str, float], common: ParameterSet
) -> tuple[Held, ...]:
    acting: dict[str, list[str]] = {}
    for drug, target in _actions(run, common):
        acting.setdefault(target, []).append(drug)
    found: list[Held] = []
    for target, drugs in acting.items():
        lever = find_lever(target, common.library)
        name = lever.parameter or lever.kill
        value = after.get(name, 0.0)
        share = value / (1.0 + value) if lever.is_load else value
        if value:
            given = tuple(dict.fromkeys(drugs))
            one = Held(parameter=name, target=target, drugs=given, share=share)
            found.append(one)
    return tuple(found)


def _actions(run: Run, common: ParameterSet) -> list[tuple[str, str]]:
    """Return drugs with each target that they, or what becomes of them, have."""
    library = common.library
    if run.drug == "none":
        return []
    if run.line != TUMOR:
        drugs = parse_condition(run.drug, library).drugs
        return [(d, one.target) for d in drugs for one in find(d, library).targets]
    components: Any = Regimen.parse(run.drug, library).components
    return [
        (component.drug.id, action.target)
        for component in components
        for moiety in component.drug.moieties
        for action in moiety.targets
    ]
