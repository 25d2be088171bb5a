"""``oestra drugs``: the library of drugs, or all that is known of one."""

from typing import Annotated, Any

import typer
from rich.table import Table

from oestra.cli.caution import caution, only_with, unused
from oestra.cli.options import Json, Out, Seed
from oestra.cli.show import console, headed, note, note_written, print_json
from oestra.core.errors import InputError
from oestra.drugs.drug import Drug
from oestra.drugs.load import drugs as known_drugs
from oestra.drugs.load import find
from oestra.drugs.regimen import Regimen
from oestra.report.canvas import save_figure
from oestra.report.concentration import draw_concentration
from oestra.report.drug_sheet import drug_course, drug_quantities, drug_record
from oestra.report.manifest import record_run, write_manifest
from oestra.report.write import whole_folder
from oestra.trial.doubts import regimen_doubts

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
        found = [drug for drug in known_drugs().values() if drug.standard_regimens]
        _list(found, json=json)
        return
    drug = find(name)
    plan = _plan(drug, regimen)
    if plan is None and out is not None:
        raise InputError(
            f"{drug.id} is formed from another drug and given to nobody, so that "
            "there is nothing to draw; leave out --out."
        )
    if out is not None and plan is not None:
        run = record_run(seed=seed, settings={"regimen": str(plan)})
        with whole_folder(out) as folder:
            drug_quantities(drug).to_csv(folder / "quantities.csv", index=False)
            figure = draw_concentration(drug_course(plan, seed=seed), title=str(plan))
            save_figure(figure, folder, "concentration")
            write_manifest(folder, run)
    if json:
        print_json(drug_record(drug))
    else:
        _show(drug)
        note_written(out if plan is not None else None)


def _plan(drug: Drug, regimen: str | None) -> Regimen | None:
    """Return the regimen of the figure, None for a drug formed from another."""
    if not drug.standard_regimens:
        return None
    plan = Regimen.parse(regimen or drug.standard_regimens[0])
    if drug.id not in [component.drug.id for component in plan.components]:
        raise InputError(f"--regimen {str(plan)!r} does not give {drug.id}.")
    caution(regimen_doubts(str(plan)))
    return plan


def _list(found: list[Drug], *, json: bool) -> None:
    if json:
        print_json({"drugs": [drug_record(drug) for drug in found]})
        return
    table = Table("drug", "class", "targets", "reference regimen", box=None)
    for drug in found:
        targets = ", ".join(action.target.split(":")[0] for action in drug.targets)
        table.add_row(drug.id, drug.drug_class, targets, drug.standard_regimens[0])
    console().print(table)
    note("One of them with all its numbers: oestra drugs NAME.")


def _show(drug: Drug) -> None:
    terminal = console()
    terminal.print(headed(drug.id, f" ({drug.drug_class})"), drug.mechanism, sep="\n")
    if drug.aliases:
        terminal.print("Also known as " + ", ".join(drug.aliases) + ".")
    record = drug_record(drug)
    table = Table("quantity", "value", "unit", "interval", "origin", "source", box=None)
    for row in record["quantities"]:
        words = (row["quantity"], f"{row['value']:.4g}", row["unit"], _interval(row))
        table.add_row(*words, row["origin"], row["source"])
    terminal.print("", table)
    if record["exposures"]:
        terminal.print("", _exposures(record["exposures"]))
    if drug.note:
        terminal.print("", drug.note)


def _exposures(rows: list[dict[str, Any]]) -> Table:
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
