"""Kaplan-Meier figure: both arms, numbers at risk, published medians beside.

References
----------
.. [1] Kaplan EL, Meier P (1958). J Am Stat Assoc 53:457-481.
   doi:10.1080/01621459.1958.10501452
.. [2] Morris TP et al. (2019). Proposals on Kaplan-Meier plots in medical research.
   BMJ Open 9:e030215. doi:10.1136/bmjopen-2019-030215
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from oestra.appraisal.comparison import Cell
from oestra.report.canvas import (
    COLORS,
    DASHES,
    GRAY,
    journal_style,
    legend_beneath,
    new_figure,
    tidy,
)
from oestra.report.expected_curve import LEVEL, ExpectedCurve
from oestra.survival.product_limit import product_limit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["SurvivalArm", "at_risk", "draw_kaplan_meier"]

_TICKS = (1, 2, 3, 4, 6, 12, 24)
_NAME, _LINE = 40, 110
"""Characters of a name beside the numbers at risk, and of a line of the legend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalArm:
    """What one arm contributes to the figure; all times in months.

    Parameters
    ----------
    label : str
        The arm's name.
    durations : ndarray of float, shape (n,)
        Time to event or censoring.
    event_observed : ndarray of bool, shape (n,)
        True where the event was seen.
    median : Cell
        Simulated median over all trials, with its predictive interval.
    published : tuple of float, optional
        Published median with its interval (estimate, low, high).
    expected : ExpectedCurve, optional
        Where there are several trials: the curve expected over all of them.
    """

    label: str
    durations: NDArray[np.float64]
    event_observed: NDArray[np.bool_]
    median: Cell
    published: tuple[float, float, float] | None = None
    expected: ExpectedCurve | None = None


