"""Criteria: what they name, what they compare, and what is said of a wrong one."""

import numpy as np
import pandas as pd
import pytest

from oestra.core.errors import InputError
from oestra.trial.criterion import constants_beside, evaluate, names_in

TABLE = pd.DataFrame(
    {
        "age": [40.0, 60.0, 80.0],
        "drug": ["none", "tamoxifen", "letrozole"],
        "visceral": [True, False, True],
        "known": pd.Series([True, None, False], dtype=object),
        "whole": [1, 2, 3],
    }
)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("false", [0, 0, 0]),
        ("not false", [1, 1, 1]),
        ("true and false", [0, 0, 0]),
        ("true or false", [1, 1, 1]),
        ("false or false", [0, 0, 0]),
        ("true and true", [1, 1, 1]),
        ("true and visceral", [1, 0, 1]),
        ("false or visceral", [1, 0, 1]),
        ("visceral and false", [0, 0, 0]),
        ("visceral or true", [1, 1, 1]),
        ("1 < 2", [1, 1, 1]),
        ("1 < 2 < 2", [0, 0, 0]),
        ("3 in [1, 2]", [0, 0, 0]),
        ("2 in [1, 2]", [1, 1, 1]),
        ("3 not in [1, 2]", [1, 1, 1]),
        ("2 not in [1, 2]", [0, 0, 0]),
        ('drug in "none"', [1, 0, 0]),
        ('drug not in "none"', [0, 1, 1]),
        ("whole in [1, 3]", [1, 0, 1]),
        ('drug != "none"', [0, 1, 1]),
        ("age - 20 == 40", [0, 1, 0]),
        ("age * 2 >= 160", [0, 0, 1]),
        ("known", [1, 0, 0]),
        ("not known", [0, 1, 1]),
        ("known or visceral", [1, 0, 1]),
        ("age > 50 or visceral and age < 50", [1, 1, 1]),
        ("(age > 50 or visceral) and age < 70", [1, 1, 0]),
        ("age\n   > 50", [0, 1, 1]),
    ],
)
def test_criteria_by_hand(text, want):
    got = evaluate(text, TABLE)
    assert got.dtype == bool
    assert got.tolist() == [bool(w) for w in want]


def test_definitions_may_build_on_each_other():
    own = {"old": "age > 50", "ill": "old and visceral"}
    assert evaluate("ill", TABLE, own).tolist() == [False, False, True]
    assert evaluate("not ill", TABLE, own).tolist() == [True, True, False]


def test_a_definition_may_serve_others_and_these_more():
    own = {
        "old": "age > 50",
        "ill": "old and visceral",
        "frail": 'old or drug == "none"',
        "either": "ill or frail",
    }
    assert evaluate("either", TABLE, own).tolist() == [True, True, True]
    assert evaluate("ill and frail", TABLE, own).tolist() == [False, False, True]
    assert evaluate("either and not ill", TABLE, own).tolist() == [True, True, False]


def test_a_definition_by_itself_is_refused():
    own = {"old": "age > 50 or frail", "frail": "visceral and old"}
    with pytest.raises(InputError) as found:
        evaluate("visceral and old", TABLE, own)
    assert str(found.value) == "'old' is defined by itself."


def test_names_of_columns_and_definitions():
    assert names_in("old and (age < 2 or not true)") == {"old", "age"}
    assert names_in("1 < 2 or false") == set()


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("age > 50", [("age", 50)]),
        ("50 < age <= 80", [("age", 80), ("age", 50)]),
        ('drug == "none" or age >= 7.5', [("drug", "none"), ("age", 7.5)]),
        ('drug in ["none", "letrozole"]', [("drug", "none"), ("drug", "letrozole")]),
        ('drug not in ("none",)', [("drug", "none")]),
        ("visceral and not known", []),
        ("age > whole", []),
        ("age > [whole, 3]", [("age", 3)]),
        ("age > 40 + 2", []),
        ('"none" == drug', [("drug", "none")]),
        ("visceral and age > 1 and whole < 3", [("age", 1), ("whole", 3)]),
    ],
)
def test_constants_that_names_are_compared_with(text, want):
    assert constants_beside(text) == want


READ = (
    "Cannot read the criterion 'age >'{}; write it like "
    "'prior_nonsteroidal_ai and months_since_adjuvant <= 12'."
)
USES = (
    "The criterion 'f(age)'{} uses Call; allowed "
    "are comparisons, and, or, not, in, + - * / and parentheses."
)


@pytest.mark.parametrize(
    "read",
    [names_in, constants_beside, lambda text, **rest: evaluate(text, TABLE, **rest)],
)
@pytest.mark.parametrize(("text", "sentence"), [("age >", READ), ("f(age)", USES)])
def test_a_criterion_that_cannot_be_read(read, text, sentence):
    with pytest.raises(InputError) as found:
        read(text)
    assert str(found.value) == sentence.format("")
    with pytest.raises(InputError) as found:
        read(text, where="TAMRAD, eligibility 2")
    assert str(found.value) == sentence.format(" in TAMRAD, eligibility 2")


def test_a_criterion_that_means_nothing():
    with pytest.raises(InputError) as found:
        evaluate("age", TABLE)
    assert str(found.value) == (
        "Cannot evaluate the criterion 'age': "
        "a number or text stands where yes or no is needed."
    )
    with pytest.raises(InputError) as found:
        evaluate("drug", TABLE, where="TAMRAD")
    assert str(found.value) == (
        "Cannot evaluate the criterion 'drug' in TAMRAD: "
        "a number or text stands where yes or no is needed."
    )


@pytest.mark.parametrize(
    "text",
    [
        'drug + drug == "nonenone"',
        "visceral + 1 > 1",
        "age * visceral > 1",
        '"ab" * 2 == drug',
        "true + 1 > 1",
        "-drug == 3",
    ],
)
def test_only_numbers_are_reckoned_with(text):
    with pytest.raises(InputError) as found:
        evaluate(text, TABLE, where="TAMRAD")
    assert str(found.value) == (
        f"Cannot evaluate the criterion {text!r} in TAMRAD: "
        "yes, no or text stands where a number is needed."
    )


def test_a_column_that_is_not_there():
    with pytest.raises(InputError) as found:
        evaluate("viscera", TABLE)
    assert str(found.value) == "No column 'viscera'; nearest is 'visceral'."


def test_a_definition_that_cannot_be_read_is_named():
    with pytest.raises(InputError, match=r"Cannot read the criterion 'age >' in old;"):
        evaluate("old", TABLE, {"old": "age >"})


def test_rows_keep_their_order_whatever_the_index():
    shuffled = TABLE.set_index(np.array([7, 7, 1]))
    assert evaluate("age > 50", shuffled).tolist() == [False, True, True]


def test_an_imaginary_number_is_refused():
    with pytest.raises(InputError, match="no number"):
        constants_beside("age == 1j")
