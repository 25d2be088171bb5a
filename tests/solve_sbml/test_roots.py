"""Roots of negative numbers end a lane; rounding and branches not taken do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.solve.outcome import Outcome
from oestra.solve.sbml import read_sbml, sbml_of_antimony
from oestra.solve.simulation import simulate


def run(text, until=4.0, **options):
    return simulate(read_sbml(sbml_of_antimony(text, "the test")), until, **options)


FALLING = "x = 2; k = 1; y = 0; x' = -k; "


@pytest.mark.parametrize(
    "rate",
    [
        "sqrt(x)",
        "x^0.5",
        "x^1.5",
        "x^h",
        "root(3, x)",
        "sqrt(x) + sqrt(x + 1)",
        "piecewise(sqrt(x), time > 1, 0)",
    ],
)
def test_the_root_of_a_negative_state_has_a_name(rate):
    values = {"k": [1.0, 0.1]}
    result = run(f"{FALLING} h = 2.5; y' = {rate}", points=8, values=values)
    assert result.failures() == {Outcome.NEGATIVE_ROOT: 1}
    falling = result["x"][0]
    assert np.isfinite(falling[:5]).all()
    assert np.isnan(falling[5:]).all()
    assert np.isfinite(result.courses[1]).all()


def test_a_recorded_root_counts_too():
    result = run(f"{FALLING} z := sqrt(x)")
    assert result.failures() == {Outcome.NEGATIVE_ROOT: 1}


@pytest.mark.parametrize(
    "rate",
    [
        "piecewise(sqrt(x), x > 0, 0)",
        "sqrt(max(0, x))",
        "x^h",
        "sqrt(x^2)",
        "sqrt(x + 3)",
        "(x^2)^0.5 + abs(x)^0.5",
    ],
)
def test_a_root_that_sees_nothing_negative_does_not(rate):
    result = run(f"{FALLING} h = 3; y' = {rate}")
    assert result.outcome.tolist() == [Outcome.REACHED_END]


def test_the_logarithm_of_a_negative_state_has_advice():
    result = run(f"{FALLING} y' = ln(x)")
    assert result.failures() == {Outcome.NON_FINITE: 1}
    assert "logarithm of a negative number" in Outcome.NON_FINITE.advice


def test_a_tank_that_runs_empty_stays_empty():
    # Torricelli: sqrt(x) falls in a straight line and ends at zero.
    result = run("x = 1; x' = -sqrt(x)", until=5.0)
    assert result.outcome.tolist() == [Outcome.REACHED_END]
    exact = np.maximum(0.0, 1.0 - result.times / 2) ** 2
    np.testing.assert_allclose(result["x"][0], exact, atol=1e-5)


RATE, SIZE = st.floats(0.01, 1e4), st.floats(1e-6, 1e6)


def ended(rate, size, power):
    """Return how a decay by a power ends."""
    values = {"k": rate, "a": size, "h": power, "K": size / 3}
    return Outcome(simulate(DECAY, 10.0, values=values).outcome[0])


@settings(max_examples=25, deadline=None)
@given(rate=RATE, size=SIZE, power=st.floats(1.0, 3.0))
def test_rounding_is_no_negative_number(rate, size, power):
    assert ended(rate, size, power) is Outcome.REACHED_END


@settings(max_examples=25, deadline=None)
@given(rate=RATE, size=SIZE, power=st.floats(0.3, 1.0))
def test_rounding_is_no_negative_number_where_slopes_are_infinite(rate, size, power):
    # At zero the slope of such a root is infinite, and some lanes stop for many steps.
    assert ended(rate, size, power) in (Outcome.REACHED_END, Outcome.STEP_LIMIT)


DECAY = read_sbml(
    sbml_of_antimony(
        "a = 1; b = 0; k = 1; h = 2; K = 1; a' = -k*a^h/(K^h + a^h)*K; b' = k*a",
        "the test",
    )
)


def test_events_see_roots_too():
    result = run(f"{FALLING} y' = sqrt(x); at (time > 1): y = 5", points=8)
    assert result.failures() == {Outcome.NEGATIVE_ROOT: 1}
    assert np.isfinite(result["y"][0][:5]).all()
