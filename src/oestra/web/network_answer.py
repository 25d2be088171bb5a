"""Answers of the network view."""

import math
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, cast

from oestra.appraisal.network_course import NetworkState, network_course
from oestra.appraisal.symbol_sheet import symbol_sheet
from oestra.claims.cells import TUMOR
from oestra.core.disclaimer import DISCLAIMER
from oestra.core.errors import unknown_name
from oestra.core.library import Library, library_of
from oestra.core.parameter_set import ParameterSet
from oestra.culture.genotype import parse_genotype
from oestra.culture.substance import substances
from oestra.drugs.drug import Drug
from oestra.drugs.load import drugs
from oestra.drugs.target import levers
from oestra.model.fit_remarks import fit_remarks
from oestra.model.parameters import best_parameters
from oestra.network.alteration import alterations
from oestra.network.cell_line import cell_lines, find_line
from oestra.network.contribution import contributions, named_quantities, trail
from oestra.web.page_data import network_map, scenes

__all__ = ["choices", "fit", "network", "symbol", "why"]

_AGAINST = ("untreated", "line")


def _common() -> ParameterSet:
    return best_parameters(library_of())


def _state(given: Mapping[str, Any]) -> NetworkState:
    if given["against"] not in _AGAINST:
        raise unknown_name("reference", given["against"], _AGAINST)
    against = cast("Any", given["against"])
    return NetworkState(
        line=given["line"],
        set=tuple(given["set"]),
        drug=given["drug"].strip() or "none",
        against=against,
    )


def _short(values: Any) -> list[float]:
    return [float(f"{value:.6g}") for value in values]


def network(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the course of every part of the cell, treated and as reference."""
    common = _common()
    course = network_course(_state(given), common)
    constants = [n for n, one in network_map()["nodes"].items() if one.get("constant")]
    return {
        "days": course.days.tolist(),
        "levels": {
            name: [_short(course.reference[:, i]), _short(course.treated[:, i])]
            for i, name in enumerate(course.symbols)
        },
        "constants": {n: [course.before[n], course.after[n]] for n in constants},
        "held": [
            {
                "parameter": one.parameter,
                "target": one.target,
                "drugs": list(one.drugs),
                "share": float(f"{one.share:.4g}"),
            }
            for one in course.held
        ],
        "line": _line_id(course.state.line, common.library),
        "genotype": _genotype(course.state, common.library),
        "command": _command(course.state),
        "parameters": common.digest[:12],
        "disclaimer": DISCLAIMER,
    }


def _line_id(name: str, library: Library) -> str:
    return TUMOR if name.casefold() == TUMOR else find_line(name, library).id


def _genotype(state: NetworkState, library: Library) -> dict[str, str]:
    changes = parse_genotype(state.set, library)
    if state.line.casefold() == TUMOR:
        return {gene: n for gene, n in changes.changes if n != "wild-type"}
    return changes.of(find_line(state.line, library))


def _command(state: NetworkState) -> str:
    """Return the command that reads the same numbers; its days stand for any."""
    if state.line.casefold() == TUMOR:
        return ""
    words = ["oestra", "cell", find_line(state.line, library_of()).id]
    for lesion in state.set:
        words += ["--set", lesion]
    if state.drug != "none":
        words += ["--drug", state.drug]
    return shlex.join([*words, "--days", "DAYS", "--readout", "all"])


def why(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each input contributes, and the path that carries most."""
    common = _common()
    course = network_course(_state(given), common)
    before, after = course.at(given["day"])
    name = given["symbol"]
    parts = contributions(name, before, after, common.library)
    path = trail(name, before, after, common.library)
    return {
        "symbol": name,
        "before": before[name],
        "after": after[name],
        "contributions": [
            {
                "name": one.name,
                "before": one.before,
                "after": one.after,
                "effect": one.effect,
                "own": one.is_own,
            }
            for one in parts
        ],
        "trail": [
            {"name": step, "before": before[step], "after": after[step]}
            for step in path
        ],
        "causes": _causes(path[-1], common.library),
    }


def _causes(name: str, library: Library) -> list[str]:
    """Say what sets the parameter at which a path begins."""
    found = [
        f"drugs on {lever.target}"
        for lever in levers(library).values()
        if name in (lever.parameter, lever.kill)
    ]
    found += [
        f"{one.id} in the medium"
        for one in substances(library).values()
        if one.parameter == name
    ]
    genes = {
        gene
        for (gene, _), item in alterations(library).items()
        if name in item.set or name in item.scale
    }
    return [*found, *(f"the gene {gene}" for gene in sorted(genes))]


def symbol(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that is known of one part of the cell."""
    return symbol_sheet(given["name"], _common()).to_json_dict()


def choices(_given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the map, and what its controls offer."""
    library = library_of()
    drawn = network_map()
    return {
        "map": drawn,
        "missing": [n for n in named_quantities(library) if n not in drawn["nodes"]],
        "scenes": scenes(),
        "lines": list(_lines(library)),
        "lesions": [f"{gene}={name}" for gene, name in alterations(library)],
        "drugs": [
            {
                "id": one.id,
                "class": one.drug_class,
                "regimens": list(one.standard_regimens),
                "targets": [action.target for action in one.targets],
                "dose": _usual(one),
            }
            for one in drugs(library).values()
        ],
        "substances": [one.id for one in substances(library).values()],
        "disclaimer": DISCLAIMER,
    }


def fit(_given: Mapping[str, Any]) -> dict[str, Any]:
    """Return why these parameters were not fitted to this model, if they were not."""
    return {"fit": next(fit_remarks(), "")}


def _usual(drug: Drug) -> str:
    """Return a dose to begin with: some twenty times the potency, a round number."""
    wanted = 20.0 * min((one.potency.value for one in drug.targets), default=5.0)
    power = 10.0 ** math.floor(math.log10(wanted))
    step = max(one for one in (1, 2, 5) if one * power <= wanted * 1.001)
    return f"{min(step * power, 10_000):g} nM"


def _lines(library: Library) -> Iterator[dict[str, Any]]:
    yield {
        "id": TUMOR,
        "label": "median tumor, in a patient",
        "text": "The median tumor of a patient after menopause.",
        "medium": {},
        "genes": {},
    }
    for line in cell_lines(library).values():
        yield {
            "id": line.id,
            "label": line.id,
            "text": line.description,
            "medium": {name: level.value for name, level in line.medium.items()},
            "genes": dict(line.alterations),
        }
