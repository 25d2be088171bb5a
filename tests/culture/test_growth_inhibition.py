"""GR values and doses read from curves whose answers are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.culture.dose_response import DoseSpread, dose_response
from oestra.culture.doses import parse_series
from oestra.culture.ensemble import with_dose_bands
from oestra.culture.experiment import prepare
from oestra.culture.gr_curve import gr_area, gr_curve
from oestra.culture.growth_inhibition import (
    absolute_ic50,
    gr50,
    gr_values,
    relative_ic50,
)
from oestra.model.parameters import best_parameters

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


@given(st.floats(-0.9, 0.9), st.floats(0.1, 10.0), st.floats(0.6, 4.0))
def test_the_curve_that_made_the_values_is_found_again(ending, half, steep):
    # The form of the paper: GRinf + (1 - GRinf) / (1 + (c / GEC50)^h).
    doses = np.geomspace(0.01, 100.0, 17)
    values = ending + (1.0 - ending) / (1.0 + (doses / half) ** steep)
    found = gr_curve(doses, values)
    assert found.gr_inf == pytest.approx(ending, abs=5e-3)
    assert found.gec50 == pytest.approx(half, rel=2e-2)
    assert found.steepness == pytest.approx(steep, rel=2e-2)
    assert found.off < 1e-3


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1.0, 0.5, 0.2], "needs 4 doses, got 3"),
        ([1.0, 1.0, 0.995, 0.99], "less than 0.02"),
        ([np.nan] * 5, "do not grow"),
    ],
)
def test_why_there_is_no_curve(values, words):
    doses = np.geomspace(1.0, 10.0, len(values))
    found = gr_curve(doses, np.array(values))
    assert words in found.reason
    assert "not fitted" in found.told()
    assert found.to_json_dict()["gr_inf"] is None


def test_area_over_the_curve():
    doses = np.array([1.0, 10.0, 100.0])
    assert gr_area(doses, np.ones(3)) == 0.0
    assert gr_area(doses, np.zeros(3)) == 1.0
    assert gr_area(doses, np.array([1.0, 0.0, -1.0])) == pytest.approx(1.0)
    assert gr_area(doses[:1], np.zeros(1)) is None
    assert gr_area(doses, np.full(3, np.nan)) is None


def test_sets_spread_a_curve_and_the_doses_read_from_it():
    base = best_parameters()
    sets = [base.replace(gain_hypersensitivity=g) for g in (1.0, 2.0, 4.0)]
    series = parse_series("fulvestrant 0.01, 0.1, 1, 10, 100 nM")

    def run(one):
        return dose_response(
            prepare("MCF7", parameters=one, medium="estradiol 0.01 nM"), series
        )

    found, alone = with_dose_bands(run, sets), run(base)
    assert alone.bands == {}
    ends = found.bands["cell_number_fold"]
    assert ends.shape == (2, 6)
    assert (ends[0] <= ends[1]).all()
    runs = [run(one) for one in sets]
    held = [one.gr50.nm for one in runs if one.gr50.nm is not None]
    spread = found.spreads["gr50"]
    assert spread.reached == len(held)
    assert spread.sets == 3
    if held:
        assert min(held) <= spread.low <= spread.high <= max(held)
    assert list(found.table().columns[-2:]) == ["gr_low", "gr_high"]
    assert found.to_json_dict()["spreads_95"]["gr_max"]["sets"] == 3


def test_a_number_that_no_set_reaches_is_told():
    spread = DoseSpread(low=None, high=None, reached=0, sets=5)
    assert str(spread) == "in none of 5 sets"
    assert "reached in 2 of 5" in str(DoseSpread(low=1.0, high=2.0, reached=2, sets=5))
