"""The heat map of an ablation study: trials by mechanisms, hazard ratios first."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from oestra.appraisal.ablation_table import moves
from oestra.evidence.vocabulary import EndpointKind
from oestra.report.canvas import journal_style, new_figure
from oestra.report.heat_map import draw_cells, stack_panels
from oestra.trial.endpoint_kinds import KINDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

__all__ = ["draw_ablations"]

_TOP = 4.0
"""Standard errors at which a color is full."""
_DARK = -3.0, 1.9
"""Standard errors beyond which text is white: brown darkens later than purple."""
_ROW_MM = 3.6
_RATIO = KINDS[EndpointKind.HAZARD_RATIO].label
_PANELS = {_RATIO: "ratio", KINDS[EndpointKind.MEDIAN].label: "median"}
"""By kind; all others are shares."""
_TITLES = {
    "ratio": "Hazard ratio without each mechanism; after the name, with all",
    "median": "Medians: largest change in each trial",
    "share": "Response, benefit, Ki67: largest change in each trial",
}
_INK = "#22282E"


def draw_ablations(table: pd.DataFrame, titles: Mapping[str, str]) -> "Figure":
    """Draw the largest change of each kind of endpoint of each trial.

    Parameters
    ----------
    table : DataFrame
        Of `oestra.appraisal.ablation_table.ablation_table`.
    titles : mapping of str to str
        Names of mechanisms for people, in the order of columns.

    Returns
    -------
    Figure
        One panel a kind. Hazard ratios have a row each, and the value without the
        mechanism is printed; of medians and shares, a trial's largest change is shown.
    """
    kinds = [_PANELS.get(kind, "share") for kind in table["kind"]]
    named = table.assign(panel=kinds, label=_labels(table))
    panels = [name for name in _TITLES if name in kinds]
    parts = [named.loc[named["panel"] == name] for name in panels]
    rows = [sorted(set(part["label"]), key=str.casefold) for part in parts]
    with journal_style():
        figure = new_figure(180, 58 + _ROW_MM * (sum(map(len, rows)) + 2 * len(rows)))
        axes = stack_panels(figure, rows)
        drawn = None
        for one, part, labels, name in zip(axes, parts, rows, panels, strict=True):
            drawn = _draw_panel(one, part, labels, list(titles))
            one.set_title(_TITLES[name], fontsize=7.5)
        axes[-1].set_xticks(
            np.arange(len(titles)) + 0.5,
            list(titles.values()),
            rotation=55,
            ha="right",
            rotation_mode="anchor",
            fontsize=6.5,
        )
        if drawn is not None:
            bar = figure.colorbar(
                drawn, ax=axes, extend="both", shrink=0.4, anchor=(0.0, 1.0)
            )
            bar.set_label("change without the mechanism, standard errors", fontsize=7)
            bar.ax.tick_params(labelsize=6.5)
        figure.legend(
            [_frame((0.0, 0.0), leaves=True), _frame((0.0, 0.0), leaves=False)],
            ["an endpoint leaves its\npublished interval", "one enters, none leaves"],
            loc="lower left",
            fontsize=6.5,
            handlelength=1.4,
            handleheight=1.1,
        )
    return figure


def _labels(table: pd.DataFrame) -> list[str]:
    """Name the row of each endpoint: its trial; group and value too for a ratio."""
    ratios = table.loc[table["kind"] == _RATIO, "endpoint"].unique()
    places = Counter(name.rpartition("/")[0] for name in ratios)
    columns = (table[name] for name in ("endpoint", "kind", "with_all"))
    found = []
    for endpoint, kind, value in zip(*columns, strict=True):
        place, _, arm = endpoint.rpartition("/")
        trial, stratum, _ = place.replace("_", " ").split("/")
        if kind == _RATIO:
            group = "" if stratum == "ITT" else f", {stratum.split(' (n=')[0]}"
            name = f", {arm}" if places[place] > 1 else ""
            trial = f"{trial}{group}{name}  {value:.2f}"
        found.append(trial)
    return found


def _draw_panel(
    axes: "Axes", part: pd.DataFrame, labels: list[str], mechanisms: list[str]
) -> "QuadMesh":
    value = np.full((len(labels), len(mechanisms)), np.nan)
    grouped = part.groupby(["label", "mechanism"], sort=False)
    for _, cell in grouped:
        first = cell.iloc[0]
        row, column = labels.index(first["label"]), mechanisms.index(first["mechanism"])
        most = cell.iloc[int(np.argmax(np.abs(cell["change_se"])))]
        value[row, column] = most["change_se"]
        if most["kind"] == _RATIO:
            _print(axes, (column, row), float(most["without"]), most["change_se"])
        _mark(axes, (column, row), cell)
    mesh = draw_cells(axes, value, labels, colors="PuOr", span=(-_TOP, _TOP))
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    return mesh


def _print(axes: "Axes", at: tuple[int, int], value: float, change: float) -> None:
    axes.text(
        at[0] + 0.5,
        at[1] + 0.52,
        f"{value:.2f}",
        ha="center",
        va="center_baseline",
        fontsize=5.5,
        zorder=4,
        color=_INK if _DARK[0] < change < _DARK[1] else "white",
    )


def _mark(axes: "Axes", at: tuple[int, int], cell: pd.DataFrame) -> None:
    """Frame a cell from which an endpoint leaves; dot the frame if one enters it."""
    leaves, enters = map(len, moves(cell))
    if leaves or enters:
        axes.add_patch(_frame((at[0] + 0.06, at[1] + 0.07), leaves=leaves > 0))


def _frame(corner: tuple[float, float], *, leaves: bool) -> "Rectangle":
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - slow to load
    from matplotlib.patheffects import withStroke  # noqa: PLC0415

    return Rectangle(
        corner,
        0.88,
        0.86,
        fill=False,
        edgecolor=_INK,
        linewidth=0.8,
        linestyle="-" if leaves else (0, (1, 1.2)),
        path_effects=[withStroke(linewidth=1.9, foreground="white")],
        zorder=3,
    )
