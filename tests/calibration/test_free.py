"""Priors of fitted parameters say what the parameter files say."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.calibration.fact import Fact, facts
from oestra.calibration.free import free_parameters, to_parameters
from oestra.model.cell_fit import shipped_cell_fit
from oestra.model.parameters import cell_parameters
from oestra.model.quantities import quantities
from oestra.network.parameter import parameter_table
from oestra.network.reference import REFERENCE

FREE = free_parameters()


MEASURED = shipped_cell_fit().fitted
"""What experiments on cells moved."""


@pytest.mark.parametrize("item", FREE, ids=lambda item: item.name)
def test_zero_is_what_is_known_without_trials(item):
    quantity = quantities()[item.name]
    known = MEASURED[item.name].value if item.name in MEASURED else quantity.value
    assert item.value(0.0) == pytest.approx(known)
    assert item.standardized(known) == pytest.approx(0.0, abs=1e-9)
    assert item.spread > 0


@pytest.mark.parametrize("item", FREE, ids=lambda item: item.name)
def test_the_interval_is_as_wide_as_95_percent_of_the_prior(item):
    low, high = quantities()[item.name].interval
    low = max(low, 1e-4 * quantities()[item.name].value)
    width = item.standardized(high) - item.standardized(low)
    # A parameter of the cell is known better than its file says.
    narrow = 0.7 if item.name in parameter_table() else 1.0
    if item.name in MEASURED:
        narrow = MEASURED[item.name].alone
    assert width == pytest.approx(2 * 1.959964 / narrow, rel=1e-6)


def test_experiments_on_cells_hold_the_cell():
    held = [item.name for item in FREE if item.name in MEASURED]
    assert {"k_fate", "n_fate", "share_translation"} <= set(held)
    assert all(0 < MEASURED[name].alone <= 1 for name in held)
    # With all others held a parameter is known better than without.
    for one in MEASURED.values():
        assert one.alone**2 <= 1.0 - one.contraction + 1e-9


@given(item=st.sampled_from(FREE), z=st.floats(-4, 4))
def test_the_scale_goes_there_and_back(item, z):
    value = item.value(z)
    assert value > 0
    assert math.isfinite(value)
    assert not item.share or value < 1
    assert item.standardized(value) == pytest.approx(z, abs=1e-6)
    assert item.value(z + 0.1) > value


def test_names_are_free_once_and_are_no_reference():
    names = [item.name for item in FREE]
    assert len(set(names)) == len(names)
    assert not set(names) & set(REFERENCE)


def test_the_start_is_the_set_of_cells():
    prior = cell_parameters()
    found = to_parameters(np.zeros(len(FREE)), prior, FREE)
    for name, value in found.items():
        assert value == pytest.approx(prior[name], rel=2e-3), name


def test_facts_are_possible():
    for fact in facts():
        assert 0 < fact.low < fact.estimate < fact.high, fact.id
        assert fact.source
        assert fact.reason


def test_residual_of_a_fact():
    fact = Fact(
        id="x", kind="cell", estimate=2.0, low=1.0, high=4.0, source="s", reason="r",
        how={},
    )  # fmt: skip
    assert fact.residual(2.0) == 0
    assert fact.residual(4.0) == pytest.approx(1.96)
    assert fact.residual(1.0) == pytest.approx(-1.96)
    assert math.isfinite(fact.residual(0.0))
