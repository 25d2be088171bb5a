"""Figures of a fit: misses, what it learned of each parameter, profiles."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from oestra.appraisal.fit_tables import endpoint_label
from oestra.report.canvas import COLORS, GRAY, journal_style, new_figure, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["calibration_figures", "draw_profiles"]

_INSIDE, _OUTSIDE = COLORS[2], COLORS[1]
_FURTHEST = 6.0
"""Standard errors at which a miss is drawn at the edge."""
_ROW_MM = 3.6


def calibration_figures(
    residuals: pd.DataFrame, parameters: pd.DataFrame, record: Mapping[str, Any]
) -> dict[str, "Figure"]:
    """Draw a fit.

    Parameters
    ----------
    residuals, parameters : DataFrame
        Of `oestra.appraisal.fit_tables.residual_table` and ``parameter_rows``.
    record : mapping
        The record of the fit.

    Returns
    -------
    dict of str to Figure
        By file name: ``residuals``, ``parameters``, ``losses`` and, where the record
        has them, ``profiles``.
    """
    with journal_style():
        figures = {
            "residuals": draw_residuals(residuals),
            "parameters": _draw_parameters(parameters),
            "losses": _draw_losses(record["losses"]),
        }
        if record.get("profiles"):
            figures["profiles"] = draw_profiles(record["profiles"])
    return figures


def draw_residuals(table: pd.DataFrame) -> "Figure":
    """Draw the standard errors by which each endpoint is missed, by kind."""
    kinds = list(dict.fromkeys(table["kind"]))
    sizes = [int((table["kind"] == kind).sum()) + 2 for kind in kinds]
    with journal_style():
        figure = new_figure(180, 14 + _ROW_MM * sum(sizes))
        panels = figure.subplots(
            len(kinds), 1, sharex=True, squeeze=False, height_ratios=sizes
        )
        for axes, kind in zip(panels[:, 0], kinds, strict=True):
            _draw_kind(axes, table.loc[table["kind"] == kind], kind)
        panels[-1, 0].set_xlabel(
            "simulated less published, standard errors (arrow: beyond the edge)"
        )
    return figure


def _draw_kind(axes: "Axes", rows: pd.DataFrame, kind: str) -> None:
    z = rows["residual"].to_numpy()
    y = np.arange(len(rows))
    axes.axvspan(-1.96, 1.96, color="#EEF3EE", zorder=0)
    axes.axvline(0.0, color=GRAY, linewidth=0.6)
    # Misses are open marks, told from hits without color, too.
    for color, fill, who in (
        (_INSIDE, _INSIDE, rows["inside"]),
        (_OUTSIDE, "white", ~rows["inside"]),
    ):
        look: dict[str, Any] = {"color": color, "markerfacecolor": fill}
        at = who.to_numpy(dtype=bool)
        drawn = np.clip(z[at], -_FURTHEST, _FURTHEST)
        axes.hlines(y[at], 0.0, drawn, color=color, linewidth=1.0)
        near = np.abs(z[at]) <= _FURTHEST
        axes.plot(drawn[near], y[at][near], "o", markersize=3, **look)
        for sign, marker in ((1.0, ">"), (-1.0, "<")):
            far = ~near & (np.sign(z[at]) == sign)
            axes.plot(drawn[far], y[at][far], marker, markersize=4, **look)
    axes.set_yticks(y, [endpoint_label(x) for x in rows["id"]], fontsize=6)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(-_FURTHEST - 0.3, _FURTHEST + 0.3)
    axes.set_title(
        f"{kind}: {int(rows['inside'].sum())} of {len(rows)} within 1.96", fontsize=8
    )
    tidy(axes, grid="x")


def _draw_parameters(table: pd.DataFrame) -> "Figure":
    figure = new_figure(180, 22 + 4.2 * len(table))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1))
    y = np.arange(len(table))
    left.hlines(y, -1.96, 1.96, color="#D9D9D9", linewidth=5)
    best, deviation = table["standardized"].to_numpy(), table["deviation"].to_numpy()
    low, high = best - 1.96 * deviation, best + 1.96 * deviation
    left.hlines(y, low, high, color=COLORS[0], linewidth=1.6)
    left.plot(best, y, "o", color=COLORS[0], markersize=3.2)
    left.set_yticks(y, list(table["name"]), fontsize=6.5)
    left.set_ylim(len(table) - 0.4, -0.6)
    edge = max(3.0, float(np.max(np.abs([low, high]))) + 0.2)
    left.set_xlim(-edge, edge + 1.9)
    for row, name in zip(y, table.index, strict=True):
        text = f"{table.loc[name, 'prior']:.3g} → {table.loc[name, 'best']:.3g}"
        left.text(edge, row, text, fontsize=6, va="center", color=GRAY)
    left.set_xlabel("prior standard deviations from the file's value")
    left.set_title("Prior (gray) and posterior, 95 %")
    right.barh(y, 100.0 * table["contraction"], color=COLORS[0], height=0.65)
    right.set_xlim(0, 100)
    right.set_xlabel("variance removed, %")
    right.set_title("Contraction")
    tidy(left, grid="x")
    tidy(right, grid="x")
    return figure


def _draw_losses(losses: Sequence[float]) -> "Figure":
    figure = new_figure(88, 55)
    axes = figure.subplots()
    axes.plot(range(len(losses)), losses, "o-", color=COLORS[0], markersize=3)
    axes.set_xlabel("round")
    axes.set_ylabel("loss")
    axes.set_ylim(0.0, 1.08 * max(losses, default=1.0))
    axes.set_title("The course of the fit")
    tidy(axes, grid="y")
    return figure


def draw_profiles(profiles: Sequence[Mapping[str, Any]]) -> "Figure":
    """Draw the least loss at fixed values of each parameter, beside the prior's own.

    Parameters
    ----------
    profiles : sequence of mapping
        ``name``, ``standardized`` values and ``excess`` of the loss there.

    Returns
    -------
    Figure
        Five panels a row.
    """
    across = 5
    down = -(-len(profiles) // across)
    figure = new_figure(180, 30 * down + 8)
    panels = figure.subplots(down, across, sharey=True, squeeze=False).ravel()
    for axes, one in zip(panels, profiles, strict=False):
        z = np.array(one["standardized"])
        axes.axhline(1.92, color=GRAY, linewidth=0.6, linestyle=(0, (3, 2)))
        excess = np.array(one["excess"])
        axes.plot(z, excess, "o-", color=COLORS[0], markersize=2.5)
        prior = 0.5 * (z**2 - z[np.argmin(np.abs(excess))] ** 2)
        axes.plot(z, prior, color="#BBBBBB", linewidth=1.0)
        axes.set_title(one["name"], fontsize=6.5)
        axes.set_ylim(-0.6, 4.2)
        tidy(axes)
    for axes in panels[len(profiles) :]:
        axes.set_visible(False)
    figure.supxlabel("prior standard deviations", fontsize=8)
    figure.supylabel("loss above the best", fontsize=8)
    return figure
