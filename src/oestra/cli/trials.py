"""``oestra trials``: the library of trials."""

from rich.table import Table

from oestra.cli.options import Json
from oestra.cli.show import console, note, print_json
from oestra.trial.design import TrialDesign
from oestra.trial.designs import designs

__all__ = ["trials"]


def trials(*, json: Json = False) -> None:
    """List the trials that can be run by name."""
    found = list(designs().values())
    if json:
        print_json({"trials": [_record(design) for design in found]})
        return
    table = Table("trial", "patients", "arms", "what", box=None)
    for design in found:
        patients = sum(arm.n for arm in design.arms)
        table.add_row(design.id, f"{patients}", f"{len(design.arms)}", design.title)
    console().print(table)
    note("Run one of them: oestra trial NAME.")


def _record(design: TrialDesign) -> dict[str, object]:
    return {
        "id": design.id,
        "aliases": list(design.aliases),
        "title": design.title,
        "prediction": design.prediction,
        "arms": {
            arm.id: {"label": arm.label, "regimen": arm.regimen, "n": arm.n}
            for arm in design.arms
        },
    }
