"""Swimmer plot: how long each patient was treated, and what happened on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from oestra.report.canvas import (
    COLORS,
    GRAY,
    headline,
    journal_style,
    legend_beneath,
    new_figure,
    tidy,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["LANES", "Lanes", "draw_swimmer", "spread_out"]

Array = NDArray[np.float64]
LANES = 32
"""Most patients drawn of an arm; more would be lines without a face."""
_MARKS: Mapping[str, dict[str, Any]] = {
    "response": {"marker": "^", "color": COLORS[2]},
    "progression": {"marker": "x", "color": COLORS[1], "markeredgewidth": 1.4},
    "stopped for harm": {"marker": "s", "color": COLORS[5], "markeredgecolor": GRAY},
    "left the study": {"marker": "|", "color": GRAY, "markeredgewidth": 1.4},
    "death": {"marker": "o", "color": "#000000"},
    "on treatment": {"marker": ">", "color": COLORS[0]},
}
"""Told apart by shape as by color."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """Patients of one arm, all times in months from randomization.

    Parameters
    ----------
    label : str
        The arm's name.
    treated : ndarray, shape (n,)
        Time on treatment.
    marks : mapping of str to ndarray, shape (n,)
        When each thing happened, nan for never: response, progression, stopped for
        harm, left the study, death, on treatment.
    """

    label: str
    treated: Array
    marks: Mapping[str, Array]


def spread_out(order: Array, most: int) -> NDArray[np.int64]:
    """Return which patients stand for all, from the longest to the shortest.

    Parameters
    ----------
    order : ndarray, shape (n,)
        What they are ordered by.
    most : int
        How many at most.

    Returns
    -------
    ndarray of int64
        Everybody where there are few, else one at each of as many even quantiles.
    """
    ranked = np.argsort(-order, kind="stable")
    if ranked.size <= most:
        return ranked
    return ranked[((np.arange(most) + 0.5) * ranked.size / most).astype(np.int64)]


def draw_swimmer(
    arms: Sequence[Lanes], *, title: str, since: str = "randomization"
) -> "Figure":
    """Draw a lane a patient, the longest on top.

    Parameters
    ----------
    arms : sequence of Lanes
        One panel each; of many patients, those at even quantiles of time on treatment.
    title : str
        What was run.
    since : str
        From when times count.

    Returns
    -------
    Figure
        180 mm wide.
    """
    shown = [spread_out(arm.treated, LANES) for arm in arms]
    rows = [max(some.size, 2) for some in shown]
    with journal_style():
        figure = new_figure(180, 30 + 14 * len(arms) + 2.6 * sum(rows))
        panels = figure.subplots(
            len(arms), 1, sharex=True, squeeze=False, height_ratios=rows
        )[:, 0]
        for panel, arm, some in zip(panels, arms, shown, strict=True):
            _draw_lanes(panel, arm, some)
        headline(figure, f"{title}: time on treatment")
        panels[-1].set_xlabel(f"Months since {since}")
        for name, look in _MARKS.items():
            panels[0].plot([], [], linestyle="", label=name, markersize=5, **look)
        legend_beneath(figure, [panels[0]], columns=len(_MARKS))
    return figure


def _told(arm: Lanes, some: NDArray[np.int64]) -> str:
    n = arm.treated.size
    part = "" if some.size == n else f"{some.size} of "
    return f"{arm.label}: {part}{n} patients"


def _draw_lanes(axes: "Axes", arm: Lanes, some: NDArray[np.int64]) -> None:
    y = np.arange(some.size)
    axes.barh(y, arm.treated[some], height=0.62, color="#D5DEE6", linewidth=0)
    for name, look in _MARKS.items():
        times = arm.marks[name][some]
        seen = np.isfinite(times)
        axes.plot(times[seen], y[seen], linestyle="", markersize=3.6, **look)
    axes.set_ylim(max(some.size, 1) - 0.4, -0.6)
    axes.set_yticks([])
    axes.set_xlim(left=0)
    axes.set_title(_told(arm, some), fontsize=8, fontweight="normal")
    tidy(axes, grid="x")
