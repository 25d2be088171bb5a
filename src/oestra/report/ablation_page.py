"""What the trials lose without each mechanism: page and folder."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from oestra.appraisal.ablation_record import Studied, ablation_record
from oestra.appraisal.ablation_table import (
    ablation_table,
    mechanism_table,
    moves,
    of_mechanism,
)
from oestra.appraisal.fit_tables import endpoint_label
from oestra.calibration.ablation import Ablations
from oestra.calibration.crossing import Exchanged
from oestra.report.ablation_figure import draw_ablations
from oestra.report.canvas import inline_svg, save_figure
from oestra.report.crossing import crossing_table, crossing_words
from oestra.report.manifest import Run
from oestra.report.page import html_table, page, write_page
from oestra.trial.endpoint_kinds import KINDS
from oestra.trial.endpoints import find_endpoint

__all__ = ["write_ablation"]

_LEAD = """\
Each mechanism of the model is switched off in turn at the fitted parameters, and every
published endpoint is simulated again, with the same patients and the same chance. The
change is in standard errors of the published number. A mechanism breaks an endpoint
whose simulated value then leaves the published 95 % interval."""
_CAPTION = """\
Largest change of an endpoint when a mechanism is switched off, in standard errors of
the published number: brown where the endpoint falls, purple where it rises. Hazard
ratios are printed. Framed: at least one endpoint leaves its published interval; dotted:
one enters it and none leaves. Mechanisms that change most come first."""


def write_ablation(
    folder: Path, studied: Studied, run: Run, *, warning: str = ""
) -> None:
    """Write page, figure, table, record and manifest of an ablation study.

    Parameters
    ----------
    folder : Path
        An empty folder.
    studied : Studied
        The study.
    run : Run
        What ran.
    warning : str
        Why the fit no longer belongs to this model; empty when it does.
    """
    found = studied.found
    table, mechanisms = ablation_table(found), mechanism_table(found)
    table.to_csv(folder / "ablation.csv", index=False, float_format="%.5g")
    titles = dict(zip(mechanisms["mechanism"], mechanisms["title"], strict=True))
    figure = draw_ablations(table, titles)
    save_figure(figure, folder, "ablation")
    body = (
        f"<p>{_CAPTION}</p>{inline_svg(figure)}"
        f"{''.join(map(_exchanged, studied.exchanged))}"
        "<h2>What breaks without each mechanism</h2>"
        f"{html_table(_breaks(found, table, mechanisms), words=True)}"
        "<h2>What was switched off</h2>"
        f"{html_table(_settings(found), words=True)}{_failed(found)}"
    )
    html = page("What breaks without what", _LEAD, body, warning=warning)
    write_page(folder, html, "ablation", ablation_record(studied), run)


def _exchanged(one: Exchanged) -> str:
    return (
        f"<h2>{escape(one.exchange.heading)}</h2>"
        f"{html_table(crossing_table(one), words=True)}"
        f"<p>{escape(crossing_words(one))}</p>"
    )


def _breaks(
    found: Ablations, table: pd.DataFrame, mechanisms: pd.DataFrame
) -> pd.DataFrame:
    """Return mechanisms with the endpoints that leave, farthest first."""
    rows = []
    for row in mechanisms.to_dict("records"):
        leaves, enters = moves(of_mechanism(table, row["mechanism"]))
        order = np.argsort(-np.abs(leaves["change_se"]), kind="stable")
        rows.append(
            {
                "without": row["title"],
                "rms change, SE": row["rms_change_se"],
                "enter": len(enters),
                "leave": len(leaves),
                f"of {len(found.rows)} endpoints, those that leave": "; ".join(
                    _told(one) for one in leaves.iloc[order].to_dict("records")
                )
                or "none",
            }
        )
    return pd.DataFrame(rows)


def _told(row: Mapping[Any, Any]) -> str:
    endpoint = find_endpoint(row["endpoint"].split("/")[2])
    word = f"{KINDS[endpoint.kind].short} ".lstrip()
    digits = endpoint.decimals
    return (
        f"{endpoint_label(row['endpoint'])}: {word}{row['with_all']:.{digits}f} → "
        f"{row['without']:.{digits}f}"
    )


def _settings(found: Ablations) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "mechanism": one.title,
                "set": ", ".join(f"{name} = {x:g}" for name, x in one.set.items()),
                "without it": one.reason,
            }
            for one in (*found.mechanisms, *found.failed)
        ]
    )


def _failed(found: Ablations) -> str:
    if not found.failed:
        return ""
    names = ", ".join(escape(one.title) for one in found.failed)
    return f"<p>Without these the cell has no steady state: {names}.</p>"
