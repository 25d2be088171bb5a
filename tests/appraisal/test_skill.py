"""Skill: error and coverage of trials predicted from all others."""

import json

import numpy as np
import pytest

from oestra.appraisal.skill import (
    against_rules,
    validation_record,
    validation_table,
    weighted_error,
)
from oestra.calibration.refit import Refitted
from oestra.calibration.validate import LeftOut
from oestra.core.errors import InputError
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Use

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
    assert record["hazard_ratios"]["rules"] == against_rules(FOUND[:4])
    json.dumps(record, allow_nan=False)


def test_noise_alone_is_told_apart_from_the_error_of_a_model():
    exact = validation_record([left_out(row, 0.0) for row in RATIOS])["hazard_ratios"]
    assert exact["excess"] == 0.0
    assert exact["noise"] == pytest.approx(0.1 * np.sqrt(2 / np.pi))
    off = validation_record([left_out(row, 0.5) for row in RATIOS])["hazard_ratios"]
    assert off["excess"] == pytest.approx(np.sqrt(0.5**2 - 0.1**2))
    assert off["low"] == off["weighted_error"] == off["high"] == pytest.approx(0.5)


def test_a_fit_in_steps_stands_beside_the_one_step():
    again = Refitted(
        trial=RATIOS[1].trial,
        one_step=(FOUND[1],),
        in_steps=(left_out(RATIOS[1], 0.1),),
    )
    assert validation_record(FOUND)["refitted"] == []
    (row,) = validation_record(FOUND, refitted=[again])["refitted"]
    assert row["id"] == RATIOS[1].id
    assert row["one_step"] == pytest.approx(RATIOS[1].estimate * np.exp(0.3))
    assert row["in_steps"] == pytest.approx(RATIOS[1].estimate * np.exp(0.1))
    assert (row["one_step_z"], row["in_steps_z"]) == pytest.approx((3.0, 1.0))


def test_without_hazard_ratios_there_is_nothing_to_say():
    with pytest.raises(InputError, match="no hazard ratio"):
        validation_record(FOUND[4:])
