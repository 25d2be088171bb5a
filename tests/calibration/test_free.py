"""Priors of fitted parameters say what the parameter files say."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.calibration.fact import Fact, facts
from oestra.calibration.free import free_parameters, to_parameters
from oestra.model.parameters import prior_parameters
from oestra.model.quantities import quantities
from oestra.network.parameter import parameter_table
from oestra.network.reference import REFERENCE

FREE = free_parameters()


@pytest.mark.parametrize("item", FREE, ids=lambda item: item.name)
def test_zero_is_the_value_of_the_file(item):
    quantity = quantities()[item.name]
    assert item.value(0.0) == pytest.approx(quantity.value)
    assert item.standardized(quantity.value) == pytest.approx(0.0, abs=1e-9)
    assert item.spread > 0


@pytest.mark.parametrize("item", FREE, ids=lambda item: item.name)
def test_the_interval_is_as_wide_as_95_percent_of_the_prior(item):
    low, high = quantities()[item.name].interval
    low = max(low, 1e-4 * quantities()[item.name].value)
    width = item.standardized(high) - item.standardized(low)
    # The prior of a parameter of the cell is narrower than its interval.
    narrow = 0.7 if item.name in parameter_table() else 1.0
    assert width == pytest.approx(2 * 1.959964 / narrow, rel=1e-6)


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


def test_the_start_is_the_prior_set():
    prior = prior_parameters()
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
