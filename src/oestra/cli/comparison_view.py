"""The table of simulated against published results, for the terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from oestra.report.comparison import Comparison
from oestra.trial.looks import LookResult

__all__ = ["comparison_view", "looks_view", "p_text"]


def comparison_view(rows: Sequence[Comparison], *, title: str) -> Table:
    """Build the table of one stratum or of the whole trial.

    Parameters
    ----------
    rows : sequence of Comparison
        What to show.
    title : str
        Printed above.

    Returns
    -------
    Table
        Ready to print.
    """
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    table.add_column("endpoint", min_width=26)
    table.add_column("arm", min_width=13)
    table.add_column("simulated", justify="right", min_width=20)
    table.add_column("published", justify="right", min_width=19)
    table.add_column("", min_width=7)
    for row in rows:
        arm = f"{row.arm} : {row.control}" if row.control else row.arm
        simulated, known = (
            c.text(row.decimals) for c in (row.simulated, row.published)
        )
        table.add_row(row.name, arm, simulated, known, _verdict(row))
        if row.simulated.p is not None:
            name = f"log-rank p, {row.of.upper()}"
            table.add_row(name, arm, p_text(row.simulated.p), "-", "")
    return table


def looks_view(looks: Sequence[LookResult]) -> Table:
    """Build the table of the interim and final looks of a group-sequential trial.

    Parameters
    ----------
    looks : sequence of LookResult
        In their order.

    Returns
    -------
    Table
        Ready to print.
    """
    heads = ("look at events", "month", "reached, %", "won, %", "futile, %")
    table = Table(*heads, title="Looks", title_justify="left", box=None)
    for look in looks:
        month = "-" if look.month is None else f"{look.month:.1f}"
        shares = (look.reached_percent, look.efficacy_percent, look.futility_percent)
        table.add_row(f"{look.events}", month, *(f"{share:.0f}" for share in shares))
    return table


def p_text(p: float) -> str:
    """Write a p value as journals print it."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _verdict(row: Comparison) -> Text:
    if row.inside is None:
        return Text("")
    if row.inside:
        return Text("inside", style="green")
    return Text("outside", style="yellow")
