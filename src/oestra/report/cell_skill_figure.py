"""Predicted against measured, by kind of experiment on cells."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from oestra.report.canvas import COLORS, GRAY, new_figure, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_cell_skill"]

_SHOWN = {
    "kinase": ("pAKT, pERK\nafter ligands", "log10 fold"),
    "growth": ("Cells\nover start", "log2"),
    "drug": ("Growth under\ninhibitors", "GR"),
}


def _panel(axes: "Axes", rows: pd.DataFrame, title: str, scale: str) -> None:
    bound = rows["bound"].to_numpy() != 0
    x, y = rows["observed"].to_numpy(), rows["predicted"].to_numpy()
    ends = [float(np.minimum(x, y).min()), float(np.maximum(x, y).max())]
    axes.plot(ends, ends, color=GRAY, lw=0.8, zorder=0)
    axes.scatter(x[~bound], y[~bound], s=9, color=COLORS[0], lw=0, alpha=0.6)
    axes.scatter(
        x[bound], y[bound], s=11, facecolor="none", edgecolor=COLORS[1], lw=0.7
    )
    axes.set(title=title, xlabel=f"measured, {scale}", ylabel="predicted")
    tidy(axes)


def draw_cell_skill(table: pd.DataFrame) -> "Figure":
    """Draw predictions against measurements; open marks are bounds.

    Parameters
    ----------
    table : DataFrame
        As `oestra.appraisal.cell_skill.cell_readings` returns it.

    Returns
    -------
    Figure
        One panel for each of three kinds.
    """
    figure = new_figure(180, 65)
    for place, (kind, told) in enumerate(_SHOWN.items(), start=1):
        axes = figure.add_subplot(1, len(_SHOWN), place)
        _panel(axes, table.loc[table["kind"] == kind, :], *told)
    return figure
