"""How a patient on another regimen is told on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from oestra.cli.show import console, headed

if TYPE_CHECKING:
    from rich.table import Table

    from oestra.appraisal.what_if import WhatIf

__all__ = ["show_what_if"]


def show_what_if(found: WhatIf) -> None:
    """Print a patient on a regimen from one of her lines on.

    Parameters
    ----------
    found : WhatIf
        What happens.
    """
    terminal = console()
    who = f" of seed {found.seed}, line {found.line}: {found.regimen}"
    terminal.print(headed(f"Patient {found.patient}", who))
    if found.taken and found.taken != found.regimen:
        terminal.print(f"Practice gave her {found.taken}.")
    terminal.print("", _outcome(found), "", _visits(found))
    if len(found.events):
        terminal.print("", _events(found))


def _day(day: float) -> str:
    return f"day {day:.0f}" if np.isfinite(day) else "none"


def _outcome(found: WhatIf) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_row("best response", found.best)
    table.add_row("progression on a scan", _day(found.progression_day))
    table.add_row("the line ends", f"{_day(found.end_day)} ({found.ended_by})")
    for text, day in (
        ("doses lowered for harm", found.reduce_day),
        ("drugs stopped for harm", found.stop_day),
    ):
        if np.isfinite(day):
            table.add_row(text, _day(day))
    table.add_row("death", _day(found.death_day))
    return table


def _visits(found: WhatIf) -> Table:
    from rich.table import Table

    names = ("day", "sum, mm", "change, %", "RECIST", "ESR1-mutant, %", "ESR1 copies")
    table = Table(*names, box=None)
    for row in found.visits.to_dict(orient="records"):
        measured = np.isfinite(row["sum_mm"])
        table.add_row(
            f"{row['day']:.0f}",
            f"{row['sum_mm']:.1f}" if measured else "-",
            f"{row['change_percent']:+.0f}" if measured else "-",
            row["response"] + (", new lesion" if row["new_lesion"] else ""),
            f"{row['esr1_percent']:.2g}",
            str(row["esr1_copies"]),
        )
    return table


def _events(found: WhatIf) -> Table:
    from rich.table import Table

    table = Table("day", "adverse event", "grade", "drug", "drug was", box=None)
    for row in found.events.to_dict(orient="records"):
        table.add_row(
            f"{row['onset_day']:.0f}",
            row["term"],
            str(row["grade"]),
            row["drug"],
            row["action"],
        )
    return table
