"""Adverse events by grade: how many patients of each arm had what, and how bad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.report.canvas import (
    GRAY,
    headline,
    journal_style,
    legend_beneath,
    new_figure,
    tidy,
)
from oestra.trial.harm_result import NO_FATAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["GRADES", "ArmHarmShares", "draw_harm", "worst_grades"]

GRADES = (1, 2, 3, 4, 5)
"""Common Terminology Criteria for Adverse Events."""
_SHADES = ("#DCE6EF", "#9DBAD4", "#4F86B3", "#1B4F7D", "#000000")
"""From light to dark, so that grades are told apart without color."""
_MOST = 16
_TITLE = 72
"""Characters of all titles side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmHarmShares:
    """Worst grades in one arm.

    Parameters
    ----------
    label : str
        The arm's name.
    percent : mapping of str to ndarray, shape (5,)
        By term with a known rate, percentage of patients whose worst event was of each
        grade.
    no_rate : tuple of str
        Drugs of whose events no rate is known.
    """

    label: str
    percent: Mapping[str, NDArray[np.float64]]
    no_rate: tuple[str, ...] = field(default=())


def worst_grades(events: pd.DataFrame, patients: int) -> dict[str, NDArray[np.float64]]:
    """Return the percentage of patients by term and by their worst grade.

    Parameters
    ----------
    events : DataFrame
        Events of one arm: ``USUBJID``, ``AEDECOD`` and ``AETOXGR``.
    patients : int
        All patients of the arm, those without events included.

    Returns
    -------
    dict of str to ndarray, shape (5,)
        Grades 1 to 5; what remains to 100 had no such event.
    """
    if events.empty:
        return {}
    worst = events.groupby(["AEDECOD", "USUBJID"], sort=True)["AETOXGR"].max()
    found: dict[str, NDArray[np.float64]] = {}
    for term, grades in worst.groupby(level=0):
        count = np.bincount(grades.to_numpy(dtype=np.int64), minlength=len(GRADES) + 1)
        found[str(term)] = 100.0 * count[1:] / max(patients, 1)
    return found


def draw_harm(arms: Sequence[ArmHarmShares], *, title: str) -> "Figure":
    """Draw one panel an arm with a bar an event, the most frequent first.

    Parameters
    ----------
    arms : sequence of ArmHarmShares
        The arms in their order.
    title : str
        What was run.

    Returns
    -------
    Figure
        180 mm wide, as high as the terms need; at most 16 terms.
    """
    terms = _terms(arms)
    shown = terms[:_MOST]
    with journal_style():
        figure = new_figure(180, 42 + 6.5 * max(len(shown), 2))
        panels = figure.subplots(1, len(arms), sharey=True, squeeze=False)[0]
        widest = max(
            [
                float(arm.percent[t].sum())
                for arm in arms
                for t in shown
                if t in arm.percent
            ]
            or [10.0]
        )
        worst = max((_worst(arm) for arm in arms), default=1)
        for panel, arm in zip(panels, arms, strict=True):
            _draw_arm(panel, arm, shown, widest, worst, len(arms))
        panels[0].set_yticks(range(len(shown)), shown)
        panels[0].set_ylim(len(shown) - 0.4, -0.6)
        headline(figure, f"{title}: adverse events, worst grade of each patient")
        note = _note(arms, len(terms) - len(shown))
        legend_beneath(figure, [panels[0]], title=note, columns=len(GRADES))
    return figure


def _terms(arms: Sequence[ArmHarmShares]) -> list[str]:
    most: dict[str, float] = {}
    for arm in arms:
        for term, percent in arm.percent.items():
            most[term] = max(most.get(term, 0.0), float(percent.sum()))
    return sorted(most, key=lambda term: (-most[term], term))


def _worst(arm: ArmHarmShares) -> int:
    """Return the highest grade of an arm, at least 1."""
    seen = [grade for p in arm.percent.values() for grade in GRADES if p[grade - 1] > 0]
    return max(seen, default=1)


def _draw_arm(
    axes: "Axes",
    arm: ArmHarmShares,
    terms: Sequence[str],
    widest: float,
    worst: int,
    panels: int,
) -> None:
    none = np.zeros(len(GRADES))
    shares = np.array([arm.percent.get(term, none) for term in terms]).reshape(-1, 5)
    left = np.zeros(len(terms))
    for grade, shade in zip(GRADES[:worst], _SHADES, strict=False):
        wide = shares[:, grade - 1]
        axes.barh(
            range(len(terms)),
            wide,
            left=left,
            height=0.72,
            color=shade,
            edgecolor=GRAY,
            linewidth=0.4,
            label=f"grade {grade}",
        )
        left = left + wide
    for row, (whole, severe) in enumerate(
        zip(left, shares[:, 2:].sum(axis=1), strict=True)
    ):
        if terms[row] not in arm.percent:
            axes.text(
                0.012 * widest, row, "no rate", va="center", color=GRAY, fontsize=6
            )
            continue
        text = (
            f"{whole:.0f}"
            if whole < 0.5 or severe < 0.05
            else f"{whole:.0f}, {severe:.1f}"
        )
        axes.text(whole + 0.012 * widest, row, text, va="center", fontsize=7)
    axes.set_xlim(0, 1.18 * widest)
    axes.set_title(fill(arm.label, width=_TITLE // panels), fontsize=8)
    axes.set_xlabel("Patients (%)")
    tidy(axes, grid="x")


def _note(arms: Sequence[ArmHarmShares], hidden: int) -> str:
    lines = [
        "All trials together. Numbers: any grade, then grade 3 or more, in percent"
    ]
    lines.append(NO_FATAL)
    unknown = sorted({drug for arm in arms for drug in arm.no_rate})
    if unknown:
        lines.append(f"No rate is known for {', '.join(unknown)}")
    if hidden > 0:
        lines.append(f"{hidden} rarer events stand in adverse_events.csv")
    return "\n".join(lines)
