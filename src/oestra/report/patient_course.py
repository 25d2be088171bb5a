"""One patient's course: lines of therapy, clones and visits over the years."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from oestra.core.units import DAYS_PER_YEAR
from oestra.history.patient import PatientCourse, TherapyLine
from oestra.report.canvas import COLORS, GRAY, journal_style, new_figure, tidy
from oestra.report.clone_label import clone_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_patient_course"]


def draw_patient_course(course: PatientCourse) -> "Figure":
    """Draw therapy as bars above the cell numbers of all clones and their sum.

    Parameters
    ----------
    course : PatientCourse
        What happened.

    Returns
    -------
    Figure
        180 mm wide.
    """
    with journal_style():
        rows = max(len(course.lines), 1)
        figure = new_figure(180, 82 + 7 * rows)
        bars, cells = figure.subplots(
            2, 1, sharex=True, height_ratios=[0.16 * rows + 0.1, 1.4]
        )
        _draw_cells(cells, course)
        _draw_lines(bars, course.lines, years=float(course.days[-1]) / DAYS_PER_YEAR)
        bars.set_title(f"Patient {course.patient} of seed {course.seed}")
        cells.set_xlabel("Years since diagnosis")
        _draw_happenings((bars, cells), course)
    return figure


def _draw_happenings(panels: "tuple[Axes, Axes]", course: PatientCourse) -> None:
    """Mark relapse and progressions through both panels, names at the foot."""
    close, before = 0.03 * float(course.days[-1]), -np.inf
    for event in course.happenings:
        years = event.day / DAYS_PER_YEAR
        for axes in panels:
            axes.axvline(years, color=GRAY, linewidth=0.7, linestyle=(0, (2, 2)))
        after = event.day - before < close
        panels[1].annotate(
            event.name,
            (years, 0.05),
            xycoords=("data", "axes fraction"),
            xytext=(2 if after else -2, 0),
            textcoords="offset points",
            rotation=90,
            ha="left" if after else "right",
            va="bottom",
            fontsize=7,
            color=GRAY,
            bbox={"fc": "white", "ec": "none", "pad": 0.5, "alpha": 0.8},
        )
        before = event.day


def _draw_lines(axes: "Axes", lines: Sequence[TherapyLine], *, years: float) -> None:
    for row, line in enumerate(lines):
        start = line.start_day / DAYS_PER_YEAR
        width = (line.end_day - line.start_day) / DAYS_PER_YEAR
        shade = COLORS[row % (len(COLORS) - 1)]
        axes.barh(row, width, left=start, height=0.62, color=shade, alpha=0.85)
        before = start > 0.4 * years
        axes.annotate(
            f"{line.regimen} ({line.setting})",
            (start if before else start + width, row),
            xytext=(-4, 0) if before else (4, 0),
            textcoords="offset points",
            ha="right" if before else "left",
            va="center",
            fontsize=7,
            bbox={"fc": "white", "ec": "none", "pad": 1},
        )
    axes.set_ylim(max(len(lines), 1) - 0.4, -0.6)
    axes.set_yticks([])
    axes.set_ylabel("Therapy")
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(bottom=False, labelbottom=False)


def _draw_cells(axes: "Axes", course: PatientCourse) -> None:
    years = course.days / DAYS_PER_YEAR
    cells = course.cells.drop(columns="day")
    for index, name in enumerate(cells.columns):
        number = cells[name].to_numpy()
        if number.max() >= 1:
            axes.plot(
                years,
                np.where(number >= 1, number, np.nan),
                color=COLORS[index],
                linewidth=1.1,
                label=clone_label(str(name)),
            )
    total = cells.to_numpy().sum(axis=1)
    axes.plot(
        years,
        np.where(total >= 1, total, np.nan),
        color="black",
        linewidth=1.8,
        label="all clones",
        zorder=1,
    )
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, 0.5), high * 3)
    axes.plot(
        course.visits / DAYS_PER_YEAR,
        np.full(len(course.visits), 0.015),
        "^",
        transform=axes.get_xaxis_transform(),
        color=GRAY,
        markersize=3,
        label="visit",
    )
    axes.set_ylabel("Tumor cells")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    tidy(axes, grid="y")
