"""The heat map of a sensitivity analysis: endpoints by influential parameters."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from oestra.report.canvas import journal_style, new_figure
from oestra.report.heat_map import draw_cells, stack_panels
from oestra.trial.endpoint_kinds import KINDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_sensitivity"]

_COLUMNS = 24
_ROW_MM = 3.0
_KINDS = tuple(names.label for names in KINDS.values())
_DARK = 0.6
"""Share of the scale above which signs are drawn in white."""


def draw_sensitivity(groups: pd.DataFrame, order: list[str]) -> "Figure":
    """Draw the largest index of each kind of endpoint of each trial.

    Parameters
    ----------
    groups : DataFrame
        Of `oestra.appraisal.sensitivity_table.group_table`.
    order : list of str
        Parameters, the most influential first.

    Returns
    -------
    Figure
        One panel a kind; a cell without color is within chance; signs tell whether the
        endpoint rises or falls with the parameter.
    """
    used = set(groups["parameter"])
    names = [name for name in order if name in used][:_COLUMNS] or order[:1]
    kinds = [kind for kind in _KINDS if (groups["kind"] == kind).any()]
    kinds += [kind for kind in dict.fromkeys(groups["kind"]) if kind not in kinds]
    if not kinds:
        return _nothing()
    parts = [groups.loc[groups["kind"] == kind] for kind in kinds]
    rows = [sorted(set(part["group"]), key=str.casefold) for part in parts]
    top = max(float(groups["index"].max()), 1e-9)
    with journal_style():
        height = 50 + _ROW_MM * (sum(map(len, rows)) + 1.8 * len(kinds))
        figure = new_figure(180, height)
        panels = stack_panels(figure, rows)
        for axes, part, kind, sources in zip(panels, parts, kinds, rows, strict=True):
            _draw_kind(axes, part, sources, names, top)
            axes.set_title(kind, fontsize=8)
        panels[-1].set_xticks(
            np.arange(len(names)) + 0.5,
            [name.replace("_", " ") for name in names],
            rotation=90,
            fontsize=6,
        )
        figure.colorbar(
            panels[0].collections[0],
            ax=panels,
            shrink=min(1.0, 60 / height),
            anchor=(0.0, 1.0),
            label="PAWN index, largest of the endpoints",
        )
    return figure


def _nothing() -> "Figure":
    figure = new_figure(180, 30)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.text(0.0, 0.5, "No dependence is above chance; simulate more sets.")
    return figure


def _draw_kind(
    axes: "Axes", part: pd.DataFrame, sources: list[str], names: list[str], top: float
) -> None:
    value = np.full((len(sources), len(names)), np.nan)
    shown = part.loc[part["parameter"].isin(names)]
    for group, name, index, slope in shown[
        ["group", "parameter", "index", "rank_correlation"]
    ].itertuples(index=False):
        row, column = sources.index(group), names.index(name)
        value[row, column] = index
        axes.text(
            column + 0.5,
            row + 0.5,
            "+" if slope > 0 else "\N{MINUS SIGN}",
            ha="center",
            va="center_baseline",
            fontsize=6,
            color="white" if index > _DARK * top else "black",
        )
    draw_cells(axes, value, sources, colors="Blues", span=(0.0, top))
    axes.set_xticks(np.arange(len(names)) + 0.5, [])
