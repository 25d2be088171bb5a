"""Waterfall plot: every patient's best change in the sum of her target lesions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from oestra.core.terms import Response
from oestra.report.canvas import COLORS, GRAY, journal_style, new_figure, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["BestChange", "draw_waterfall"]

_SHADES: Mapping[Response, str] = {
    Response.CR: COLORS[2],
    Response.PR: COLORS[0],
    Response.SD: "#B8B8B8",
    Response.PD: COLORS[1],
    Response.NE: "#E3E3E3",
}
_CEILING = 100.0
_LINE = 70
"""Characters of a line of an arm's name."""
_NOTE = (
    "Patients with measurable disease, ordered by best change.\nColors: best overall "
    "response, which confirmation, new and other lesions decide too. Points: beyond "
    "+100 %."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BestChange:
    """Best change of the patients of one arm.

    Parameters
    ----------
    label : str
        The arm's name.
    percent : ndarray of float, shape (n,)
        Best change from baseline of the sum of target lesions, in percent, for the
        patients with measurable disease and a later visit.
    response : sequence of str, length n
        Best overall response of the same patients.
    """

    label: str
    percent: NDArray[np.float64]
    response: Sequence[str]


def draw_waterfall(arms: Sequence[BestChange], *, title: str) -> "Figure":
    """Draw one panel an arm, patients ordered from growth to shrinkage.

    Changes above 100 % are cut there and marked with a point. The dashed lines are
    the thresholds of RECIST, +20 % and -30 %.

    Parameters
    ----------
    arms : sequence of BestChange
        One panel each.
    title : str
        What was run.

    Returns
    -------
    Figure
        180 mm wide.

    References
    ----------
    .. [1] Gillespie TW (2012). Understanding waterfall plots. J Adv Pract Oncol
       3:106-111.
    """
    with journal_style():
        figure = new_figure(180, 10 + 58 * len(arms))
        panels = figure.subplots(len(arms), 1, squeeze=False)[:, 0]
        for panel, arm in zip(panels, arms, strict=True):
            _draw_arm(panel, arm)
        panels[0].set_title(f"{title}: best change of target lesions", pad=14)
        _legend(panels[0], arms)
        panels[-1].set_xlabel(_NOTE)
    return figure


def _draw_arm(axes: "Axes", arm: BestChange) -> None:
    order = np.argsort(-arm.percent, kind="stable")
    change = arm.percent[order]
    shades = [_SHADES.get(Response(arm.response[i]), GRAY) for i in order]
    place = np.arange(len(change))
    axes.bar(place, np.minimum(change, _CEILING), width=1.0, color=shades, linewidth=0)
    beyond = place[change > _CEILING]
    axes.plot(
        beyond, np.full(len(beyond), _CEILING + 4), ".", color=COLORS[1], markersize=1.5
    )
    for threshold in (20.0, -30.0):
        axes.axhline(threshold, color=GRAY, linewidth=0.7, linestyle=(0, (4, 2)))
    axes.axhline(0, color="black", linewidth=0.7)
    axes.set_ylim(-105, _CEILING + 10)
    axes.set_yticks([-100, -50, -30, 0, 20, 50, 100])
    axes.set_xlim(-0.5, max(len(change), 1) - 0.5)
    axes.set_ylabel("Best change (%)")
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(bottom=False, labelbottom=False)
    shrunk = 100 * float(np.mean(change <= -30)) if len(change) else 0.0
    told = f"{len(change)} patients, {shrunk:.0f} % shrank by 30 % or more"
    axes.text(
        0.995,
        0.95,
        f"{fill(arm.label, _LINE)}\n{told}",
        transform=axes.transAxes,
        ha="right",
        va="top",
    )
    tidy(axes)


def _legend(axes: "Axes", arms: Sequence[BestChange]) -> None:
    seen = {Response(word) for arm in arms for word in arm.response}
    for response, shade in _SHADES.items():
        if response in seen:
            axes.bar([0], [0], color=shade, label=response.value)
    if not seen:
        return
    axes.legend(
        title="Best response",
        ncols=5,
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        borderaxespad=0.1,
        handlelength=1.0,
        columnspacing=1.0,
        alignment="right",
    )
