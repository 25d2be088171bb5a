"""Potency, synergy and order against known answers; the grammar of expressions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.claims.claim_expression import evaluate, readouts_in
from oestra.claims.expectation import Expectation
from oestra.claims.measure import (
    MEASURES,
    bliss_excess,
    combination_index,
    dose_for,
    ec50,
    effect_span,
    least_step,
)
from oestra.claims.readings import Readings
from oestra.core.errors import InputError

DOSES = np.logspace(-3, 3, 61)


def hill(half: float, top: float = 1.0, bottom: float = 0.0) -> Readings:
    values = bottom + (top - bottom) / (1.0 + DOSES / half)
    return Readings(name="curve", at=DOSES, values=values, over_doses=True)


@given(st.floats(0.1, 5))
def test_half_maximal_dose_of_a_hyperbola(half: float):
    assert ec50(hill(half)) == pytest.approx(half, rel=0.02)


def test_a_curve_that_never_falls_so_far_has_no_dose():
    assert math.isinf(dose_for(hill(1.0, bottom=0.6), 0.5))
    assert dose_for(hill(1.0), 0.5) == pytest.approx(1.0, rel=0.02)
    assert effect_span(hill(1.0, bottom=0.6)) == pytest.approx(0.4, abs=0.002)


@given(st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_independent_action_has_no_bliss_excess(first: float, second: float):
    assert bliss_excess(1.0, first, second, first * second) == pytest.approx(0.0)


def test_a_drug_combined_with_itself_is_additive():
    curve = hill(2.0)
    both = 1.0 / (1.0 + 3.0 / 2.0)
    assert combination_index(curve, curve, both, 1.0, 2.0) == pytest.approx(
        1.0, rel=0.02
    )


def test_order_is_the_smallest_step():
    assert least_step(1.0, 2.0, 3.0) == 1.5


def test_measures_of_doses_refuse_single_values():
    with pytest.raises(InputError, match="run with doses"):
        ec50(1.0)
    with pytest.raises(InputError, match="value for every dose"):
        _ = hill(1.0).final


def read(run: str, readout: str) -> Readings:
    value = {"a.x": 2.0, "b.x": 4.0, "b.y": 0.0}[f"{run}.{readout}"]
    return Readings(name=run, at=np.array([0.0, 1.0]), values=np.array([9.0, value]))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.x / b.x", 0.5),
        ("1 - 2 * (a.x - b.x)", 5.0),
        ("-least(a.x, b.x)", -2.0),
        ("ln(1)", 0.0),
    ],
)
def test_expressions(text: str, value: float):
    assert evaluate(text, read=read, functions=MEASURES) == value


def test_division_by_zero_is_not_a_number():
    assert math.isnan(evaluate("a.x / b.y", read=read, functions=MEASURES))


@pytest.mark.parametrize(
    "text", ["a.x if b.x else 1", "__import__('os')", "a.x ** 2", "a.", "a[0]"]
)
def test_nothing_else_is_an_expression(text: str):
    with pytest.raises(InputError):
        evaluate(text, read=read, functions=MEASURES)


def test_readouts_are_found():
    assert set(readouts_in("least(a.x, b.y) / a.x")) == {("a", "x"), ("b", "y")}


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("> 0.5", [0.51, math.inf], [0.5, math.nan]),
        ("< -2", [-3.0], [-2.0, 0.0]),
        ("0.7 to 1.3", [0.7, 1.3], [0.69, math.inf]),
        ("-10 to 10", [-10.0, 0.0], [11.0]),
    ],
)
def test_expectations(text: str, inside: list[float], outside: list[float]):
    expected = Expectation.parse(text)
    assert str(expected) == text
    assert all(expected.holds(value) for value in inside)
    assert not any(expected.holds(value) for value in outside)


@pytest.mark.parametrize("text", ["0.5", ">= 1", "2 to 1", "about 1", ""])
def test_an_unreadable_expectation_is_refused(text: str):
    with pytest.raises(ValueError, match=r"write|backward"):
        Expectation.parse(text)


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("> 1.1", 1.09755, "1.098"),
        ("> 1.1", 1.2345, "1.23"),
        ("< 0.2", 0.20004, "0.20004"),
        ("0.9 to 1.1", 1.1003, "1.1003"),
        ("> 1", math.inf, "inf"),
        ("< 1", math.nan, "nan"),
    ],
)
def test_a_number_is_written_on_its_own_side_of_the_bound(text, value, shown):
    assert Expectation.parse(text).write(value) == shown
