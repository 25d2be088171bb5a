"""Numbers say what they are, or construction fails."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.core.errors import InputError
from oestra.core.parameter_set import ParameterSet
from oestra.core.quantity import Origin, Quantity

FINITE = st.floats(-1e6, 1e6)


def quantity(**changes):
    given_ = {
        "value": 2.0,
        "unit": "nM",
        "interval": (1.0, 3.0),
        "origin": Origin.ASSUMED,
        "reason": "for the test",
    }
    return Quantity(**{**given_, **changes})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"value": 4.0}, "outside its interval"),
        ({"interval": (3.0, 1.0)}, "outside its interval"),
        ({"value": -1.0, "interval": (-2.0, 3.0)}, "cannot be negative, got -1"),
        ({"value": math.nan}, "must be finite"),
        ({"value": math.inf}, "must be finite"),
        ({"value": "4"}, "a number and an interval of two, got '4'"),
        ({"value": 10**400}, "a number and an interval of two, got 1000"),
        ({"interval": (1.0,)}, "a number and an interval of two"),
        ({"interval": (0.0, math.inf)}, "must be finite"),
        ({"interval": (math.nan, 3.0)}, "must be finite"),
        ({"reason": ""}, "assumed quantity needs a reason"),
        ({"origin": Origin.FITTED, "reason": ""}, "fitted quantity needs a reason"),
        ({"origin": Origin.MEASURED}, "measured quantity needs a source"),
        ({"origin": Origin.DERIVED}, "derived quantity needs a source"),
    ],
)
def test_refuses(changes, says):
    with pytest.raises(InputError, match=says):
        quantity(**changes)


@given(ends=st.tuples(FINITE, FINITE, FINITE))
def test_the_middle_of_three_numbers_is_in_the_interval_of_the_others(ends):
    low, value, high = sorted(map(abs, ends))
    assert quantity(value=value, interval=(low, high)).value == value


def test_parameter_sets_are_mappings_that_change_by_replace():
    one = ParameterSet.of({"a": quantity()}, {"b": quantity(value=3.0)})
    assert dict(one) == {"a": 2.0, "b": 3.0}
    assert len(one) == 2
    other = one.replace(a=1.5)
    assert (one["a"], other["a"], other["b"]) == (2.0, 1.5, 3.0)
    assert one.digest != other.digest
    assert other.replace(a=2.0) == one
    assert hash(other.replace(a=2.0)) == hash(one)
    assert ParameterSet({"b": 3.0, "a": 2.0}).digest == one.digest


def test_parameter_sets_refuse_names_they_do_not_have():
    one = ParameterSet({"k_division": 1.0})
    with pytest.raises(InputError, match="nearest is 'k_division'"):
        one["k_divison"]
    with pytest.raises(InputError, match="No parameter 'x'"):
        one.replace(x=1.0)
    with pytest.raises(ValueError, match="declared twice"):
        ParameterSet.of({"a": quantity()}, {"a": quantity()})
