"""One patient's course: lines of therapy, clones and visits over the years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from oestra.report.canvas import COLORS, GRAY, journal_style, new_figure, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["CourseEvent", "CoursePicture", "TherapyBar", "draw_patient_course"]

_DAYS = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapyBar:
    """A line of therapy: its regimen and its first and last day."""

    regimen: str
    setting: str
    start_day: float
    end_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseEvent:
    """Something that happened on a day, such as a progression."""

    day: float
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePicture:
    """What the figure of a course shows.

    Parameters
    ----------
    days : ndarray of float, shape (t,)
        Days since diagnosis.
    clones : mapping of str to ndarray of float, shape (t,)
        Cells of each clone; NaN or zero where it does not exist.
    lines : sequence of TherapyBar
        Lines of therapy in order.
    visits : ndarray of float, shape (v,)
        Days of the visits.
    events : sequence of CourseEvent
        Relapses and progressions.
    detection : float, optional
        Cells at which imaging sees the tumor.
    """

    days: NDArray[np.float64]
    clones: Mapping[str, NDArray[np.float64]]
    lines: Sequence[TherapyBar]
    visits: NDArray[np.float64]
    events: Sequence[CourseEvent] = ()
    detection: float | None = None


def draw_patient_course(course: CoursePicture, *, title: str) -> "Figure":
    """Draw therapy as bars above the cell numbers of all clones and their sum.

    Parameters
    ----------
    course : CoursePicture
        What happened.
    title : str
        Who she is.

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
        bars.set_title(title)
        cells.set_xlabel("Years since diagnosis")
        for event in course.events:
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


def _draw_lines(axes: "Axes", lines: Sequence[TherapyBar], *, years: float) -> None:
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


def _draw_cells(axes: "Axes", course: CoursePicture) -> None:
    years = course.days / _DAYS
    total = np.zeros(len(years))
    for index, (name, number) in enumerate(course.clones.items()):
        present = np.where(number >= 1, number, np.nan)
        total += np.nan_to_num(present)
        axes.plot(years, present, color=COLORS[index % 6], linewidth=1.1, label=name)
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
    if course.detection is not None:
        axes.axhline(course.detection, color=GRAY, linewidth=0.7, linestyle=(0, (1, 2)))
        axes.annotate(
            "seen on imaging",
            (0.0, course.detection),
            xycoords=("axes fraction", "data"),
            xytext=(3, 2),
            textcoords="offset points",
            ha="left",
            fontsize=7,
            color=GRAY,
        )
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
