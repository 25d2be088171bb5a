"""``oestra drugs``: the library of drugs, or all that is known of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oestra.appraisal.kept_sheet import drug_sheet
from oestra.cli.caution import caution, only_with, unused
from oestra.cli.options import Json, Out, Seed
from oestra.cli.show import console, headed, note, note_written, print_json
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.drugs.listing import ListedDrug, find_listed, list_drugs

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["drugs"]

_Name = Annotated[str | None, typer.Argument(help="A drug; all when left out.")]
_Regimen = Annotated[
    str | None,
    typer.Option("--regimen", help='Such as "everolimus 10 mg daily", for the figure.'),
]


def drugs(
    name: _Name = None,
    *,
    regimen: _Regimen = None,
    seed: Seed = 1,
    library: Library = SHIPPED,
    json: Json = False,
    out: Out = None,
) -> None:
    """List the drugs, or show one with every number and its source.

    With --out the folder gets a figure of concentrations over time and the numbers as
    CSV.
    """
    if name is None:
        only_with(("regimen", "out"), "the name of a drug")
    if out is None:
        only_with(("regimen",), "--out, as it is for the figure")
        unused(("seed",), "only the figure of --out draws patients")
    if name is None:
        _list(
            [drug for drug in list_drugs(library) if drug.regimens], library, json=json
        )
        return
    drug = find_listed(name, library)
    if out is not None and not drug.regimens:
        raise InputError(
            f"{drug.id} is formed from another drug and given to nobody, so that "
            "there is nothing to draw; leave out --out."
        )
    drawn = out is not None and bool(drug.regimens)
    if out is not None or regimen is not None:
        _draw(drug, regimen, out, library, seed=seed)
    sheet = drug_sheet(drug.id, library)
    if json:
        print_json(sheet["record"])
    else:
        _show(sheet["record"], note_of=sheet["note"])
        note_written(out if drawn else None)


def _draw(
    drug: ListedDrug,
    regimen: str | None,
    out: Path | None,
    library: Library,
    *,
    seed: int,
) -> None:
    """Write the figure and the numbers of a drug that is given, if a folder is named.

    What only forms from another drug has no regimen, and nothing is drawn.
    """
    from oestra.appraisal.drug_sheet import drug_course, drug_quantities
    from oestra.core.whole_file import whole_folder
    from oestra.drugs.load import find
    from oestra.drugs.regimen import Regimen
    from oestra.report.canvas import save_figure
    from oestra.report.concentration import draw_concentration
    from oestra.report.manifest import record_run, write_manifest
    from oestra.trial.doubts import regimen_doubts

    if not drug.regimens:
        return
    plan = Regimen.parse(regimen or drug.regimens[0], library)
    if drug.id not in [component.drug.id for component in plan.components]:
        raise InputError(f"--regimen {str(plan)!r} does not give {drug.id}.")
    caution(regimen_doubts(str(plan), library))
    if out is None:
        return
    run = record_run(seed=seed, settings={"regimen": str(plan)})
    with whole_folder(out) as folder:
        drug_quantities(find(drug.id, library)).to_csv(
            folder / "quantities.csv", index=False
        )
        figure = draw_concentration(drug_course(plan, seed=seed), title=str(plan))
        save_figure(figure, folder, "concentration")
        write_manifest(folder, run)


def _list(found: list[ListedDrug], library: Library, *, json: bool) -> None:
    if json:
        print_json(
            {"drugs": [drug_sheet(drug.id, library)["record"] for drug in found]}
        )
        return
    from rich.table import Table

    table = Table("drug", "class", "targets", "reference regimen", box=None)
    for drug in found:
        targets = ", ".join(target.split(":")[0] for target in drug.targets)
        table.add_row(drug.id, drug.drug_class, targets, drug.regimens[0])
    console().print(table)
    note("One of them with all its numbers: oestra drugs NAME.")


def _show(record: dict[str, Any], *, note_of: str) -> None:
    from rich.table import Table

    terminal = console()
    terminal.print(
        headed(record["drug"], f" ({record['class']})"), record["mechanism"], sep="\n"
    )
    if record["aliases"]:
        terminal.print("Also known as " + ", ".join(record["aliases"]) + ".")
    table = Table("quantity", "value", "unit", "interval", "origin", "source", box=None)
    for row in record["quantities"]:
        words = (row["quantity"], f"{row['value']:.4g}", row["unit"], _interval(row))
        table.add_row(*words, row["origin"], row["source"])
    terminal.print("", table)
    if record["exposures"]:
        terminal.print("", _exposures(record["exposures"]))
    if note_of:
        terminal.print("", note_of)


def _exposures(rows: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    heads = ("regimen", "exposure", "unit", "typical patient", "published", "")
    table = Table(*heads, box=None)
    for row in rows:
        verdict = "inside" if row["inside"] else "outside"
        known = f"{row['published']:.3g} ({_interval(row)})"
        words = (row["regimen"], row["what"], row["unit"], f"{row['simulated']:.3g}")
        table.add_row(*words, known, verdict)
    return table


def _interval(row: dict[str, Any]) -> str:
    return f"{row['low']:.3g} to {row['high']:.3g}"
