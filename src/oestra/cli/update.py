"""``oestra update``: learn from one's own trial, and keep the parameters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.cli.options import Json, Out, Quiet, Seed
from oestra.cli.show import (
    console,
    headed,
    note,
    print_json,
    progress,
    tell_duration,
    warn,
)
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    from oestra.calibration.updating.gather import Gathered
    from oestra.calibration.updating.update import Updated

__all__ = ["update"]

_Data = Annotated[
    Path,
    typer.Option(
        metavar="FILE",
        help="What was seen in a trial: YAML with results, digitized curves or a table "
        "of patients.",
    ),
]
_Name = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What to call the parameters, for --parameters NAME; that of the data "
        "file by default.",
    ),
]
_Sets = Annotated[
    int,
    typer.Option(min=4, max=61, help="Parameter sets of the ensemble to run."),
]
_Fewest = Annotated[
    float,
    typer.Option(
        min=1,
        max=61,
        help="Effective sets below which all sets are moved in place of being weighed.",
    ),
]
_SECONDS = 8.0
"""Processor time that a set takes, roughly."""


def update(  # noqa: PLR0913 - one argument an option
    *,
    data: _Data,
    name: _Name = None,
    sets: _Sets = 32,
    fewest: _Fewest = 5.0,
    seed: Seed = 1,
    library: Library = SHIPPED,
    json: Json = False,
    out: Out = None,
    plan: Plan = ALL_PROCESSORS,
    quiet: Quiet = False,
) -> None:
    """Learn from a trial of your own, and keep the parameters for other commands.

    The trial is run with every set of the ensemble. Sets that make likely what was seen
    get more weight; where few remain, all are moved toward it and run anew. What was
    predicted before and after is printed with what contradicts the model. The
    parameters go to the user's folder under their name, or to --out; commands take
    them with --parameters.
    """
    from oestra.calibration.updating.gather import gather
    from oestra.calibration.updating.update import update_ensemble
    from oestra.model.parameters import ensemble_parameters
    from oestra.model.updated import check_place, updated_file, write_updated

    called = name or data.stem
    if out is not None and out.suffix != ".json":
        raise InputError(
            f"Parameters are written as one JSON file; let --out end in .json, got "
            f"{out}."
        )
    target = out or updated_file(called)
    check_place(target)
    gathered = gather(data, library, seed)
    ensemble = ensemble_parameters(library)[:sets]
    _tell(len(ensemble), plan, shown=not (quiet or json))
    with (
        progress(shown=not (quiet or json)) as report,
        plan.open(prepare="oestra.trial.at_work", warn=warn) as workers,
    ):
        found = update_ensemble(
            ensemble,
            gathered,
            seed=seed,
            workers=workers,
            progress=report,
            fewest=fewest,
        )
    about = _about(found, gathered, seed=seed, asked=len(ensemble))
    write_updated(
        target,
        (found.best, *found.sets),
        about,
        data=gathered.digest,
        trial=gathered.design.id,
    )
    choice = str(target) if out is not None else called
    if json:
        print_json({"parameters": choice, "file": str(target), **about})
        return
    _show(found, gathered)
    note(f"Written to {target}; use it with --parameters {choice}.")


def _tell(sets: int, plan: Plan, *, shown: bool) -> None:
    """Say how long it takes."""
    minutes = max(1, round(_SECONDS * sets / plan.count / 60))
    tell_duration(
        f"about {minutes} minute{'s' * (minutes > 1)}, twice that where sets have to "
        "be moved",
        shown=shown,
    )


def _about(
    found: Updated, gathered: Gathered, *, seed: int, asked: int
) -> dict[str, Any]:
    """Return what an update did, as JSON holds it."""
    items = found.data.items
    return {
        "trial": gathered.design.id,
        "seed": seed,
        "method": found.method,
        "sets_run": asked,
        "effective_sets": found.effective_sets,
        "weights": [float(f"{one:.6g}") for one in found.weights],
        "numbers": found.rows(),
        "conflicts": [items[k].label for k in found.conflicts],
        "cautions": _cautions(found, gathered),
    }


def _cautions(found: Updated, gathered: Gathered) -> list[str]:
    """Return what a reader must know, a sentence each without its period."""
    from oestra.evidence.published import published
    from oestra.evidence.vocabulary import Use

    told = list(found.told)
    trial = gathered.design.id
    if published(trial, use=Use.FIT):
        told.append(
            f"{trial} is among the trials of the fit, so that what it published counts "
            "twice if it is given here"
        )
    unknown = [
        item.label
        for item, error in zip(found.data.items, found.errors.model, strict=True)
        if not error > 0
    ]
    if unknown:
        told.append(
            f"the model's own error is not known of {'; '.join(unknown)}, and taken "
            "for none"
        )
    return told


def _number(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _with_range(entry: dict[str, Any]) -> str:
    return (
        f"{_number(entry['estimate'])} ({_number(entry['low'])} to "
        f"{_number(entry['high'])})"
    )


def _show(found: Updated, gathered: Gathered) -> None:
    """Print predictions before and after, and what contradicts them."""
    from rich.table import Table

    from oestra.cli.recruit import warn_uncalibrated

    terminal = console()
    terminal.print(headed(gathered.design.id, f": {gathered.design.title}"))
    table = Table("", "seen", "before", "after", "z", box=None)
    for item, row in zip(found.data.items, found.rows(), strict=True):
        table.add_row(
            item.label,
            _with_range(row),
            _with_range(row["before"]),
            _with_range(row["after"]),
            f"{row['z_before']:+.1f} to {row['z_after']:+.1f}",
        )
    terminal.print(table)
    terminal.print(_method(found))
    _show_conflicts(found)
    for text in _cautions(found, gathered):
        warn(f"Caution: {text}.")
    terminal.print(
        "Seen: with 95 % interval. Before, after: what the trial is expected to give, "
        "middle and 5 to 95 % of the sets. z: standard errors by which it was seen "
        "above what was, and is, expected; the model's own error, the error of the "
        "simulation and what differs between trials are counted.",
        style="dim",
    )
    warn_uncalibrated()


def _method(found: Updated) -> str:
    """Say what was done, and why."""
    count, size = len(found.weights), found.effective_sets
    if found.method == "moved":
        return (
            f"Weighed by what was seen, {count} sets are worth {size:.1f}: too few, so "
            f"that all were moved toward it and run anew; {len(found.sets) + 1} are "
            "kept."
        )
    return (
        f"Weighed by what was seen, {count} sets are worth {size:.1f}; "
        f"{len(found.sets)} were drawn by their weights, and none was moved."
    )


def _show_conflicts(found: Updated) -> None:
    """Name what contradicts the predictions."""
    for k in found.conflicts:
        item, z = found.data.items[k], float(found.z_before[k])
        side = "above" if z > 0 else "below"
        warn(
            f"Conflict: {item.label} was seen {abs(z):.1f} standard errors {side} what "
            "was expected."
        )
    if not found.conflicts:
        console().print("Nothing seen contradicts what was expected.")
