"""One patient's course: lines of therapy, clones and visits over the years."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from oestra.course.patient import PatientCourse, TherapyLine
from oestra.report.canvas import COLORS, GRAY, journal_style, new_figure, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_patient_course"]

_DAYS = 365.25


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
        _draw_lines(bars, course.lines, years=float(course.days[-1]) / _DAYS)
        bars.set_title(f"Patient {course.patient} of seed {course.seed}")
        cells.set_xlabel("Years since diagnosis")
        for event in course.happenings:
            for axes in (bars, cells):
                axes.axvline(
                    event.day / _DAYS, color=GRAY, linewidth=0.7, linestyle=(0, (2, 2))
                )
            cells.annotate(
                event.name,
                (event.day / _DAYS, 0.05),
                xycoords=("data", "axes fraction"),
                xytext=(-2, 0),
                textcoords="offset points",
                rotation=90,
                ha="right",
                va="bottom",
                fontsize=7,
                color=GRAY,
            )
    return figure


def _draw_lines(axes: "Axes", lines: Sequence[TherapyLine], *, years: float) -> None:
    for row, line in enumerate(lines):
        start, width = line.start_day / _DAYS, (line.end_day - line.start_day) / _DAYS
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
    years = course.days / _DAYS
    cells = course.cells.drop(columns="day")
    for index, name in enumerate(cells.columns):
        number = cells[name].to_numpy()
        if number.max() >= 1:
            axes.plot(
                years,
                np.where(number >= 1, number, np.nan),
                color=COLORS[index],
                linewidth=1.1,
                label=str(name).replace("_", " "),
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
        course.visits / _DAYS,
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
