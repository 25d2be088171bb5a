"""The table of simulated against published results, for the terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from oestra.report.comparison import Cell, Comparison

__all__ = ["comparison_view", "p_text"]


def comparison_view(rows: Sequence[Comparison], *, title: str, interval: str) -> Table:
    """Build the table of one stratum or of the whole trial.

    Parameters
    ----------
    rows : sequence of Comparison
        What to show.
    title : str
        Printed above.
    interval : str
        What the simulated interval is.

    Returns
    -------
    Table
        Ready to print.
    """
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    table.add_column("endpoint")
    table.add_column("arm")
    table.add_column(f"simulated ({interval})", justify="right")
    table.add_column("published (95 % CI)", justify="right")
    table.add_column("")
    for row in rows:
        arm = f"{row.arm} : {row.control}" if row.control else row.arm
        verdict = _verdict(row)
        table.add_row(
            row.name, arm, _text(row.simulated), _text(row.published), verdict
        )
    return table


def p_text(p: float | None) -> str:
    """Write a p value as journals print it."""
    if p is None:
        return ""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _text(cell: Cell) -> str:
    if cell.estimate is None:
        return cell.reason or "-"
    digits = 2 if 0 < cell.estimate < 2 else 1
    text = f"{cell.estimate:.{digits}f}"
    if cell.low is not None and cell.high is not None:
        text += f" ({cell.low:.{digits}f} to {cell.high:.{digits}f})"
    return ", ".join(part for part in (text, p_text(cell.p)) if part)


def _verdict(row: Comparison) -> Text:
    if row.inside is None:
        return Text("")
    if row.inside:
        return Text("inside", style="green")
    return Text("outside", style="yellow")
