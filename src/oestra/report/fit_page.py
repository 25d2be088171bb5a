"""The report of a fit: one page, its figures and its tables, in one folder."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from oestra.appraisal.fit_tables import (
    cell_table,
    inside_counts,
    parameter_rows,
    residual_table,
)
from oestra.model.parameters import cell_parameters
from oestra.report.canvas import save_figure, svg_element
from oestra.report.fit_figures import calibration_figures, draw_residuals
from oestra.report.manifest import Run
from oestra.report.page import html_table, page, tile, write_page

__all__ = ["write_calibration"]

_CAPTIONS = {
    "residuals": "Every endpoint and fact of the fit, misses first. In the band, the "
    "simulated value lies within 1.96 standard errors of the published one.",
    "cells": "All facts of cells with these parameters, whether the fit used them or "
    "not.",
    "parameters": "Priors are the intervals of the parameter files; posteriors the "
    "normal approximation around the best set. Numbers: value of the file → fitted.",
    "losses": "Half the sum of squares of softened residuals and prior deviations.",
    "profiles": "Profile likelihoods: the least loss with one parameter held, all "
    "others fitted anew. Gray: the prior alone. A parameter whose profile is the "
    "prior's is not determined by these facts; below the dashed line lies its 95 % "
    "interval.",
}
_HEADINGS = {
    "residuals": "What the fit misses",
    "cells": "Cells",
    "parameters": "What the fit learned",
    "losses": "Convergence",
    "profiles": "Identifiability",
}


def write_calibration(
    folder: Path, record: Mapping[str, Any], run: Run, *, title: str, warning: str = ""
) -> None:
    """Write page, figures, tables and manifest of a fit.

    Parameters
    ----------
    folder : Path
        An empty folder.
    record : mapping
        The record of the fit.
    run : Run
        What ran.
    title : str
        Of the page.
    warning : str
        Why the fit no longer belongs to this model; empty when it does.

    Raises
    ------
    InputError
        If the record does not belong to this evidence or these parameters.
    """
    residuals, parameters = residual_table(record), parameter_rows(record)
    figures = calibration_figures(residuals, parameters, record)
    tables = {"residuals": residuals, "parameters": parameters}
    if not set(residuals["kind"]) <= {"cells"}:
        tables["cells"] = cell_table(cell_parameters().replace(**record["best"]))
        figures["cells"] = draw_residuals(tables["cells"])
    if record.get("pairs"):
        tables["pairs"] = pd.DataFrame(record["pairs"])
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    drawn = {}
    for name, figure in figures.items():
        _, svg = save_figure(figure, folder, name)
        drawn[name] = svg_element(svg.read_text("utf-8"))
    body = _body(residuals, parameters, drawn, tables.get("pairs"))
    html = page(title, _lead(record, residuals), body, warning=warning)
    write_page(folder, html, "fit", record, run)


def _lead(record: Mapping[str, Any], residuals: pd.DataFrame) -> str:
    losses = record["losses"]
    return (
        f"{len(record['fitted'])} parameters fitted to {len(residuals)} published "
        f"numbers; {int(residuals['inside'].sum())} of them are met within 1.96 "
        f"standard errors. The loss fell from {losses[0]:.1f} to {losses[-1]:.1f}."
    )


def _tiles(residuals: pd.DataFrame) -> str:
    tiles = "".join(
        tile(
            inside,
            size,
            f"{escape(str(kind))} within 1.96 standard errors",
            [("holds", inside)],
        )
        for kind, inside, size in inside_counts(residuals).to_numpy()
    )
    return f'<div class="tiles">{tiles}</div>'


def _body(
    residuals: pd.DataFrame,
    parameters: pd.DataFrame,
    drawn: Mapping[str, str],
    pairs: pd.DataFrame | None,
) -> str:
    parts = [_tiles(residuals)]
    for name, heading in _HEADINGS.items():
        if name in drawn:
            parts.append(
                f'<h2 id="{name}">{heading}</h2><p>{_CAPTIONS[name]}</p>'
                f'<div class="wide">{drawn[name]}</div>'
            )
    if pairs is not None:
        parts.append(
            "<h3>Parameters that stand for each other</h3><p>The largest correlations "
            f"of the posterior.</p>{html_table(pairs)}"
        )
    parts.append(f"<h2>Numbers</h2>{html_table(residuals)}{html_table(parameters)}")
    return "".join(parts)
