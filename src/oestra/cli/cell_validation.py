"""``oestra validate --cells``: the cell against measurements on cell lines."""

from pathlib import Path
from typing import Any

from rich.table import Table

from oestra.appraisal.cell_skill import cell_readings, cell_skill, not_repeated
from oestra.cli.show import console, note, print_json
from oestra.core.whole_file import folder_if_named, write_json
from oestra.model.belonging import fit_belongs_to
from oestra.model.parameters import best_parameters, prior_parameters, with_reference
from oestra.report.canvas import journal_style, save_figure
from oestra.report.cell_skill_figure import draw_cell_skill
from oestra.report.manifest import record_run, write_manifest

__all__ = ["compare_cells"]


def compare_cells(out: Path | None, *, json: bool) -> None:
    """Repeat every measurement on cell lines, and show how wrong the cell is.

    Parameters
    ----------
    out : Path, optional
        Folder for the table, the figure and the numbers.
    json : bool
        Whether one JSON object is printed instead of tables.
    """
    sets = {
        "shipped": best_parameters(),
        "files": with_reference(prior_parameters()),
    }
    with folder_if_named(out) as folder:
        tables = {name: cell_readings(one) for name, one in sets.items()}
        record: dict[str, Any] = {
            "readings": len(tables["shipped"]),
            "not_repeated": not_repeated(tables["shipped"]),
            "skill": {name: cell_skill(table) for name, table in tables.items()},
        }
        if folder is not None:
            both = tables["shipped"].assign(files=tables["files"]["predicted"])
            both.to_csv(folder / "cells.csv", index=False)
            with journal_style():
                figure = draw_cell_skill(tables["shipped"])
            save_figure(figure, folder, "cells")
            run = record_run(seed=0, settings={}, hashes=fit_belongs_to())
            write_json(folder / "cells.json", record)
            write_manifest(folder, run)
    if json:
        print_json(record)
        return
    _show(record)
    if out is not None:
        note(f"Written to {out}.")


def _show(record: dict[str, Any]) -> None:
    console().print(
        f"{record['readings']} readings of measurements on cell lines repeated; "
        f"{record['not_repeated']} rows are about what the cell does not hold. Median "
        "absolute error of the shipped set, of the files' values before any fit, and "
        "of saying that nothing has an effect, or all the mean effect:"
    )
    table = Table("", box=None)
    for head in ("n", "shipped", "files", "no effect", "mean effect", "skill"):
        table.add_column(head, justify="right")
    files = {one["kind"]: one for one in record["skill"]["files"]}
    for one in record["skill"]["shipped"]:
        table.add_row(
            f"{one['told']}, {one['scale']}",
            str(one["count"]),
            f"{one['median']:.2f}",
            f"{files[one['kind']]['median']:.2f}",
            *(
                "-" if one[name] is None else f"{one[name]:.2f}"
                for name in ("no_effect", "mean_effect", "skill")
            ),
        )
    console().print(table)
    console().print(
        "Skill is 1 less the mean squared error over that of no effect. None of "
        "these measurements was fitted."
    )
