"""Rows of the review as dots: what holds with every mechanism, and without each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from oestra.appraisal.row_verdict import RowResult
from oestra.report.canvas import (
    COLORS,
    GRAY,
    journal_style,
    legend_beneath,
    literal,
    new_figure,
    tidy,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_rows"]

_ROW_MM = 4.6


def draw_rows(results: Sequence[RowResult]) -> "Figure":
    """Draw how many of each row's expectations hold.

    Parameters
    ----------
    results : sequence of RowResult
        What became of the rows.

    Returns
    -------
    Figure
        One panel, a line a row: a filled dot with all mechanisms, an open square with
        that of each check taken away.
    """
    places = range(len(results))
    shares = [_share([one.holds for one in row.numbers]) for row in results]
    without = [_share([one.holds_without for one in row.numbers]) for row in results]
    with journal_style():
        figure = new_figure(180, 32 + _ROW_MM * len(results))
        axes = figure.add_subplot()
        axes.hlines(places, without, shares, color=GRAY, linewidth=0.8, zorder=1)
        axes.scatter(
            shares, places, s=20, color=COLORS[0], zorder=3, label="all mechanisms"
        )
        axes.scatter(
            without,
            places,
            s=26,
            marker="s",
            facecolor="white",
            edgecolor=COLORS[1],
            linewidth=1.2,
            zorder=2,
            label="the mechanism of each taken away",
        )
        axes.set_yticks(list(places), [_label(row) for row in results])
        axes.invert_yaxis()
        axes.set(
            xlim=(-3, 103),
            xlabel="expectations that hold, %",
            title="Rows of the review, with each mechanism and without",
        )
        axes.margins(y=0.02)
        tidy(axes, grid="x")
        legend_beneath(figure, [axes], columns=2)
    return figure


def _share(holds: Sequence[bool]) -> float:
    return 100 * sum(holds) / len(holds)


def _label(result: RowResult) -> str:
    held = sum(one.holds for one in result.numbers)
    name = literal(result.row.name)
    return f"{result.row.number}  {name}  {held}/{len(result.numbers)}"
