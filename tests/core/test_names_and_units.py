"""Errors that name the nearest, and conversion of units."""

import pint
import pytest

from oestra.core.errors import InputError, OestraError, nearest, unknown_name
from oestra.core.units import convert, is_unit

DRUGS = ["everolimus", "exemestane", "4-hydroxytamoxifen"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("everolimas", "everolimus"),
        ("EVEROLIMUS", "everolimus"),
        ("4 hydroxy tamoxifen", "4-hydroxytamoxifen"),
        ("4_HYDROXY-tamoxifn", "4-hydroxytamoxifen"),
        ("zzzz", None),
    ],
)
def test_nearest(given, expected):
    assert nearest(given, DRUGS) == expected


def test_unknown_name_is_one_sentence_that_helps():
    near = str(unknown_name("drug", "everolimas", DRUGS, where="arm EVE"))
    assert near == "No drug 'everolimas' in arm EVE; nearest is 'everolimus'."
    few = str(unknown_name("drug", "zzzz", DRUGS))
    assert few == f"No drug 'zzzz'; known are {', '.join(sorted(DRUGS))}."
    many = str(unknown_name("name", "zzzz", [f"number{i}" for i in range(40)]))
    assert "40 names are known, such as number0, number1" in many
    assert issubclass(InputError, OestraError)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1.0, "nM", "pM", 1000.0),
        (25.7, "pM", "nM", 0.0257),
        (2.0, "day", "hour", 48.0),
        (1.0, "1/hour", "1/day", 24.0),
        (5.0, "ng/mL", "ug/L", 5.0),
        (50.0, "percent", "dimensionless", 0.5),
        (50.0, "%", "percent", 50.0),
        (7.0, "furlong", "furlong", 7.0),
    ],
)
def test_convert(value, unit, to, expected):
    assert convert(value, unit, to) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "to"), [("1/hour", "1/day"), ("L/hour", "L/day"), ("hour", "day")]
)
def test_factors_known_without_pint_are_those_of_pint(unit, to):
    assert convert(1.0, unit, to) == pint.UnitRegistry().Quantity(1.0, unit).to(to).m


def test_conversion_refuses():
    with pytest.raises(InputError, match="No unit 'nMM'; nearest is 'nM'"):
        convert(1.0, "nMM", "nM")
    with pytest.raises(InputError, match="Cannot convert 'nM' to 'day'"):
        convert(1.0, "nM", "day")
    assert is_unit("mg/kg")
    assert not is_unit("blorb")
