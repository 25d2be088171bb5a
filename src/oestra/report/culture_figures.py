"""Figures of cells in culture: time courses, dose-response, combinations."""

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from oestra.culture.cell_result import CellResult
from oestra.culture.combination import Combination
from oestra.culture.conclusion import told_musyc
from oestra.culture.dose_response import DoseResponse
from oestra.culture.ensemble import LEVEL
from oestra.culture.readout import Readout
from oestra.report.canvas import (
    COLORS,
    DASHES,
    GRAY,
    journal_style,
    literal,
    new_figure,
    tidy,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_combination", "draw_culture", "draw_dose_response"]

_COLUMNS = 3
_PANEL_MM = 56
_FEW = 12
"""Readings up to which each is marked."""
_LEGEND_WIDTH, _HEADING_WIDTH = 62, 84
"""Letters of a line of the legend and the heading, a figure of full width."""


def _panels(count: int) -> "tuple[Figure, list[Axes]]":
    """Return a figure with a grid of panels, as many as are needed."""
    columns = min(count, _COLUMNS)
    rows = -(-count // columns)
    figure = new_figure(max(60 * columns, 90), 14 + _PANEL_MM * rows)
    grid = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for axes in grid[count:]:
        axes.set_visible(False)
    return figure, grid[:count]


def _label(readout: Readout) -> str:
    label = readout.label or readout.name.replace("_", " ")
    if readout.exponential:
        return f"{label} (fold)"
    if readout.unit == "1":
        return label
    return f"{label} ({readout.unit.replace('1/day', 'per day')})"


def _from_zero(axes: "Axes", *values: NDArray[np.float64]) -> None:
    """Start the axis at zero unless something lies below; leave room above."""
    low = min(float(np.min(one)) for one in values)
    high = max(float(np.max(one)) for one in values)
    room = 0.06 * max(high - min(low, 0.0), 1e-9)
    axes.set_ylim(low - room if low < 0 else 0.0, high + room)


def draw_culture(result: CellResult) -> "Figure":
    """Draw every readout over time, untreated and treated.

    Parameters
    ----------
    result : CellResult
        The experiment.

    Returns
    -------
    Figure
        One panel a readout.
    """
    with journal_style():
        figure, panels = _panels(len(result.readouts) + bool(result.clones))
        if result.clones:
            _shares(panels[-1], result)
        for axes, readout in zip(panels, result.readouts, strict=False):
            courses = result.untreated[readout.name], result.treated[readout.name]
            treated = result.drug != "none"
            shown = zip(courses, ("untreated", result.drug), strict=True)
            for index, (course, name) in enumerate(list(shown)[: 1 + treated]):
                axes.plot(
                    result.times_days,
                    course,
                    color=COLORS[index],
                    linestyle=DASHES[index],
                    marker="o" if len(result.times_days) <= _FEW else None,
                    markersize=3,
                    label=fill(name, _LEGEND_WIDTH),
                )
                if band := result.bands.get(readout.name):
                    ends = band["treated" if index else "untreated"]
                    axes.fill_between(
                        result.times_days, *ends, color=COLORS[index], alpha=0.2, lw=0
                    )
            if readout.exponential:
                axes.set_yscale("log")
            else:
                ends = result.bands.get(readout.name, {})
                _from_zero(axes, *courses, *(ends[k] for k in ends if k != "ratio"))
            axes.set_xlim(0, 1.03 * result.times_days[-1])
            axes.set_xlabel("Days")
            axes.set_title(_label(readout))
            tidy(axes, grid="y")
        lines, names = panels[0].get_legend_handles_labels()
        long = max(map(len, names)) > _LEGEND_WIDTH // 2
        columns = 1 if long else 2
        figure.legend(lines, names, loc="outside lower center", ncols=columns)
        _head(figure, _heading(result.line, result.medium), len(panels))
    return figure


def _shares(axes: "Axes", result: CellResult) -> None:
    """Draw the share of each clone among the treated cells."""
    for index, (name, courses) in enumerate(result.clones.items()):
        treated = result.drug != "none"
        axes.plot(
            result.times_days,
            100 * courses[1],
            color=COLORS[(2 + index) % len(COLORS)],
            linestyle=DASHES[index % len(DASHES)],
            label=f"{name}{', treated' if treated else ''}",
        )
    axes.set_ylim(0, 102)
    axes.set_xlim(0, 1.03 * result.times_days[-1])
    axes.set_xlabel("Days")
    axes.set_title("Cells (%)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.26), fontsize=6.5, ncols=1)
    tidy(axes, grid="y")


def _heading(line: str, medium: str) -> str:
    return f"{line} in {medium}" if medium != "none" else line


def _head(figure: "Figure", text: str, panels: int) -> None:
    """Write what a figure shows above it, in as many lines as it needs."""
    share = min(panels, _COLUMNS) / _COLUMNS
    figure.suptitle(fill(text, int(_HEADING_WIDTH * max(share, 0.5))), fontsize=9)


def draw_dose_response(result: DoseResponse) -> "Figure":
    """Draw every readout by dose, with the dose of half the change.

    Parameters
    ----------
    result : DoseResponse
        The curves.

    Returns
    -------
    Figure
        One panel a readout.
    """
    with journal_style():
        figure, panels = _panels(len(result.readouts))
        for axes, readout in zip(panels, result.readouts, strict=True):
            response = result.responses[readout.name]
            without = result.untreated[readout.name]
            axes.axhline(without, color=GRAY, linewidth=0.8, linestyle=DASHES[2])
            axes.plot(result.doses, response, color=COLORS[0], marker="o", markersize=3)
            band = result.bands.get(readout.name)
            if band is not None:
                axes.fill_between(
                    result.doses, *band[:, 1:], color=COLORS[0], alpha=0.2, lw=0
                )
            relative = result.relative_ic50(readout.name)
            absolute = result.absolute_ic50(readout.name)
            for index, (name, dose) in enumerate(
                (("relative IC50", relative), ("absolute IC50", absolute)), start=1
            ):
                if dose.nm is None:
                    axes.plot([], [], " ", label=f"{name} not reached")
                    continue
                axes.axvline(
                    dose.nm,
                    color=COLORS[index],
                    linewidth=0.8,
                    linestyle=DASHES[index],
                    label=f"{name} {dose.nm:.3g} nM",
                )
            # Beneath the axes no curve can run through it.
            axes.legend(
                loc="upper center", bbox_to_anchor=(0.5, -0.28), fontsize=6.5, ncols=1
            )
            axes.set_xscale("log")
            ends = () if band is None else (band,)
            _from_zero(axes, response, np.array([without]), *ends)
            axes.set_xlabel(f"{result.drug} (nM)")
            axes.set_title(_label(readout))
            tidy(axes, grid="y")
        rest = "" if result.background == "none" else f" with {result.background}"
        last = "" if result.gr_max is None else f", GRmax {result.gr_max:.2f}"
        dose = result.gr50.nm
        told = "GR50 not reached" if dose is None else f"GR50 {dose:.3g} nM"
        sets = f"; bands hold {LEVEL:g} % of sets" if result.bands else ""
        title = f"{result.line}{rest}, day {result.days:g}: {told}{last}{sets}"
        _head(figure, title, len(panels))
    return figure


def draw_combination(result: Combination) -> "Figure":
    """Draw effect, excess by three references and isobologram of two drugs.

    Parameters
    ----------
    result : Combination
        The matrix.

    Returns
    -------
    Figure
        Two rows of panels, 190 mm wide, above what they come to.
    """
    with journal_style():
        figure = new_figure(190, 140)
        axes = figure.subplots(2, 3)
        _matrix(axes[0, 0], result, 100 * result.effect, "Effect (% lost)", "viridis")
        shown = [("HSA", result.hsa), ("Bliss", result.bliss)]
        if np.isfinite(result.zip).all():
            shown.append(("ZIP", result.zip))
        places = [axes[0, 1], axes[0, 2], axes[1, 0]]
        for place, (told, excess) in zip(places, shown, strict=False):
            _matrix(place, result, 100 * excess, f"{told} excess (points)", "RdBu_r")
        _isobologram(axes[1, 1], result)
        for unused in [*places[len(shown) :], axes[1, 2]]:
            unused.set_axis_off()
        _words(axes[1, 2], result)
        name = _label(result.readout)
        figure.suptitle(f"{result.line}: {name} on day {result.days:g}", fontsize=9)
    return figure


def _words(axes: "Axes", result: Combination) -> None:
    """Write what the panels come to."""
    told = [result.conclusion]
    if result.musyc is not None:
        told.append(told_musyc(result.musyc, result.drugs))
    text = "\n\n".join(fill(literal(one), 34) for one in told)
    axes.text(0.0, 1.0, text, va="top", fontsize=7.5, transform=axes.transAxes)


def _matrix(
    axes: "Axes",
    result: Combination,
    values: NDArray[np.float64],
    title: str,
    colors: str,
) -> None:
    reach = max(float(np.max(np.abs(values))), 10.0)
    low = 0.0 if colors == "viridis" and values.min() >= 0 else -reach
    image = axes.imshow(
        values.T, origin="lower", aspect="auto", cmap=colors, vmin=low, vmax=reach
    )
    for x, row in enumerate(values):
        for y, value in enumerate(row):
            share = abs(value) / reach
            dark = share < 0.55 if low == 0.0 else share > 0.6
            axes.text(
                x,
                y,
                f"{round(value) + 0}",
                ha="center",
                va="center",
                fontsize=min(7.0, 45.0 / len(values)),
                color="white" if dark else "black",
            )
    for axis, doses in ((axes.xaxis, result.doses[0]), (axes.yaxis, result.doses[1])):
        step = -(-len(doses) // 5)
        places = range(0, len(doses), step)
        axis.set_ticks(places, labels=[_short(doses[k]) for k in places])
    axes.set_xlabel(f"{result.drugs[0]} (nM)")
    axes.set_ylabel(f"{result.drugs[1]} (nM)")
    axes.set_title(title)
    axes.figure.colorbar(image, ax=axes, shrink=0.85)
    tidy(axes)


def _short(dose: float) -> str:
    """Write a dose with three digits and no exponent from 0.001 to 10,000."""
    return f"{dose:.0f}" if 100 <= dose < 1e4 else f"{dose:.3g}"


def _isobologram(axes: "Axes", result: Combination) -> None:
    """Draw doses of equal effect against the line of additivity."""
    first, second = result.intercepts
    percent = f"{100 * result.effect_level:.0f} %"
    if np.isfinite(first) and np.isfinite(second):
        axes.plot(
            [first, 0], [0, second], color=GRAY, linestyle=DASHES[1], label="additive"
        )
    points = result.isobole
    if len(points):
        axes.plot(
            *points.T, color=COLORS[1], marker="o", markersize=3, label="simulated"
        )
    index = result.index_on_isobole
    axes.set_title(f"Isobole of {percent}")
    if index is not None:
        told = f"combination index {index:.2f}"
    elif len(points):
        told = "no index: one drug alone falls short"
    else:
        told = "no pair of doses has this effect"
    lines, _ = axes.get_legend_handles_labels()
    axes.legend(
        handles=lines,
        title=told,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.28),
        ncols=2,
        fontsize=6.5,
        title_fontsize=6.5,
    )
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(f"{result.drugs[0]} (nM)")
    axes.set_ylabel(f"{result.drugs[1]} (nM)")
    tidy(axes)
