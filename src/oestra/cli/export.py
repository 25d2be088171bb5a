"""``oestra export``: the composed cell for other programs."""

import sys
from typing import Annotated

import typer

from oestra.cli.options import Json, Out
from oestra.cli.show import note, print_json
from oestra.core.errors import unknown_name
from oestra.network.cell import shipped_sbml
from oestra.report.model_card import model_card
from oestra.report.write import whole_file

__all__ = ["export"]

FORMATS = ("sbml",)


def export(
    kind: Annotated[str, typer.Argument(metavar="FORMAT", help="sbml")] = "sbml",
    *,
    out: Out = None,
    json: Json = False,
) -> None:
    """Write the composed cell as SBML Level 3 Version 2.

    Without --out the model goes to standard output, and with --json its size, its
    fingerprint and where its parameters come from.
    """
    if kind.casefold() not in FORMATS:
        raise unknown_name("export format", kind, FORMATS)
    sbml = shipped_sbml()
    if out is not None:
        with whole_file(out) as file:
            file.write_text(sbml, encoding="utf-8")
    if json:
        print_json(model_card() | {"file": None if out is None else str(out)})
    elif out is None:
        sys.stdout.write(sbml)
    else:
        note(f"Written to {out}.")
