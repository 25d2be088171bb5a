"""Answers of the explorer of resistance: cells, their network, failures in trials."""

import shlex
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from oestra.appraisal.failures import CLONES, EARLY_MONTHS, HORIZON_MONTHS, failures
from oestra.appraisal.mechanism import Mechanism, Strategy, Variant, mechanisms
from oestra.appraisal.resistance import Resisted, resist
from oestra.appraisal.row_check import try_row
from oestra.appraisal.row_verdict import RowResult
from oestra.claims.cells import TUMOR
from oestra.claims.row_library import find_row
from oestra.claims.run import Run
from oestra.core.disclaimer import DISCLAIMER
from oestra.core.library import library_of
from oestra.core.parameter_set import ParameterSet
from oestra.history.store import load_cohort
from oestra.model.fit_remarks import fit_remarks
from oestra.model.parameters import best_parameters
from oestra.trial.criterion_words import criterion_words
from oestra.trial.design import TrialDesign
from oestra.web.background import background, told
from oestra.web.job import Tell
from oestra.web.page_data import network_map
from oestra.web.trial_form import own_design, trial_text

__all__ = ["fail", "mechanism", "resistance", "row"]

_NAMES = {"er_total": "receptor"}
"""Of nodes whose label needs the nodes beside it."""


@lru_cache(maxsize=64)
def _resisted(name: str, variant: str, common: ParameterSet) -> Resisted:
    chosen = mechanisms().find(name)
    return resist(chosen, chosen.variant(variant), common)


def resistance(_given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every mechanism in its usual form, and what the view offers."""
    common = best_parameters(library_of())
    known = mechanisms()
    return {
        "strategies": [one.model_dump() for one in known.strategies],
        "mechanisms": [
            {
                **_without_signals(_resisted(one.id, "", common)),
                "says": find_row(str(one.row)).says,
                "variants": [{"id": v.id, "label": v.label} for v in one.variants],
            }
            for one in known.mechanisms
        ],
        "command": "oestra resistance",
        "fit": next(fit_remarks(), ""),
        "disclaimer": DISCLAIMER,
    }


def _without_signals(found: Resisted) -> dict[str, Any]:
    record = found.to_json_dict()
    for pair in record["strategies"].values():
        for cells in pair.values():
            del cells["signals"]
    return record


def mechanism(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return one mechanism: its network with and without, and its row, tried."""
    common = best_parameters(library_of())
    chosen = mechanisms().find(given["name"])
    variant = chosen.variant(given["variant"])
    nodes = network_map()["nodes"]
    return {
        **_resisted(chosen.id, variant.id, common).to_json_dict(),
        "says": find_row(str(chosen.row)).says,
        "names": {
            name: _NAMES.get(name, nodes[name]["label"])
            for name in mechanisms().signals
        },
        "cells": _told_cells(chosen, variant),
        "network": {
            one.id: _address(chosen, variant, one) for one in mechanisms().strategies
        },
        "commands": _commands(chosen, variant),
        "disclaimer": DISCLAIMER,
    }


@lru_cache(maxsize=40)
def _tried(number: int, common: ParameterSet) -> RowResult:
    return try_row(find_row(str(number)), common)


def row(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the review's biology, tried with its mechanisms and without."""
    known = find_row(str(given["number"]))
    found = _tried(known.number, best_parameters(library_of()))
    return {
        **found.to_json_dict(),
        "command": f"oestra claims --rows {known.number}",
        "disclaimer": DISCLAIMER,
    }


def _told_cells(chosen: Mechanism, variant: Variant) -> list[str]:
    """Say what cells stand beside what cells."""
    first = mechanisms().strategies[0]
    runs = (chosen.with_it(variant, first), chosen.without_it(variant, first))
    return [_told_run(run) for run in runs]


def _told_run(run: Run) -> str:
    if run.line == TUMOR:
        return f"median tumor, CYP2D6 {run.cyp2d6}"
    parts = [run.line, *run.set, *(f"after {step}" for step in run.pretreat)]
    return f"{', '.join(parts)}; medium with {run.medium}"


def _address(chosen: Mechanism, variant: Variant, strategy: Strategy) -> str:
    """Return the query by which the network view shows both; empty where it cannot."""
    runs = (chosen.with_it(variant, strategy), chosen.without_it(variant, strategy))
    if any(run.line == TUMOR or run.pretreat for run in runs):
        return ""
    pairs: list[tuple[str, str]] = []
    for prefix, run in zip(("", "b_"), runs, strict=True):
        pairs += [(f"{prefix}line", run.line)]
        pairs += [(f"{prefix}set", one) for one in run.set]
        pairs += [(f"{prefix}drug", _given(run))]
    return urlencode([*pairs, ("day", f"{runs[0].days:g}")])


def _given(run: Run) -> str:
    """Return medium and drug as one, where the drug may replace a hormone."""
    own = [part.strip() for part in run.medium.split("+")]
    new = [part.strip() for part in run.drug.split("+") if part.strip() != "none"]
    replaced = {part.split()[0] for part in new}
    return " + ".join([*(p for p in own if p.split()[0] not in replaced), *new])


def _commands(chosen: Mechanism, variant: Variant) -> list[str]:
    """Return what prints the same numbers, of cells with the mechanism first."""
    every = mechanisms().strategies[1:]
    commands = [f"oestra resistance {chosen.id}"]
    for strategy in every if variant.cyp2d6 is None else ():
        run = chosen.with_it(variant, strategy)
        words = ["oestra", "cell", run.line]
        for one in run.set:
            words += ["--set", one]
        words += ["--medium", run.medium]
        for one in run.pretreat:
            words += ["--pretreat", one]
        words += ["--drug", run.drug, "--days", f"{run.days:g}"]
        commands.append(shlex.join(words))
    return commands


def fail(given: Mapping[str, Any]) -> dict[str, Any]:
    """Follow patients of a trial in the background; return the job to ask for."""
    library = library_of()
    design = own_design(trial_text(given["trial"], library), library)
    seed = given["seed"]
    return told(
        background().submit(
            given["client"] or "-", lambda tell: _follow(design, seed, tell)
        )
    )


def _follow(design: TrialDesign, seed: int, tell: Tell) -> None:
    tell(None, 0.0)
    found = failures(
        design,
        load_cohort(best_parameters(library_of())),
        criteria=mechanisms().criteria,
        seed=seed,
        progress=lambda done, of: tell(None, done / of),
    )
    known = mechanisms().mechanisms
    result = {
        "part": 1,
        "trial": design.id,
        "title": design.title,
        "seed": seed,
        "arms": [one.to_json_dict() for one in found],
        "clones": {clone.name.lower(): words for clone, words in CLONES.items()},
        "mechanisms": [
            {
                "id": one.id,
                "title": one.title,
                "clone": one.clone,
                "carriers": one.carriers,
                "who": criterion_words(one.carriers),
            }
            for one in known
        ],
        "months": HORIZON_MONTHS,
        "early_months": EARLY_MONTHS,
        "command": shlex.join(
            ["oestra", "resistance", "--trial", design.id, "--seed", str(seed)]
        ),
        "disclaimer": DISCLAIMER,
    }
    tell(result, 1.0)
