"""The whole problem: model, tables, and what could not be written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oestra.calibration.cells.problem import CellProblem, terms
from oestra.calibration.petab.conditions import conditions
from oestra.calibration.petab.estimated import Estimated, blot_scales, free_rows
from oestra.calibration.petab.model import (
    kept_at_rest,
    kept_at_start,
    petab_model,
)
from oestra.calibration.petab.observed import START_SYMBOLS, observed
from oestra.calibration.petab.surroundings import Surroundings, identifier
from oestra.calibration.petab.timeline import Period, timeline
from oestra.calibration.petab.written import Capture, Dish, Written
from oestra.core.parameter_set import ParameterSet
from oestra.network.cell import cell
from oestra.network.cell_line import find_line

__all__ = ["PetabProblem", "petab_problem"]

_Key = tuple[Dish, Dish | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PetabProblem:
    """A problem, ready to be written.

    Parameters
    ----------
    model : str
        SBML.
    parameters : tuple of Estimated
        The parameter table.
    conditions : mapping of str to mapping of str to str
        Targets and values, by condition.
    experiments : mapping of str to tuple of Period
        By experiment.
    measurements : tuple of (str, Written)
        Experiment and measurement.
    left_out : mapping of str to int
        Terms of the fit that are not in it, counted by kind.
    """

    model: str
    parameters: tuple[Estimated, ...]
    conditions: Mapping[str, Mapping[str, str]]
    experiments: Mapping[str, tuple[Period, ...]]
    measurements: tuple[tuple[str, Written], ...]
    left_out: Mapping[str, int]

    def summary(self) -> dict[str, Any]:
        """Return how much is in the problem, and what is not."""
        kinds = Counter(one.kind for _, one in self.measurements)
        return {
            "parameters": len(self.parameters),
            "experiments": len(self.experiments),
            "conditions": len(self.conditions),
            "measurements": dict(sorted(kinds.items())),
            "left_out": dict(sorted(self.left_out.items())),
        }


def petab_problem(common: ParameterSet) -> PetabProblem:
    """Return the problem that a fit of the cell solves.

    Parameters
    ----------
    common : ParameterSet
        Nominal values, and all that is not estimated.

    Returns
    -------
    PetabProblem
        With every measurement on cells that the fit repeats.

    Raises
    ------
    OestraError
        If the cells do not grow with these parameters, or something cannot be said.
    """
    written = observed()
    captures: dict[_Key, set[Capture]] = {}
    for one in written:
        captures.setdefault((one.dish, one.control), set()).update(one.captures)
    around = Surroundings(common=common)
    names = {key: _name(number, key[0]) for number, key in enumerate(captures, start=1)}
    experiments = {
        names[key]: timeline(*key, found, around) for key, found in captures.items()
    }
    lines = {find_line(dish.setting.line, common.library).id for dish, _ in captures}
    every = sorted({one for found in captures.values() for one in found})
    states = cell(common.library).model.ode.states
    table = conditions(
        [find_line(name, common.library) for name in sorted(lines)],
        around,
        every,
        states,
    )
    kept = {kept_at_rest(one): one for one in states if one in table["from_rest"]}
    kept |= {kept_at_start(one): one for one in START_SYMBOLS}
    kept |= {one.parameter: one.symbol for one in every}
    free = free_rows(common)
    model = petab_model(
        common,
        shares=[one.name for one in CellProblem.of().free if one.share],
        changed=sorted({target for values in table.values() for target in values}),
        kept=kept,
    )
    done = {one.id for one in written}
    return PetabProblem(
        model=model,
        parameters=(*free, *blot_scales(written, common)),
        conditions=table,
        experiments=experiments,
        measurements=tuple((names[one.dish, one.control], one) for one in written),
        left_out=Counter(one.kind for one in terms() if one.id not in done),
    )


def _name(number: int, dish: Dish) -> str:
    arm = dish.arm
    given = [arm.condition.partition(" (")[0]] if arm.condition != "none" else []
    given += [f"{name} {level:.4g}" for name, level in arm.loads]
    told = identifier(" ".join(given)) or "untreated"
    return f"e{number:03d}_{identifier(dish.setting.line)}_{told}"
