"""Splits by biomarker of one trial."""

import numpy as np
import pytest

from oestra.appraisal.splits import split_record, splits
from oestra.calibration.validate import LeftOut
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Use

ROWS = [
    row
    for row in targets()
    if row.use is Use.FIT and row.kind == "hazard_ratio" and row.trial == "SOLAR-1"
]


def left_out(row, predicted):
    return LeftOut(
        row=row,
        predicted=predicted,
        published=float(np.log(row.estimate)),
        sampling=0.1,
        uncertainty=0.0,
    )


def test_two_strata_of_an_arm_are_one_pair_and_the_whole_is_none():
    found = [left_out(row, 0.0) for row in ROWS]
    pairs = splits(found)
    assert len(pairs) == 1
    one, other = pairs[0]["one"], pairs[0]["other"]
    assert {one, other} == {"PIK3CA mutant", "PIK3CA wild type"}
    by_stratum = {row.stratum: row for row in ROWS}
    assert pairs[0]["published"] == pytest.approx(
        np.log(by_stratum[one].estimate / by_stratum[other].estimate)
    )
    assert pairs[0]["error"] == pytest.approx(0.1 * np.sqrt(2))


@pytest.mark.parametrize(("factor", "right"), [(2.0, 1), (-1.0, 0)])
def test_sign_and_slope(factor, right):
    known = [row for row in ROWS if row.stratum != "ITT"]
    found = [left_out(row, factor * np.log(row.estimate)) for row in known]
    record = split_record(found)
    assert record["slope"] == pytest.approx(1 / factor)
    assert record["count"] == 1
    clear = abs(record["pairs"][0]["published"]) > 2 * record["pairs"][0]["error"]
    assert record["clear"] == int(clear)
    assert record["sign_right"] == right * int(clear)


def test_a_model_that_tells_no_difference_has_no_slope():
    record = split_record([left_out(row, -0.2) for row in ROWS])
    assert record["slope"] is None
    assert split_record(found=[]) is None
