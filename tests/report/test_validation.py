"""Trials predicted from all others: numbers, figure and folder."""

import json

import numpy as np
import pandas as pd
import pytest

from oestra.appraisal.fit_tables import endpoint_label
from oestra.appraisal.skill import (
    baselines,
    validation_record,
    validation_table,
    weighted_error,
)
from oestra.calibration.validate import LeftOut
from oestra.core.errors import InputError
from oestra.evidence.load import targets
from oestra.evidence.vocabulary import Use
from oestra.report.manifest import record_run
from oestra.report.validation_page import draw_validation, write_validation

FITTED = [row for row in targets() if row.use is Use.FIT]
RATIOS = [row for row in FITTED if row.kind == "hazard_ratio"][:4]
SHARES = [row for row in FITTED if row.kind == "orr_cbr"][:1]
MEDIANS = [row for row in FITTED if row.kind == "median"][:2]


def left_out(row, shift):
    share = row.estimate / 100.0
    value = np.log(share / (1 - share)) if row in SHARES else np.log(row.estimate)
    return LeftOut(
        row=row,
        predicted=float(value + shift),
        published=float(value),
        sampling=0.1,
        uncertainty=0.0,
    )


FOUND = [
    left_out(row, shift)
    for row, shift in zip(
        RATIOS + SHARES + MEDIANS, (0.0, 0.3, -0.1, 0.05, 0.0, 0.1, 0.5), strict=True
    )
]


def test_misses_come_first_in_units_of_publication():
    table = validation_table(FOUND)
    assert table["z"].abs().is_monotonic_decreasing
    exact = table.set_index("id")
    for row in (RATIOS[0], SHARES[0]):
        assert exact.loc[row.id, "predicted"] == pytest.approx(row.estimate)
    assert exact.loc[RATIOS[1].id, "predicted"] == pytest.approx(
        RATIOS[1].estimate * np.exp(0.3)
    )
    assert table["inside_90"].tolist() == [False, False, True, True, True, True, True]
    assert (table["predicted_low"] < table["predicted"]).all()


def test_error_is_weighted_by_precision():
    assert weighted_error(FOUND[:4]) == pytest.approx(0.45 / 4)
    record = validation_record(FOUND)
    assert record["hazard_ratios"]["weighted_error"] == pytest.approx(0.45 / 4)
    assert record["hazard_ratios"]["coverage_percent"] == 75.0
    assert record["medians"]["endpoints"] == 2
    assert record["baselines"] == baselines(RATIOS)
    json.dumps(record, allow_nan=False)


def test_without_hazard_ratios_there_is_nothing_to_say():
    with pytest.raises(InputError, match="no hazard ratio"):
        validation_record(FOUND[4:])


def test_every_ratio_and_median_is_drawn():
    figure = draw_validation(FOUND)
    words = [
        label.get_text() for axes in figure.axes for label in axes.get_yticklabels()
    ]
    assert sorted(words) == sorted(endpoint_label(row.id) for row in RATIOS + MEDIANS)
    assert "3 of 4" in figure.axes[0].get_title(loc="left")


def test_the_folder_holds_everything(tmp_path, manifest):
    write_validation(tmp_path, FOUND, record_run(seed=7), warning="evidence was edited")
    listed = set(manifest(tmp_path)["files"])
    assert {
        "index.html",
        "validation.csv",
        "validation.json",
        "validation.png",
    } <= listed
    assert "evidence was edited" in (tmp_path / "index.html").read_text(
        encoding="utf-8"
    )
    assert len(pd.read_csv(tmp_path / "validation.csv")) == len(FOUND)
