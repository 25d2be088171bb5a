"""Trials predicted from all others: numbers, figure and folder."""

import numpy as np
import pandas as pd

from oestra.appraisal.fit_tables import endpoint_label
from oestra.calibration.validate import LeftOut
from oestra.evidence.published import targets
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
