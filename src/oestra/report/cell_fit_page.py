"""The report of a fit of the cell: what it predicts, and what it learned."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from oestra.appraisal.cell_skill import cell_skill, left_out_readings
from oestra.report.canvas import journal_style, save_figure, svg_element
from oestra.report.cell_skill_figure import draw_cell_skill
from oestra.report.fit_figures import draw_profiles
from oestra.report.manifest import Run
from oestra.report.page import html_table, page, write_page

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["write_cell_fit"]

_CAPTIONS = {
    "left_out": "Each measurement as a fit to all other experiments predicts it; open "
    "marks are bounds. A course's readings are left out together.",
    "profiles": "The least loss with one parameter held, all others fitted anew along "
    "the slopes of the best set. Gray: the prior alone. Below the dashed line lies the "
    "95 % interval.",
}
_HEADINGS = {"left_out": "Predicted when left out", "profiles": "What is determined"}


def write_cell_fit(folder: Path, record: Mapping[str, Any], run: Run) -> None:
    """Write page, figures, tables and manifest of a fit of the cell.

    Parameters
    ----------
    folder : Path
        An empty folder.
    record : mapping
        As `oestra.calibration.cells.ship.cell_record` returns it.
    run : Run
        What ran.
    """
    readings = left_out_readings(record["terms"])
    tables = {
        "skill": pd.DataFrame(cell_skill(readings)),
        "left_out": readings,
        "parameters": _parameters(record),
        "variants": pd.DataFrame(record["variants"]),
    }
    for name, table in tables.items():
        if not table.empty:
            table.to_csv(folder / f"{name}.csv", index=False)
    drawn = {}
    for name, figure in _figures(record, readings).items():
        _, svg = save_figure(figure, folder, name)
        drawn[name] = svg_element(svg.read_text("utf-8"))
    body = _body(record, tables, drawn)
    html = page("The fit of the cell", _lead(record), body)
    write_page(folder, html, "cell_fit", record, run)


def _figures(record: Mapping[str, Any], readings: pd.DataFrame) -> dict[str, "Figure"]:
    with journal_style():
        found = {"left_out": draw_cell_skill(readings)}
        if record["profiles"]:
            found["profiles"] = draw_profiles(record["profiles"])
    return found


def _parameters(record: Mapping[str, Any]) -> pd.DataFrame:
    rows = [
        {
            "parameter": name,
            "prior": one["prior"][1],
            "value": one["value"],
            "low": one["interval"][0],
            "high": one["interval"][1],
            "contraction": one["contraction"],
        }
        for name, one in record["fitted"].items()
    ]
    return pd.DataFrame(rows).sort_values("contraction", ascending=False)


def _lead(record: Mapping[str, Any]) -> str:
    losses, fitted = record["losses"], record["fitted"]
    told = sum(one["contraction"] >= 0.1 for one in fitted.values())
    return (
        f"{len(fitted)} parameters of the cell fitted to {len(record['terms'])} "
        f"measurements on cells; {told} of them are narrowed by a tenth or more. The "
        f"loss fell from {losses[0]:.1f} to {losses[-1]:.1f}."
    )


def _body(
    record: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    drawn: Mapping[str, str],
) -> str:
    parts = [html_table(tables["skill"])]
    for name, heading in _HEADINGS.items():
        if name in drawn:
            parts.append(
                f'<h2 id="{name}">{heading}</h2><p>{_CAPTIONS[name]}</p>'
                f'<div class="wide">{drawn[name]}</div>'
            )
    if not tables["variants"].empty:
        parts.append(
            "<h2>Variants</h2><p>Declared before they were compared, and judged by "
            "experiments left out: the least score is the best.</p>"
            + html_table(tables["variants"])
        )
    proof = record["diagnostics"].get("left_out_refitted", {})
    if proof:
        rows = [
            {"experiment": name, "along the slopes": one, "fitted again in full": other}
            for name, (one, other) in proof.items()
        ]
        parts.append(
            "<h2>The three worst, fitted again</h2><p>Sum of squares of experiments "
            "left out.</p>" + html_table(pd.DataFrame(rows))
        )
    parts.append(f"<h2>Parameters</h2>{html_table(tables['parameters'])}")
    return "".join(parts)
