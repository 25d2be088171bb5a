"""The report of a fit: misses first, nothing lost, pages that open."""

import pandas as pd

from oestra.appraisal.fit_tables import (
    endpoint_label,
    parameter_rows,
    residual_table,
)
from oestra.calibration.fact import cell_facts
from oestra.calibration.free import free_parameters
from oestra.evidence.published import targets
from oestra.report.fit_figures import calibration_figures
from oestra.report.fit_page import write_calibration
from oestra.report.manifest import record_run
from oestra.report.page import html_table, page

ROWS = [row.id for row in targets() if row.kind == "hazard_ratio"][:3]
FACTS = [fact.id for fact in cell_facts()][:2]
RECORD = {
    "losses": [10.0, 4.0],
    "best": {},
    "settings": {},
    "fitted": [
        {
            "name": item.name,
            "prior": [item.value(-1.96), item.value(0.0), item.value(1.96)],
            "standardized": 0.5,
            "contraction": share,
        }
        for item, share in zip(free_parameters()[:3], (0.1, 0.8, 0.0), strict=True)
    ],
    "residuals": [
        {"id": name, "residual": z, "value": 1.0}
        for name, z in zip(ROWS + FACTS, (0.1, -9.0, 1.0, 2.5, -0.2), strict=True)
    ],
    "profiles": [
        {
            "name": "x",
            "standardized": [-1.0, 0.0, 1.0],
            "excess": [0.5, 0.0, 0.6],
            "facts_alone": [0.0, 0.0, 0.1],
        }
    ],
    "pairs": [{"one": "a", "other": "b", "correlation": -0.9}],
}


def test_every_endpoint_and_parameter_is_drawn():
    residuals, parameters = residual_table(RECORD), parameter_rows(RECORD)
    figures = calibration_figures(residuals, parameters, RECORD)
    assert set(figures) == {"residuals", "parameters", "losses", "profiles"}
    words = [
        label.get_text()
        for axes in figures["residuals"].axes
        for label in axes.get_yticklabels()
    ]
    assert sorted(words) == sorted(endpoint_label(x) for x in ROWS + FACTS)


def test_a_report_of_cells_is_one_folder(tmp_path, manifest):
    record = {**RECORD, "residuals": RECORD["residuals"][3:]}
    run = record_run(seed=0)
    write_calibration(tmp_path, record, run, title="Cells", warning="edited <since>")
    listed = set(manifest(tmp_path)["files"])
    assert {"index.html", "residuals.csv", "profiles.png", "pairs.csv"} <= listed
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "edited &lt;since&gt;" in text
    assert text.count("<svg") == 4
    assert pd.read_csv(tmp_path / "residuals.csv")["id"].tolist() == FACTS


def test_pages_escape_what_they_show():
    assert "<b>no</b>" in html_table(pd.DataFrame({"inside": [False]}))
    assert "a&amp;b" in html_table(pd.DataFrame({"x": ["a&b"]}))
    assert "&lt;T&gt;" in page("<T>", "lead", "")
