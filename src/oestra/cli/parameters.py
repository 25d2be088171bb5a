"""``oestra parameters``: every parameter, or one with all its layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.cli.options import Json
from oestra.cli.show import console, note, print_json
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import NO_SETTINGS

if TYPE_CHECKING:
    from oestra.appraisal.parameter_sheet import Explained

__all__ = ["parameters"]

_Name = Annotated[str | None, typer.Argument(help="A parameter; all when left out.")]
_Like = Annotated[
    str, typer.Option("--like", metavar="WORD", help="Only names that hold a word.")
]


def parameters(
    name: _Name = None,
    *,
    like: _Like = "",
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    json: Json = False,
) -> None:
    """List the parameters of the model, or explain one.

    A value of the user (--set) goes before that of the fit, and that before the
    file's. Explained are all layers with unit, interval, origin and source, who writes
    over the parameter (patients, lines, alterations, drugs, media), and the equations
    that hold it.
    """
    from oestra.appraisal.parameter_sheet import explain, parameter_rows

    if name is not None:
        found = explain(name, library, settings)
        if json:
            print_json(found.to_json_dict())
        else:
            _show(found)
        return
    rows = [row for row in parameter_rows(library, settings) if like in row["name"]]
    if json:
        print_json({"parameters": rows})
        return
    from rich.table import Table

    table = Table("parameter", "value", "unit", "layer", "origin", box=None)
    for row in rows:
        unit = "" if row["unit"] == "1" else row["unit"]
        table.add_row(
            row["name"], f"{row['value']:.4g}", unit, row["layer"], row["origin"]
        )
    console().print(table)
    note(f"{len(rows)} parameters; one with its layers: oestra parameters NAME.")


def _show(found: Explained) -> None:
    from rich.table import Table

    terminal = console()
    unit = "" if found.unit == "1" else f" {found.unit}"
    terminal.print(
        f"{found.name} = {found.value:.4g}{unit}", style="bold", markup=False
    )
    table = Table("layer", "value", "from", box=None)
    for layer in found.layers:
        table.add_row(layer.layer, f"{layer.value:.4g}", layer.told)
    terminal.print(table)
    low, high = found.interval
    terminal.print(
        f"Interval: {low:g} to {high:g}{unit}. Origin of the file's value: "
        f"{found.origin}. {found.source and f'Source: {found.source}. '}{found.reason}",
        markup=False,
    )
    for text in found.overwritten:
        terminal.print(f"Written over {text}.", markup=False)
    for text in found.equations:
        terminal.print(f"In {text}", markup=False)
    lives = "depend" if found.histories else "do not depend"
    note(f"Lives before a trial {lives} on it.")
