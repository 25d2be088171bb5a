"""Power figure: power against patients, and how often looks stop the trial."""

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from oestra.report.canvas import (
    COLORS,
    DASHES,
    GRAY,
    journal_style,
    legend_beneath,
    literal,
    new_figure,
    tidy,
)
from oestra.trial.sizing import Sizing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_power"]

_APART = 0.006
"""How far levels stand apart, so that their intervals can be seen."""
_LINE = 110


def draw_power(sizings: Sequence[Sizing], *, title: str, target: float) -> "Figure":
    """Draw power by size with Monte Carlo intervals, one line a level.

    Parameters
    ----------
    sizings : sequence of Sizing
        One a combination of factors.
    title : str
        What was run.
    target : float
        The power wanted; a triangle stands where a level is to reach it.

    Returns
    -------
    Figure
        180 mm wide; a second panel shows the looks where the design has any.
    """
    looked = any(point.looks for one in sizings for point in one.points)
    with journal_style():
        figure = new_figure(180, 84 + 5 * len(sizings))
        panels = figure.subplots(1, 2 if looked else 1, squeeze=False)[0]
        _draw_curves(panels[0], sizings, target)
        panels[0].set_title(title)
        if looked:
            _draw_stops(panels[1], sizings)
        legend_beneath(figure, panels)
    return figure


def _draw_curves(axes: "Axes", sizings: Sequence[Sizing], target: float) -> None:
    step = _APART * _largest(sizings)
    for index, one in enumerate(sizings):
        color, dash = COLORS[index % len(COLORS)], DASHES[index % len(DASHES)]
        shift = step * (index - (len(sizings) - 1) / 2)
        power, low, high = np.array([point.percent for point in one.points]).T
        axes.errorbar(
            [point.patients + shift for point in one.points],
            power,
            yerr=[power - low, high - power],
            fmt="o",
            color=color,
            linestyle=dash,
            markersize=3.5,
            capsize=2,
            elinewidth=0.8,
            label=_caption(one),
        )
        if one.required is not None:
            place = [one.required.estimate + shift]
            axes.plot(place, [100 * target], "v", color=color, markersize=7)
    axes.axhline(100 * target, color=GRAY, linewidth=0.6, linestyle=(0, (1, 2)))
    _dress(axes, sizings, "Power (%), 95 % Monte Carlo interval")


def _largest(sizings: Sequence[Sizing]) -> int:
    return max(point.patients for one in sizings for point in one.points)


def _caption(one: Sizing) -> str:
    found = one.reason if one.required is None else one.required.text()
    return fill(literal(f"{one.label}: {found}"), _LINE)


def _draw_stops(axes: "Axes", sizings: Sequence[Sizing]) -> None:
    for index, one in enumerate(sizings):
        color = COLORS[index % len(COLORS)]
        sizes = [point.patients for point in one.points]
        futile = [point.futility_percent for point in one.points]
        won = [point.efficacy_percent for point in one.points]
        axes.plot(sizes, futile, "s--", color=color, markersize=3.5)
        axes.plot(sizes, won, "o-", color=color, markersize=3.5)
    axes.plot([], [], "s--", color=GRAY, markersize=3.5, label="stopped for futility")
    axes.plot([], [], "o-", color=GRAY, markersize=3.5, label="stopped for efficacy")
    axes.set_title("Stopped at a look")
    _dress(axes, sizings, "Trials stopped (%)")


def _dress(axes: "Axes", sizings: Sequence[Sizing], label: str) -> None:
    axes.set_xlim(0, 1.05 * _largest(sizings))
    axes.set_ylim(-2, 103)
    axes.set_xlabel("Patients in all arms")
    axes.set_ylabel(label)
    tidy(axes, grid="y")
