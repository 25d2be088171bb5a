"""The report of a sensitivity analysis: figure, tables, record."""

import json

import numpy as np
import pandas as pd
import pytest

from oestra.appraisal.sensitivity_table import (
    Ranked,
    group_table,
    sensitivity_record,
    sensitivity_table,
)
from oestra.calibration.fact import facts
from oestra.calibration.sensitivity import Sensitivity, Sweep
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Use
from oestra.report.manifest import record_run
from oestra.report.sensitivity_figure import draw_sensitivity
from oestra.report.sensitivity_page import write_sensitivity

FITTED = [row for row in targets() if row.use is Use.FIT][:8]
ENDPOINTS = (*(row.id for row in FITTED), facts()[0].id)
PARAMETERS = ("acts", "acts_down", "idle")


@pytest.fixture(scope="module")
def ranked():
    count, size = 30, len(ENDPOINTS)
    line = np.linspace(-1, 1, count)
    return Ranked(
        sweep=Sweep(
            z=np.tile(line[:, None], (1, 3)),
            residual=np.tile(line[:, None], (1, size)),
            endpoints=ENDPOINTS,
            skipped=4,
        ),
        found=Sensitivity(
            index=np.tile([0.6, 0.3, 0.05], (size, 1)),
            noise=np.full(size, 0.2),
            direction=np.tile([0.9, -0.8, 0.0], (size, 1)),
        ),
        parameters=PARAMETERS,
        hashes={"model": "m", "evidence": "e"},
        settings={"patients": 100, "most": 50, "seed": 7},
    )


def test_what_is_within_chance_counts_as_nothing(ranked):
    table = sensitivity_table(ranked)
    assert len(table) == len(ENDPOINTS) * 3
    assert table["index"].is_monotonic_decreasing
    assert set(table.loc[table["above_chance"], "parameter"]) == {"acts", "acts_down"}
    assert "idle" not in set(group_table(table)["parameter"])


def test_the_record_ranks_parameters_and_counts_what_was_skipped(ranked):
    record = sensitivity_record(ranked)
    assert (record["sets"], record["skipped"]) == (30, 4)
    first, _, last = record["parameters"]
    assert (first["parameter"], first["endpoints"]) == ("acts", len(ENDPOINTS))
    assert (last["parameter"], last["endpoints"]) == ("idle", 0)
    for one in record["endpoints"]:
        assert [top["parameter"] for top in one["strongest"]] == ["acts", "acts_down"]
    json.dumps(record, allow_nan=False)


def test_every_trial_has_a_row_and_the_idle_parameter_no_column(ranked):
    figure = draw_sensitivity(group_table(sensitivity_table(ranked)), list(PARAMETERS))
    words = {
        label.get_text() for axes in figure.axes for label in axes.get_yticklabels()
    }
    assert {row.trial for row in FITTED} <= words
    columns = [t.get_text() for a in figure.axes for t in a.get_xticklabels()]
    assert "acts" in columns
    assert "idle" not in columns


def test_nothing_above_chance_is_said(ranked):
    table = sensitivity_table(ranked)
    figure = draw_sensitivity(group_table(table).iloc[:0], list(PARAMETERS))
    assert "No dependence" in figure.axes[0].texts[0].get_text()


def test_the_folder_holds_everything(ranked, tmp_path, manifest):
    write_sensitivity(tmp_path, ranked, record_run(seed=7), warning="was <edited>")
    assert set(manifest(tmp_path)["files"]) == {
        "index.html",
        "sensitivity.csv",
        "sensitivity.json",
        "sensitivity.png",
        "sensitivity.svg",
        "sets.parquet",
    }
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "was &lt;edited&gt;" in text
    assert "4 more could not be simulated" in text
    assert pd.read_parquet(tmp_path / "sets.parquet").shape == (30, 3 + len(ENDPOINTS))
