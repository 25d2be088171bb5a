"""``oestra trials``: the library of trials."""

from oestra.cli.options import Json
from oestra.cli.show import console, note, print_json
from oestra.core.library import SHIPPED, Library
from oestra.trial.listing import ListedTrial, list_trials

__all__ = ["trials"]


def trials(*, library: Library = SHIPPED, json: Json = False) -> None:
    """List the trials that can be run by name."""
    found = list_trials(library)
    if json:
        print_json({"trials": [_record(trial) for trial in found]})
        return
    from rich.table import Table

    table = Table("trial", "patients", "arms", "what", box=None)
    for trial in found:
        table.add_row(trial.id, f"{trial.patients}", f"{len(trial.arms)}", trial.title)
    console().print(table)
    note("Run one of them: oestra trial NAME.")


def _record(trial: ListedTrial) -> dict[str, object]:
    return {
        "id": trial.id,
        "aliases": list(trial.aliases),
        "title": trial.title,
        "prediction": trial.prediction,
        "arms": {
            arm["id"]: {key: arm[key] for key in ("label", "regimen", "n")}
            for arm in trial.arms
        },
    }
