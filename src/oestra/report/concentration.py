"""Drug concentration over time, beside the potency it has to reach."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from oestra.appraisal.drug_sheet import Concentration
from oestra.report.canvas import COLORS, DASHES, GRAY, journal_style, new_figure, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_concentration"]


def draw_concentration(curves: Sequence[Concentration], *, title: str) -> "Figure":
    """Draw the course of concentrations on a logarithmic axis.

    Parameters
    ----------
    curves : sequence of Concentration
        Drug first, then its metabolites.
    title : str
        Drug and regimen.

    Returns
    -------
    Figure
        170 mm wide.
    """
    with journal_style():
        figure = new_figure(170, 90)
        axes = figure.subplots()
        for index, curve in enumerate(curves):
            _draw_one(axes, curve, index)
        _draw_potencies(axes, curves)
        axes.set_yscale("log")
        axes.set_ylim(bottom=_floor(curves))
        axes.set_xlim(0, max(curve.hours[-1] for curve in curves) / 24)
        axes.set_xlabel("Days since the first dose")
        axes.set_ylabel("Free concentration (nM)")
        axes.set_title(title)
        figure.legend(loc="outside lower center", ncols=len(curves) + 1)
        tidy(axes, grid="y")
    return figure


def _floor(curves: Sequence[Concentration]) -> float:
    """Return the foot of the axis: half of the lowest level that matters."""
    levels: list[float] = []
    for curve in curves:
        later = curve.median[curve.hours >= 0.1 * curve.hours[-1]]
        levels += [float(np.min(later[later > 0], initial=np.inf))]
        levels += curve.potencies.values()
    lowest = min(level for level in levels if level > 0)
    return lowest / 3 if np.isfinite(lowest) else 1e-3


def _draw_one(axes: "Axes", curve: Concentration, index: int) -> None:
    color, days = COLORS[index % len(COLORS)], curve.hours / 24
    positive = np.where(curve.median > 0, curve.median, np.nan)
    if curve.low is not None and curve.high is not None:
        axes.fill_between(
            days,
            np.maximum(curve.low, 1e-9),
            curve.high,
            color=color,
            alpha=0.18,
            linewidth=0,
            label="90 % of patients" if index == 0 else None,
        )
    axes.plot(
        days, positive, color=color, linestyle=DASHES[index % 4], label=curve.substance
    )


def _draw_potencies(axes: "Axes", curves: Sequence[Concentration]) -> None:
    """Draw one line for each potency, named by all substances that share it."""
    shared: dict[tuple[str, float], list[str]] = {}
    for curve in curves:
        for target, potency in curve.potencies.items():
            shared.setdefault((target, potency), []).append(curve.substance)
    for (target, potency), substances in shared.items():
        axes.axhline(potency, color=GRAY, linewidth=0.8, linestyle=(0, (1, 1.5)))
        axes.annotate(
            "half effect on\n" + "\n".join([target, *substances, f"{potency:g} nM"]),
            (1.0, potency),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=6.5,
            color=GRAY,
        )
