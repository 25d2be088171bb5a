"""Trials predicted from all others: figure, page and folder, misses first."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from oestra.appraisal.fit_tables import endpoint_label
from oestra.appraisal.rules import RULES
from oestra.appraisal.skill import SCORED, validation_record, validation_table
from oestra.calibration.refit import Refitted
from oestra.calibration.validate import LeftOut
from oestra.report.canvas import (
    COLORS,
    GRAY,
    journal_style,
    new_figure,
    save_figure,
    svg_element,
    tidy,
)
from oestra.report.manifest import Run
from oestra.report.page import html_table, page, write_page
from oestra.trial.endpoint_kinds import KINDS
from oestra.trial.endpoints import LOG_KINDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "draw_validation",
    "write_validation",
]

_KINDS = {kind: KINDS[kind].plural for kind in LOG_KINDS}
_TICKS = {
    "hazard_ratio": (0.2, 0.35, 0.5, 0.7, 1.0, 1.5, 2.5),
    "median": (1, 2, 4, 8, 16, 32),
}


def draw_validation(found: Sequence[LeftOut]) -> "Figure":
    """Draw predicted against published hazard ratios and medians, misses first."""
    table = validation_table(found)
    kinds = [kind for kind in _KINDS if (table["kind"] == kind).any()]
    sizes = [int((table["kind"] == kind).sum()) + 2 for kind in kinds]
    with journal_style():
        figure = new_figure(180, 16 + 5.2 * sum(sizes))
        panels = figure.subplots(len(kinds), 1, squeeze=False, height_ratios=sizes)
        for axes, kind in zip(panels[:, 0], kinds, strict=True):
            _draw_kind(axes, table.loc[table["kind"] == kind], kind)
    return figure


def _draw_kind(axes: "Axes", rows: pd.DataFrame, kind: str) -> None:
    y = np.arange(len(rows))
    axes.hlines(
        y - 0.17, rows["published_low"], rows["published_high"], color=GRAY, lw=1.2
    )
    axes.plot(rows["published"], y - 0.17, "s", color=GRAY, markersize=3)
    for color, inside in ((COLORS[2], True), (COLORS[1], False)):
        who = rows["inside_90"].to_numpy(dtype=bool) == inside
        some = rows.loc[who]
        at = y[who] + 0.17
        axes.hlines(
            at, some["predicted_low"], some["predicted_high"], color=color, lw=1.2
        )
        axes.plot(some["predicted"], at, "o", color=color, markersize=3)
    if kind == "hazard_ratio":
        axes.axvline(1.0, color="#333333", linewidth=0.6)
    axes.set_xscale("log")
    axes.set_xticks(_TICKS[kind], [f"{tick:g}" for tick in _TICKS[kind]])
    axes.minorticks_off()
    axes.set_yticks(y, [endpoint_label(x) for x in rows["id"]], fontsize=6.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    inside = int(rows["inside_90"].sum())
    axes.set_title(f"{_KINDS[kind].capitalize()}: {inside} of {len(rows)} inside 90 %")
    tidy(axes, grid="x")


def write_validation(
    folder: Path,
    found: Sequence[LeftOut],
    run: Run,
    *,
    without_class: bool = False,
    refitted: Sequence[Refitted] = (),
    warning: str = "",
) -> None:
    """Write page, figure, table, record and manifest of a validation.

    Parameters
    ----------
    folder : Path
        An empty folder.
    found : sequence of LeftOut
        The endpoints.
    run : Run
        What ran.
    without_class : bool
        Whether the trials of a class were left out together.
    refitted : sequence of Refitted
        Trials that a fit in steps predicts too.
    warning : str
        Why the fit no longer belongs to this model; empty when it does.
    """
    record = validation_record(found, without_class=without_class, refitted=refitted)
    table = validation_table(found)
    table.to_csv(folder / "validation.csv", index=False)
    _, svg = save_figure(draw_validation(found), folder, "validation")
    body = (
        f"{html_table(_scores(record))}"
        f"{svg_element(svg.read_text('utf-8'))}"
        f"{_in_steps(record['refitted'])}"
        f"<h2>All endpoints, misses first</h2>{html_table(table)}"
    )
    lead = (
        "Each trial is left out of the fit in turn, the parameters move to where the "
        "others put them, and the trial is simulated. Gray: published, 95 % interval. "
        "Color: predicted, central 90 % with what the fit leaves open and the trial's "
        "own size."
    )
    html = page("Each trial predicted from all others", lead, body, warning=warning)
    write_page(folder, html, "validation", record, run)


def _in_steps(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return trials as one step and as a fit in steps predict them; empty for none."""
    if not rows:
        return ""
    return f"<h2>Fitted anew in steps</h2>{html_table(pd.DataFrame(rows))}"


def _scores(record: Mapping[str, Any]) -> pd.DataFrame:
    named = [(key, label) for key, label in SCORED.items() if key in record]
    rows = [
        {
            "prediction": f"{words}, {label}",
            "weighted error": part["weighted_error"],
            "from": part["low"],
            "to": part["high"],
            "beyond noise, rms": part["excess"],
            "inside 90 %": part["coverage_percent"],
        }
        for name, label in named
        for words, part in (
            ("mechanism", record[name]),
            ("with the model's error", record[name]["with_discrepancy"]),
        )
    ]
    rows += [
        {
            "prediction": f"{RULES[rule]}, {label}",
            "weighted error": told["weighted_error"],
            "model less it": told["difference"],
            "from": told["low"],
            "to": told["high"],
        }
        for name, label in named
        for rule, told in record[name]["rules"].items()
    ]
    return pd.DataFrame(rows)
