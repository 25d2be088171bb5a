"""``oestra resistance``: what each mechanism does to cells, and how often it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.cli.options import Json, Seed
from oestra.cli.show import console, note, print_json
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import NO_SETTINGS

if TYPE_CHECKING:
    from rich.table import Table

    from oestra.appraisal.failures import ArmFailures
    from oestra.appraisal.resistance import Resisted
    from oestra.core.parameter_set import ParameterSet

__all__ = ["resistance"]

_Name = Annotated[
    str | None,
    typer.Argument(
        metavar="MECHANISM",
        help="Such as her2 or esr1, with all its variants; the usual variant of every "
        "mechanism by default.",
    ),
]
_Trial = Annotated[
    str | None,
    typer.Option(
        help="Instead: what grows at progression in the arms of a trial of the library."
    ),
]
_LEGEND = """
Growth untreated, 1/day; divisions left of those of the same cells untreated, percent,
in brackets without the mechanism. Cells after a week; of CYP2D6 a median tumor after
90 days."""
_LEGEND_OF_TRIAL = """
Progression within {months:g} months is looked for every four weeks in those who
entered; nobody stops for harm. Carriers: of those enrolled, and of those who progress
within {early:g} months."""


def resistance(
    name: _Name = None,
    *,
    trial: _Trial = None,
    seed: Seed = 1,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    json: Json = False,
) -> None:
    """Show what mechanisms of resistance do, to cells or in a trial.

    Cells with each mechanism of the review are treated by each endocrine strategy,
    beside cells without it. With --trial patients of a trial are followed, and the
    clone that leads at progression is told.
    """
    from oestra.cli.caution import unused
    from oestra.core.errors import InputError
    from oestra.model.parameters import best_parameters, with_settings

    common = with_settings(best_parameters(library), settings)
    if trial is not None:
        if name is not None:
            raise InputError("--trial tells of all mechanisms; leave the name out.")
        _of_trial(trial, common, seed, json=json)
        return
    unused(("seed",), "cells have no chance")
    from oestra.appraisal.mechanism import mechanisms
    from oestra.appraisal.resistance import resist

    known = mechanisms()
    if name is None:
        pairs = [(one, one.variant()) for one in known.mechanisms]
    else:
        chosen = known.find(name)
        pairs = [(chosen, one) for one in chosen.variants]
    found = [resist(mechanism, variant, common) for mechanism, variant in pairs]
    if json:
        print_json({"mechanisms": [one.to_json_dict() for one in found]})
        return
    console().print(_table(found))
    note(_LEGEND)


def _table(found: Sequence[Resisted]) -> Table:
    from rich.table import Table

    from oestra.appraisal.mechanism import mechanisms

    every = mechanisms().strategies
    table = Table(
        "mechanism", "cells", "growth", *(one.label for one in every[1:]), box=None
    )
    for one in found:
        shares = [
            f"{one.having[s.id].divisions_left_percent:.0f} "
            f"({one.lacking[s.id].divisions_left_percent:.0f})"
            for s in every[1:]
        ]
        growth = f"{one.having[every[0].id].growth:.2g}"
        table.add_row(one.mechanism.title, one.variant.label, growth, *shares)
    return table


def _of_trial(trial: str, common: ParameterSet, seed: int, *, json: bool) -> None:
    from oestra.appraisal.failures import failures
    from oestra.appraisal.mechanism import mechanisms
    from oestra.history.store import load_cohort
    from oestra.trial.designs import find_design

    design = find_design(trial, common.library)
    criteria = mechanisms().criteria
    found = failures(design, load_cohort(common), criteria=criteria, seed=seed)
    if json:
        arms = [one.to_json_dict() for one in found]
        print_json({"trial": design.id, "seed": seed, "arms": arms})
        return
    _show(found)


def _show(found: Sequence[ArmFailures]) -> None:
    from rich.table import Table

    from oestra.appraisal.failures import CLONES, EARLY_MONTHS, HORIZON_MONTHS

    table = Table("percent", *(one.arm for one in found), box=None)
    table.add_row("progress", *(f"{one.progressed_percent:.0f}" for one in found))
    table.add_row("progress early", *(f"{one.early_percent:.0f}" for one in found))
    for clone, words in CLONES.items():
        shares = [one.leading_percent.get(clone.name.lower()) for one in found]
        table.add_row(f"led by {words}", *(_text(one) for one in shares))
    for text in found[0].carriers_percent:
        pairs = [one.carriers_percent[text] for one in found]
        table.add_row(text, *(f"{_text(a)}, {_text(b)}" for a, b in pairs))
    console().print(table)
    note(_LEGEND_OF_TRIAL.format(months=HORIZON_MONTHS, early=EARLY_MONTHS))


def _text(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"
