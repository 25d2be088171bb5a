"""Which endpoints depend on which parameters: page and folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from oestra.appraisal.sensitivity_table import (
    Ranked,
    group_table,
    parameter_table,
    sensitivity_record,
    sensitivity_table,
)
from oestra.report.canvas import inline_svg, save_figure
from oestra.report.manifest import Run
from oestra.report.page import html_table, page, write_page
from oestra.report.sensitivity_figure import draw_sensitivity

__all__ = ["write_sensitivity"]

_LEAD = """\
All fitted parameters are spread at once, evenly within one prior standard deviation of
the best set, and every endpoint is simulated for each set. The index (PAWN) is the
distance between the distribution of an endpoint and that given a narrow range of one
parameter: 0 where it changes nothing. What a parameter that does not exist reaches by
chance counts as nothing."""


def write_sensitivity(
    folder: Path, ranked: Ranked, run: Run, *, warning: str = ""
) -> None:
    """Write page, figure, tables, record and manifest of a sensitivity analysis.

    Parameters
    ----------
    folder : Path
        An empty folder.
    ranked : Ranked
        The analysis.
    run : Run
        What ran.
    warning : str
        Why the fit no longer belongs to this model; empty when it does.
    """
    table, record = sensitivity_table(ranked), sensitivity_record(ranked)
    table.to_csv(folder / "sensitivity.csv", index=False, float_format="%.5g")
    sets = np.hstack([ranked.sweep.z, ranked.sweep.residual])
    columns = pd.Index([*ranked.parameters, *ranked.sweep.endpoints])
    pd.DataFrame(sets, columns=columns).to_parquet(folder / "sets.parquet", index=False)
    order = parameter_table(table)
    figure = draw_sensitivity(group_table(table), list(order["parameter"]))
    save_figure(figure, folder, "sensitivity")
    body = (
        f"<p>{len(ranked.sweep.z)} parameter sets; {ranked.sweep.skipped} more could "
        "not be simulated, for their cell has no steady state.</p>"
        f"{inline_svg(figure)}"
        "<h2>Parameters, the most influential first</h2>"
        f"{html_table(order)}"
        "<h2>What each endpoint depends on most</h2>"
        f"{html_table(_strongest(record))}"
    )
    html = page("What depends on which parameter", _LEAD, body, warning=warning)
    write_page(folder, html, "sensitivity", record, run)


def _strongest(record: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "endpoint": one["id"],
                "parameters above chance": one["parameters_above_chance"],
                "strongest": ", ".join(
                    f"{top['parameter']} {top['index']:.2f}" for top in one["strongest"]
                ),
            }
            for one in record["endpoints"]
        ]
    )
