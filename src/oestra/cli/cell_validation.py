"""``oestra validate --cells``: the cell against measurements on cell lines."""

from pathlib import Path
from typing import Any

from rich.table import Table

from oestra.appraisal.cell_skill import (
    cell_readings,
    cell_skill,
    left_out_readings,
    not_repeated,
)
from oestra.cli.show import console, note, print_json
from oestra.core.whole_file import folder_if_named, write_json
from oestra.model.belonging import fit_belongs_to
from oestra.model.cell_fit import shipped_cell_fit
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
        fit = shipped_cell_fit()
        if fit is not None:
            tables["left_out"] = left_out_readings(fit.terms)
        record: dict[str, Any] = {
            "readings": len(tables["shipped"]),
            "not_repeated": not_repeated(tables["shipped"]),
            "skill": {name: cell_skill(table) for name, table in tables.items()},
        }
        if folder is not None:
            both = tables["shipped"].assign(files=tables["files"]["predicted"])
            if "left_out" in tables:
                apart = tables["left_out"].loc[:, ["id"]]
                apart["left_out"] = tables["left_out"]["predicted"]
                both = both.merge(apart, on="id", how="left")
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
    skill = record["skill"]
    told = {"left_out": "left out", "shipped": "shipped", "files": "files"}
    shown = [name for name in told if name in skill]
    by_kind = {name: {one["kind"]: one for one in skill[name]} for name in shown}
    console().print(
        f"{record['readings']} readings of measurements on cell lines repeated; "
        f"{record['not_repeated']} rows are about what the cell does not hold. Median "
        "absolute error of the shipped set, of the files' values before any fit, and "
        "of saying that nothing has an effect, or all the mean effect:"
    )
    table = Table("", box=None)
    for head in ("n", *(told[name] for name in shown), "no effect", "mean effect",
                 "skill"):  # fmt: skip
        table.add_column(head, justify="right")
    for kind, one in by_kind[shown[0]].items():
        table.add_row(
            f"{one['told']}, {one['scale']}",
            str(one["count"]),
            *(f"{by_kind[name][kind]['median']:.2f}" for name in shown),
            *(
                "-" if one[name] is None else f"{one[name]:.2f}"
                for name in ("no_effect", "mean_effect", "skill")
            ),
        )
    console().print(table)
    told_of = (
        "of the column 'left out': each experiment as a fit to all others predicts it"
        if "left_out" in skill
        else "of the shipped set"
    )
    console().print(
        f"Skill is 1 less the mean squared error over that of no effect, {told_of}."
    )