def at_risk(
    durations: NDArray[np.float64], times: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Count the patients still at risk just before each time.

    Parameters
    ----------
    durations : ndarray of float, shape (n,)
        Time to event or censoring, months.
    times : ndarray of float, shape (k,)
        When to count, months.

    Returns
    -------
    ndarray of int64, shape (k,)
        Patients whose duration is not shorter than the time.
    """
    below = np.searchsorted(np.sort(durations), times, side="left")
    return (len(durations) - below).astype(np.int64)


def draw_kaplan_meier(
    arms: Sequence[SurvivalArm],
    *,
    title: str,
    endpoint: str = "Progression-free survival",
    note: str = "",
    bare: bool = False,
    since: str = "randomization",
) -> "Figure":
    """Draw the arms of a trial with the number at risk beneath.

    An open diamond with a bar is a published median with its interval; it stands
    where the simulated curve should cross one half.

    Parameters
    ----------
    arms : sequence of SurvivalArm
        One curve each.
    title, endpoint : str
        What was run and what the vertical axis shows.
    note : str
        Hazard ratios, printed above the legend.
    bare : bool
        Whether to leave out bands and single trials, which would cover each other.
    since : str
        From when times count.

    Returns
    -------
    Figure
        180 mm wide.
    """
    with journal_style():
        figure = new_figure(180, 112 + 9 * len(arms))
        curves, counts = figure.subplots(
            2, 1, sharex=True, height_ratios=[90, 5 * len(arms)]
        )
        end = _horizon(arms)
        for index, arm in enumerate(arms):
            _draw_curve(curves, arm, index, bare=bare)
            _draw_published(curves, arm, index, len(arms))
        _dress(curves, arms, title=title, endpoint=endpoint, bare=bare)
        curves.set_xlabel(f"Months since {since}")
        _draw_counts(counts, arms, end)
        legend_beneath(figure, [curves], title=note)
    return figure


def _horizon(arms: Sequence[SurvivalArm]) -> float:
    longest = max(float(np.max(arm.durations, initial=1.0)) for arm in arms)
    return max(longest * 1.02, 1.0)


def _draw_curve(axes: "Axes", arm: SurvivalArm, index: int, *, bare: bool) -> None:
    color, dash = COLORS[index % len(COLORS)], DASHES[index % len(DASHES)]
    many = arm.expected
    if many is not None:
        axes.step(
            many.times,
            100 * many.mean,
            where="post",
            color=color,
            linestyle=dash,
            linewidth=1.8,
            label=_caption(arm),
        )
        if bare:
            return
        axes.fill_between(
            many.times,
            100 * many.low,
            100 * many.high,
            step="post",
            color=color,
            alpha=0.15,
            lw=0,
        )
    curve = product_limit(arm.durations, arm.event_observed)
    axes.step(
        np.concatenate([[0.0], curve.times]),
        100 * np.concatenate([[1.0], curve.survival]),
        where="post",
        color=color,
        linestyle=dash if many is None else "-",
        linewidth=1.4 if many is None else 0.5,
        label=_caption(arm) if many is None else "_one trial",
    )
    censored = np.unique(arm.durations[~arm.event_observed])
    level = 100 * curve.at(censored)
    axes.plot(censored, level, "|", color=color, markersize=3, markeredgewidth=0.5)


def _caption(arm: SurvivalArm) -> str:
    unit = "" if arm.median.estimate is None else " months"
    text = f"{arm.label}: median {arm.median.text()}{unit}"
    if arm.published is not None:
        estimate, low, high = arm.published
        text += f"; published {estimate:g} ({low:g} to {high:g})"
    return fill(text, _LINE)


def _short(name: str) -> str:
    """Return a name that leaves room for the curves; the legend has it whole."""
    return name if len(name) <= _NAME else name[: _NAME - 2].rstrip(" \\") + " …"


def _draw_published(axes: "Axes", arm: SurvivalArm, index: int, count: int) -> None:
    if arm.published is None:
        return
    estimate, low, high = arm.published
    height = 50 + 1.6 * ((count - 1) / 2 - index)
    axes.errorbar(
        [estimate],
        [height],
        xerr=[[estimate - low], [high - estimate]],
        fmt="D",
        color=COLORS[index % len(COLORS)],
        markerfacecolor="white",
        markersize=5,
        capsize=2.5,
        elinewidth=1.1,
        zorder=5,
    )


def _dress(
    axes: "Axes", arms: Sequence[SurvivalArm], *, title: str, endpoint: str, bare: bool
) -> None:
    axes.axhline(50, color=GRAY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=0)
    if any(arm.published is not None for arm in arms):
        axes.errorbar(
            [], [], xerr=[], fmt="D", color=GRAY, markerfacecolor="white", markersize=5,
            capsize=2.5, label="published median and its 95 % interval",
        )  # fmt: skip
    many = any(arm.expected is not None for arm in arms)
    if many:
        axes.plot([], [], color=GRAY, lw=1.8, label="expected over all trials")
    if many and not bare:
        label = f"{100 * LEVEL:.0f} % of trials"
        axes.fill_between([], [], color=GRAY, alpha=0.25, lw=0, label=label)
        label = "the first trial, whose numbers at risk are shown"
        axes.plot([], [], color=GRAY, lw=0.5, label=label)
    if not (many and bare):
        axes.plot([], [], "|", color=GRAY, markersize=6, label="censored")
    axes.set_title(title)
    axes.set_ylabel(f"{endpoint} (%)")
    axes.set_ylim(0, 102)
    axes.set_yticks(range(0, 101, 20))
    axes.tick_params(labelbottom=True)
    tidy(axes, grid="y")


def _draw_counts(axes: "Axes", arms: Sequence[SurvivalArm], end: float) -> None:
    step = next((tick for tick in _TICKS if end / tick <= 14), 24)
    ticks = np.arange(0, end + 1e-9, step)
    for index, arm in enumerate(arms):
        for time, number in zip(ticks, at_risk(arm.durations, ticks), strict=True):
            axes.text(time, index, f"{number}", ha="center", va="center", fontsize=7.5)
    axes.set_xlim(-0.015 * end, end)
    axes.set_xticks(ticks)
    axes.set_ylim(len(arms) - 0.5, -0.5)
    axes.set_yticks(range(len(arms)), [_short(arm.label) for arm in arms])
    for index, label in enumerate(axes.get_yticklabels()):
        label.set_color(COLORS[index % len(COLORS)])
    axes.set_title("Number at risk", fontsize=7.5, fontweight="normal", pad=1)
    axes.tick_params(left=False, bottom=False, labelbottom=False, pad=12)
    for spine in axes.spines.values():
        spine.set_visible(False)
