"""GR values and doses read from curves whose answers are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.culture.dose_response import dose_response
from oestra.culture.doses import parse_series
from oestra.culture.experiment import prepare
from oestra.culture.growth_inhibition import (
    absolute_ic50,
    gr50,
    gr_values,
    relative_ic50,
)

DOSES = np.geomspace(0.01, 100.0, 401)


def test_gr_of_full_half_no_and_negative_growth():
    # Eight times as many cells without the drug, three doublings.
    found = gr_values([8.0, 1.0, 2.0**1.5, 0.125], 8.0)
    assert found == pytest.approx([1.0, 0.0, 2**0.5 - 1.0, -0.5])


@given(st.floats(0.05, 2.0), st.floats(0.0, 1.0), st.floats(2.0, 20.0))
def test_gr_depends_neither_on_the_pace_nor_on_the_time(pace, slowed, days):
    long = gr_values(np.exp(slowed * pace * days), float(np.exp(pace * days)))
    assert float(long) == pytest.approx(2.0**slowed - 1.0, abs=1e-9)


def test_no_gr_without_growth():
    values = gr_values([0.5, 0.2], 1.0)
    assert np.isnan(values).all()
    assert "do not grow" in gr50(np.array([1.0, 2.0]), values).reason


def test_the_dose_of_half_growth():
    values = 1.0 / (1.0 + DOSES / 2.0)
    assert gr50(DOSES, values).nm == pytest.approx(2.0, rel=1e-3)


def test_absolute_and_relative_doses_of_a_partial_inhibitor():
    # It takes three quarters away at most, half of that at 3 nM.
    left = 10.0 * (1.0 - 0.75 * DOSES / (3.0 + DOSES))
    top = 0.75 * DOSES[-1] / (3.0 + DOSES[-1])
    relative = 3.0 * (top / 2) / (0.75 - top / 2)
    assert relative_ic50(DOSES, left, 10.0).nm == pytest.approx(relative, rel=1e-3)
    assert absolute_ic50(DOSES, left, 10.0).nm == pytest.approx(6.0, rel=1e-3)


@pytest.mark.parametrize(
    ("response", "absolute", "relative"),
    [
        ([10.0, 10.0, 10.0], "at least 1", "nothing has changed"),
        ([9.0, 8.0, 7.0], "at least 0.7, at 3 nM", ""),
        ([1.0, 0.5, 0.1], "already at the lowest dose", "lowest dose"),
        ([12.0, 18.0, 30.0], "at least 1.2", ""),
    ],
)
def test_why_a_dose_is_not_reached(response, absolute, relative):
    doses, values = np.array([1.0, 2.0, 3.0]), np.array(response)
    for found, words in (
        (absolute_ic50(doses, values, 10.0), absolute),
        (relative_ic50(doses, values, 10.0), relative),
    ):
        assert words in found.reason
        assert (found.nm is None) == bool(words)
        assert ("not reached" in str(found)) == bool(words)


def test_a_curve_of_cells_tells_its_gr():
    curve = dose_response(
        prepare("MCF7"),
        parse_series("fulvestrant 0.01, 1, 10, 100 nM"),
        readouts=["er"],
    )
    assert curve.gr[0] == pytest.approx(1.0, abs=0.02)
    assert curve.gr_max == curve.gr[-1]
    record = curve.to_json_dict()
    assert record["growth"]["gr50"]["nm"] == pytest.approx(curve.gr50.nm)
    assert record["readouts"]["er_total"]["relative_ic50"]["nm"] == pytest.approx(
        record["readouts"]["er_total"]["half_maximal_nm"]
    )
    assert curve.table()["gr"][0] == pytest.approx(1.0)
