"""The report of a fit: misses first, nothing lost, pages that open."""

import numpy as np
import pandas as pd
import pytest

from oestra.appraisal.fit_tables import (
    endpoint_label,
    inside_counts,
    parameter_rows,
    residual_table,
)
from oestra.calibration.fact import cell_facts
from oestra.calibration.free import free_parameters
from oestra.core.errors import InputError
from oestra.evidence.load import targets
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


def test_misses_come_first_and_none_is_lost():
    table = residual_table(RECORD)
    assert table["id"].tolist()[:2] == [ROWS[1], FACTS[0]]
    assert sorted(table["id"]) == sorted(ROWS + FACTS)
    assert table["inside"].tolist() == [False, False, True, True, True]
    counts = inside_counts(table).set_index("kind")
    assert counts.loc["hazard ratio"].tolist() == [2, 3]
    assert counts.loc["cells"].tolist() == [1, 2]


def test_what_the_evidence_no_longer_holds_is_refused():
    edited = {**RECORD, "residuals": [{"id": "gone", "residual": 0.0, "value": 1.0}]}
    with pytest.raises(InputError, match="'gone'"):
        residual_table(edited)
    edited = {**RECORD, "fitted": [{**RECORD["fitted"][0], "name": "gone"}]}
    with pytest.raises(InputError, match="'gone'"):
        parameter_rows(edited)


def test_posteriors_are_narrower_by_the_contraction():
    table = parameter_rows(RECORD)
    assert table["contraction"].tolist() == [0.8, 0.1, 0.0]
    first = next(i for i in free_parameters() if i.name == table.loc[0, "name"])
    width = first.standardized(table.loc[0, "high"]) - first.standardized(
        table.loc[0, "low"]
    )
    assert width == pytest.approx(2 * 1.96 * np.sqrt(0.2), rel=1e-6)


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


def test_labels_say_no_more_than_they_must():
    assert endpoint_label("BOLERO-2/ITT/hazard_ratio/EXE+EVE") == "BOLERO-2, EXE+EVE"
    assert endpoint_label("X/HER2+/orr_percent/LET") == "X, HER2+, LET, ORR"
    assert endpoint_label("cell/hypersensitivity") == "hypersensitivity"
    names = [row.id for row in targets() if row.kind == "hazard_ratio"]
    assert len({endpoint_label(name) for name in names}) == len(names)


def test_pages_escape_what_they_show():
    assert "<b>no</b>" in html_table(pd.DataFrame({"inside": [False]}))
    assert "a&amp;b" in html_table(pd.DataFrame({"x": ["a&b"]}))
    assert "&lt;T&gt;" in page("<T>", "lead", "")
