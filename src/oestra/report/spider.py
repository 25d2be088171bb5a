"""Spider plot: the sum of target lesions of each patient from scan to scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from oestra.core.terms import Response
from oestra.report.canvas import (
    COLORS,
    GRAY,
    headline,
    journal_style,
    legend_beneath,
    new_figure,
    tidy,
)
from oestra.report.swimmer import spread_out

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["LINES", "Lines", "draw_spider"]

Array = NDArray[np.float64]
LINES = 60
"""Most patients drawn of an arm."""
_CEILING = 100.0
_LINE = 104
"""Characters of the size of titles across the figure."""
_LOOK = {
    Response.CR: (COLORS[2], "-"),
    Response.PR: (COLORS[0], "-"),
    Response.SD: (GRAY, (0, (4, 1.5))),
    Response.PD: (COLORS[1], (0, (1, 1.2))),
    Response.NE: ("#A8A8A8", (0, (5, 1.5, 1, 1.5))),
}
"""By best response, told apart by dashes as by color."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Patients of one arm with target lesions.

    Parameters
    ----------
    label : str
        The arm's name.
    months, percent : tuple of ndarray, one a patient, each of shape (scans,)
        When, baseline first, and change from baseline.
    response : tuple of str, one a patient
        Best overall response.
    """

    label: str
    months: tuple[Array, ...]
    percent: tuple[Array, ...]
    response: tuple[str, ...]


def draw_spider(
    arms: Sequence[Lines], *, title: str, since: str = "randomization"
) -> "Figure":
    """Draw one panel an arm, a line a patient.

    Changes above 100 % are cut there. The dashed lines are the thresholds of RECIST,
    +20 % and -30 %; progression counts from the least sum, not from baseline.

    Parameters
    ----------
    arms : sequence of Lines
        One panel each; of many patients, those at even quantiles of the best change.
    title : str
        What was run.
    since : str
        From when times count.

    Returns
    -------
    Figure
        180 mm wide.
    """
    columns = min(len(arms), 2)
    rows = -(-len(arms) // columns)
    with journal_style():
        figure = new_figure(180, 30 + 72 * rows)
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        panels = grid.ravel()
        for panel, arm in zip(panels, arms, strict=False):
            _draw_arm(panel, arm, _LINE // columns)
            panel.set_xlabel(f"Months since {since}")
            panel.tick_params(labelbottom=True)
        for panel in panels[len(arms) :]:
            panel.set_visible(False)
        for panel in grid[:, 0]:
            panel.set_ylabel("Change of target lesions (%)")
        headline(figure, f"{title}: target lesions over time")
        seen = {arm.response[one] for arm in arms for one in _drawn(arm)}
        for response, (color, dash) in _LOOK.items():
            if response.value in seen:
                panels[0].plot(
                    [], [], color=color, linestyle=dash, label=response.value
                )
        legend_beneath(
            figure, [panels[0]], title="Best response", columns=max(len(seen), 1)
        )
    return figure


def _drawn(arm: Lines) -> NDArray[np.int64]:
    """Return the places of the patients that are drawn."""
    best = np.array([float(np.min(one[1:], initial=np.inf)) for one in arm.percent])
    return spread_out(best, LINES) if best.size else np.zeros(0, dtype=np.int64)


def _draw_arm(axes: "Axes", arm: Lines, width: int) -> None:
    some = _drawn(arm)
    for level in (20.0, -30.0):
        axes.axhline(level, color=GRAY, linewidth=0.6, linestyle=(0, (4, 3)))
    axes.axhline(0.0, color=GRAY, linewidth=0.6)
    for one in some:
        color, dash = _LOOK.get(Response(arm.response[one]), _LOOK[Response.NE])
        axes.plot(
            arm.months[one],
            np.minimum(arm.percent[one], _CEILING),
            color=color,
            linestyle=dash,
            linewidth=0.8,
        )
    n = len(arm.percent)
    part = "" if some.size == n else f"{some.size} of "
    name = fill(f"{arm.label}: {part}{n} patients", width)
    axes.set_title(name, fontsize=8, fontweight="normal")
    axes.set_ylim(-105, _CEILING + 5)
    tidy(axes, grid="y")
