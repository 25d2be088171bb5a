"""``oestra claims --rows``: the review's biology row by row, with knock-outs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from oestra.cli.caution import unused
from oestra.cli.show import console, headed, note_written, print_json, progress, warn
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import NO_SETTINGS
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    from rich.table import Table

    from oestra.appraisal.row_verdict import RowNumber, RowResult
    from oestra.claims.row import Row, RowCheck

__all__ = ["report_rows"]

_LEGEND = """
With all: the number, and where it was expected before any experiment was run. Without:
the same with the mechanism in the next column gone. That carries a number whose
expectation holds only with it, moves one that changes by 1 % or more, and does nothing
to the others."""


def report_rows(  # noqa: PLR0913 - one argument an option
    name: str | None,
    *,
    plot: bool = False,
    library: Library = SHIPPED,
    settings: Mapping[str, float] = NO_SETTINGS,
    json: bool = False,
    out: Path | None = None,
    plan: Plan = ALL_PROCESSORS,
    shown: bool = True,
) -> None:
    """Try the rows and print them.

    Parameters
    ----------
    name : str or None
        Number of a row, or the path of a file of one's own; all when None.
    plot : bool
        Whether a drawing was asked for, which is refused.
    library : Library
        Whose cells and drugs.
    settings : mapping of str to float
        Parameters of the model that the user set.
    json : bool
        Whether to print one JSON object instead.
    out : Path or None
        Folder for table, figure and record.
    plan : Plan
        Who does the work.
    shown : bool
        Whether progress is told.

    Raises
    ------
    InputError
        If there is no such row, its file does not fit, or a drawing was asked for.
    """
    from oestra.appraisal.row_check import try_rows
    from oestra.appraisal.row_table import row_record
    from oestra.core.whole_file import folder_if_named
    from oestra.model.parameters import best_parameters, with_settings
    from oestra.report.manifest import record_run
    from oestra.report.row_folder import write_rows

    if plot:
        raise InputError("--plot draws one claim; leave it or --rows out.")
    unused(("level", "parameters", "replicates", "seed"), "rows are about cells")
    chosen = _chosen(name)
    parameters = with_settings(best_parameters(library), settings)
    run = record_run(
        seed=0, settings=settings, hashes={"parameters": parameters.digest}
    )
    with (
        folder_if_named(out) as folder,
        progress(shown=shown) as report,
        plan.open(prepare="oestra.appraisal.row_check", warn=warn) as workers,
    ):
        results = try_rows(chosen, parameters, workers=workers, progress=report)
        if folder is not None:
            write_rows(folder, results, run)
    if json:
        print_json(row_record(results))
        return
    _show(results)
    note_written(out)


def _chosen(name: str | None) -> tuple[Row, ...]:
    from oestra.claims.row_library import find_row, read_row, rows
    from oestra.core.text_file import read_text

    if name is None:
        return rows()
    if name.endswith(".yaml"):
        return (read_row(read_text(Path(name)), name),)
    return (find_row(name),)


def _show(results: Sequence[RowResult]) -> None:
    from oestra.appraisal.row_verdict import count_rows

    terminal = console()
    found = count_rows(results)
    missed = [one for one in results if not one.holds]
    if missed:
        terminal.print("Numbers that lie elsewhere than expected:", style="bold")
    for one in missed:
        terminal.print(headed(f"{one.row.number} {one.row.name}"))
        terminal.print(_table(one.missed))
    terminal.print()
    for one in results:
        held = len(one.numbers) - len(one.missed)
        head = f"{one.row.number} {one.row.name}"
        terminal.print(headed(head, f", {held} of {len(one.numbers)} hold"))
        terminal.print(one.row.says)
        if one.row.left_out:
            terminal.print(f"Not in the model: {', '.join(one.row.left_out)}.")
        terminal.print(_table(one.numbers))
    terminal.print(_LEGEND.strip(), style="dim")
    terminal.print(
        f"{found['rows_hold']} of {found['rows']} rows hold, "
        f"{found['checks_hold']} of {found['checks']} numbers. A knock-out carries "
        f"{found['carries']} of them, moves {found['moves']} and does nothing to "
        f"{found['nothing']}."
    )


def _table(numbers: Sequence[RowNumber]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0))
    for head, width in (("with all", 10), ("expected", 12), ("", 6), ("without", 10)):
        table.add_column(head, min_width=width, no_wrap=True)
    table.add_column("gone, and what that changes", min_width=27, ratio=1)
    table.add_column("what", min_width=20, ratio=1)
    for one in numbers:
        check = one.check
        verdict = Text("holds", "green") if one.holds else Text("misses", "bold red")
        table.add_row(
            _written(one.measured, check),
            str(check.expect),
            verdict,
            _written(one.without, check),
            f"{one.knockout.means}: {_WORDS[one.effect.value]}",
            check.measure + (" (no effect expected)" if check.none else ""),
        )
    return table


_WORDS = {
    "carries": "carries it",
    "moves": "moves it",
    "nothing": "does nothing",
}


def _written(value: float | None, check: RowCheck) -> str:
    if value is None:
        return "-"
    if math.isinf(value):
        return "beyond all"
    unit = "" if check.unit == "1" else f" {check.unit}"
    return f"{check.expect.write(value)}{unit}"
