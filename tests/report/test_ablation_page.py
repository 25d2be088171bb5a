"""The report of an ablation study: figure, tables, record."""

import json

import numpy as np
import pandas as pd
import pytest

from oestra.appraisal.ablation_record import Studied, ablation_record
from oestra.appraisal.ablation_table import ablation_table, mechanism_table
from oestra.calibration.ablation import Ablations, ablations
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Use
from oestra.report.ablation_figure import draw_ablations
from oestra.report.ablation_page import write_ablation
from oestra.report.crossing import crossing_table, crossing_words
from oestra.report.manifest import record_run

ROWS = tuple(
    row
    for row in targets()
    if row.use is Use.FIT and row.trial in {"BOLERO-2", "HORIZON", "SoFEA"}
)
IDLE, BREAKS, REPAIRS, FAILED = ablations()[:4]
RATIO = next(i for i, row in enumerate(ROWS) if row.kind == "hazard_ratio")
SHARE = next(i for i, row in enumerate(ROWS) if row.kind == "orr_cbr")


@pytest.fixture(scope="module")
def studied(crossed):
    value = np.array([row.estimate for row in ROWS])
    value[SHARE] = ROWS[SHARE].high + 1.0
    without = np.tile(value, (3, 1))
    without[1, RATIO] = 2.0 * ROWS[RATIO].high
    without[2, SHARE] = ROWS[SHARE].estimate
    residual = np.zeros_like(without)
    residual[1, RATIO], residual[2, SHARE] = 5.0, -2.0
    return Studied(
        found=Ablations(
            rows=ROWS,
            mechanisms=(IDLE, BREAKS, REPAIRS),
            value=value,
            residual=np.zeros(len(ROWS)),
            without=without,
            residual_without=residual,
            failed=(FAILED,),
        ),
        exchanged=crossed((0.83, 0.93, 0.7, 0.77, 0.79, 0.49)),
        hashes={"model": "m", "evidence": "e"},
        settings={"patients": 150, "most": 60, "seed": 7},
    )


def test_ratios_change_by_their_logarithm_and_shares_by_points(studied):
    table = ablation_table(studied.found)
    assert len(table) == 3 * len(ROWS)
    assert not table.loc[table["mechanism"] == IDLE.id, "change"].any()
    ratio, share = table.iloc[len(ROWS) + RATIO], table.iloc[2 * len(ROWS) + SHARE]
    row = ROWS[RATIO]
    assert ratio["unit"] == "log ratio"
    assert ratio["change"] == pytest.approx(np.log(2 * row.high / row.estimate))
    assert share["unit"] == "points"
    row = ROWS[SHARE]
    assert share["change"] == pytest.approx(row.estimate - row.high - 1.0)


def test_what_leaves_and_enters_is_counted_the_largest_change_first(studied):
    table = mechanism_table(studied.found)
    assert list(table["mechanism"]) == [BREAKS.id, REPAIRS.id, IDLE.id]
    assert list(table["leave"]) == [1, 0, 0]
    assert list(table["enter"]) == [0, 1, 0]
    assert table.iloc[0]["hazard_ratio"] == ROWS[RATIO].id


def test_the_record_names_them(studied):
    record = ablation_record(studied)
    json.dumps(record, allow_nan=False)
    first, second, _ = record["mechanisms"]
    assert first["leaving"] == [ROWS[RATIO].id]
    assert second["entering"] == [ROWS[SHARE].id]
    assert first["set"] == dict(BREAKS.set)
    assert len(first["changes"]) == record["endpoints"] == len(ROWS)
    assert record["inside"] == len(ROWS) - 1
    assert record["failed"] == [FAILED.id]
    (exchanged,) = record["exchanged"]
    assert exchanged["title"] == "Schedule or line: HORIZON against BOLERO-2"
    assert len(exchanged["trials"]) == 6


def test_the_figure_prints_ratios_and_frames_what_moves(studied):
    titles = {one.id: one.title for one in studied.found.mechanisms}
    figure = draw_ablations(ablation_table(studied.found), titles)
    ratios, medians, shares, _ = figure.axes
    words = [label.get_text() for label in ratios.get_yticklabels()]
    assert "BOLERO-2  0.45" in words
    assert len(words) == len(ratios.texts) / 3 == 4
    assert [text.get_text() for text in shares.get_xticklabels()] == list(
        titles.values()
    )
    frames = [len(axes.patches) for axes in (ratios, medians, shares)]
    assert frames == [1, 0, 1]


def test_the_trials_stand_side_by_side(studied):
    table = crossing_table(*studied.exchanged)
    assert table.shape == (3, 3)
    assert table.iloc[0, 1] == "0.83 (8.0 against 3.0 months; published 0.50)"
    assert table.iloc[2, 1] == "0.70 (8.0 against 3.0 months)"
    words = crossing_words(*studied.exchanged)
    assert "from 0.83 to 0.49" in words
    whole, schedule, line = np.log(np.array([0.49, 0.7, 0.77]) / 0.83)
    for part in (whole, schedule, line, whole - schedule - line):
        assert f"{part:.2f}" in words


def test_the_folder_holds_everything(studied, tmp_path, manifest):
    write_ablation(tmp_path, studied, record_run(seed=7), warning="was <edited>")
    assert set(manifest(tmp_path)["files"]) == {
        "ablation.csv",
        "ablation.json",
        "ablation.png",
        "ablation.svg",
        "index.html",
    }
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "was &lt;edited&gt;" in text
    assert f"no steady state: {FAILED.title}" in text
    assert "BOLERO-2, EXE+EVE: HR 0.45 → " in text
    assert len(pd.read_csv(tmp_path / "ablation.csv")) == 3 * len(ROWS)
