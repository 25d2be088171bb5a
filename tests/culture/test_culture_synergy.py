"""Bliss and Loewe on effects made by hand, then their properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.culture.synergy import (
    bliss_excess,
    combination_index,
    dose_for_effect,
    isobole,
)

DOSES = np.geomspace(0.01, 100.0, 41)
SHARES = st.floats(0.0, 1.0)


def hill(dose, half=1.0, steepness=1.5):
    load = (np.asarray(dose) / half) ** steepness
    return load / (1.0 + load)


@given(SHARES, SHARES)
def test_independent_effects_have_no_bliss_excess(a, b):
    together = 1.0 - (1.0 - a) * (1.0 - b)
    assert bliss_excess(a, b, together) == pytest.approx(0.0, abs=1e-12)


def test_bliss_excess_counts_the_effect_beyond():
    assert bliss_excess(0.2, 0.5, 0.8) == pytest.approx(0.2)
    assert bliss_excess(0.2, 0.5, 0.5) == pytest.approx(-0.1)


@given(st.floats(0.02, 40.0), st.floats(0.02, 40.0))
def test_a_drug_with_itself_has_index_one(a, b):
    dense = np.geomspace(1e-4, 1e4, 2001)
    equivalent = dose_for_effect(dense, hill(dense), hill(a + b))
    index = combination_index((a, b), (equivalent, equivalent))
    assert index == pytest.approx(1.0, rel=1e-3)


def test_the_index_falls_below_one_when_less_is_needed():
    assert combination_index((1.0, 1.0), (10.0, 5.0)) == pytest.approx(0.3)


def test_what_one_drug_cannot_do_counts_for_the_other_alone():
    assert combination_index((1.0, 2.0), (np.inf, 8.0)) == pytest.approx(0.25)
    assert np.isnan(combination_index((1.0, 2.0), (np.inf, np.inf)))


def test_equivalent_doses_invert_the_curve():
    doses = np.array([0.3, 1.0, 7.0])
    found = dose_for_effect(DOSES, hill(DOSES), hill(doses))
    assert found == pytest.approx(doses, rel=0.01)
    assert dose_for_effect(DOSES, hill(DOSES), 0.9999) == np.inf


def test_the_isobole_of_a_drug_with_itself_is_straight():
    dense = np.geomspace(1e-3, 10.0, 801)
    first = np.array([0.1, 0.3, 0.6, 0.9])
    points = isobole((first, dense), hill(first[:, None] + dense[None, :]), 0.5)
    assert points.sum(axis=1) == pytest.approx(np.ones(4), rel=5e-3)
