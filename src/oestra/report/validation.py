"""Trials predicted from all others: table, figure and page, misses first."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from oestra.calibration.validate import (
    REACH_90,
    LeftOut,
    baselines,
    weighted_error,
)
from oestra.core.errors import InputError
from oestra.report.calibration import endpoint_label
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
from oestra.trial.endpoints import LOG_KINDS, find_endpoint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "draw_validation",
    "validation_record",
    "validation_table",
    "write_validation",
]

_KINDS = {kind: KINDS[kind].plural for kind in LOG_KINDS}
_TICKS = {
    "hazard_ratio": (0.2, 0.35, 0.5, 0.7, 1.0, 1.5, 2.5),
    "median": (1, 2, 4, 8, 16, 32),
}


def validation_table(found: Sequence[LeftOut]) -> pd.DataFrame:
    """Return predictions beside publications, misses first.

    Parameters
    ----------
    found : sequence of LeftOut
        The endpoints.

    Returns
    -------
    DataFrame
        In the units of publication: published value with its 95 % interval, predicted
        value with its central 90 %, error in standard errors, and whether the
        published value lies within.
    """
    rows = []
    for item in sorted(found, key=lambda one: -abs(one.z)):
        back = find_endpoint(item.row.endpoint).scale.back
        reach = REACH_90 * item.spread
        rows.append(
            {
                "id": item.row.id,
                "trial": item.row.trial,
                "kind": item.row.kind,
                "published": item.row.estimate,
                "published_low": item.row.low,
                "published_high": item.row.high,
                "predicted": float(back(item.predicted)),
                "predicted_low": float(back(item.predicted - reach)),
                "predicted_high": float(back(item.predicted + reach)),
                "z": item.z,
                "inside_90": item.covered,
            }
        )
    return pd.DataFrame(rows)


def _summary(found: Sequence[LeftOut]) -> dict[str, float]:
    z = np.array([item.z for item in found])
    return {
        "endpoints": len(found),
        "weighted_error": weighted_error(list(found)),
        "coverage_percent": 100.0 * float(np.mean([item.covered for item in found])),
        "root_mean_square_z": float(np.sqrt(np.mean(z**2))),
        "median_width": float(
            np.median([2 * REACH_90 * item.spread for item in found])
        ),
    }


def validation_record(found: Sequence[LeftOut]) -> dict[str, Any]:
    """Return error and coverage by kind, baselines, and every endpoint.

    Parameters
    ----------
    found : sequence of LeftOut
        The endpoints; hazard ratios among them.

    Returns
    -------
    dict
        Ready for JSON. Errors and widths are of the logarithm.

    Raises
    ------
    InputError
        If no hazard ratio is among them.
    """
    of_kind = {
        kind: [item for item in found if item.row.kind == kind] for kind in _KINDS
    }
    if not of_kind["hazard_ratio"]:
        raise InputError("There is no hazard ratio among the endpoints to validate.")
    table = validation_table(found)
    return {
        **{
            label.replace(" ", "_"): _summary(of_kind[kind])
            for kind, label in _KINDS.items()
            if of_kind[kind]
        },
        "baselines": baselines([item.row for item in of_kind["hazard_ratio"]]),
        "endpoints": table.to_dict("records"),
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
    folder: Path, found: Sequence[LeftOut], run: Run, *, warning: str = ""
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
    warning : str
        Why the fit no longer belongs to this model; empty when it does.
    """
    record, table = validation_record(found), validation_table(found)
    table.to_csv(folder / "validation.csv", index=False)
    _, svg = save_figure(draw_validation(found), folder, "validation")
    body = (
        f"{html_table(_scores(record))}"
        f"{svg_element(svg.read_text('utf-8'))}"
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


def _scores(record: Mapping[str, Any]) -> pd.DataFrame:
    rows = [
        {
            "prediction": f"model, {label}",
            "weighted error": record[name]["weighted_error"],
            "inside 90 %": record[name]["coverage_percent"],
        }
        for name, label in ((x.replace(" ", "_"), x) for x in _KINDS.values())
        if name in record
    ]
    named = {"others": "mean of the other trials", "class": "mean of the same class"}
    rows += [
        {"prediction": label, "weighted error": record["baselines"][key]}
        for key, label in named.items()
    ]
    return pd.DataFrame(rows)
