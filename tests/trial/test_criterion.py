"""Criteria as text, and weights from published margins."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.trial.case_mix import Margin, effective_sample_size, rake
from oestra.trial.criterion import evaluate, names_in
from oestra.trial.randomize import permuted_blocks

TABLE = pd.DataFrame(
    {
        "age": [40.0, 60.0, 80.0],
        "since": [0.0, 13.0, np.nan],
        "drug": ["none", "tamoxifen", "letrozole"],
        "visceral": [True, False, True],
    }
)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("visceral", [1, 0, 1]),
        ("not visceral", [0, 1, 0]),
        ("age >= 60 and visceral", [0, 0, 1]),
        ("age < 50 or age > 70", [1, 0, 1]),
        ("50 < age <= 80", [0, 1, 1]),
        ("since <= 12", [1, 0, 0]),
        ("not since <= 12", [0, 1, 1]),
        ('drug == "tamoxifen"', [0, 1, 0]),
        ('drug in ["none", "letrozole"]', [1, 0, 1]),
        ('drug not in ("none",)', [0, 1, 1]),
        ("age / 2 + 10 > 35", [0, 1, 1]),
        ("-age < -50", [0, 1, 1]),
        ("true", [1, 1, 1]),
        ("visceral == false", [0, 1, 0]),
        ("since != 13", [1, 0, 0]),
        ("13 != since", [1, 0, 0]),
        ("old and visceral", [0, 0, 1]),
    ],
)
def test_criteria_by_hand(text, want):
    got = evaluate(text, TABLE, {"old": "age > 50"})
    assert got.tolist() == [bool(w) for w in want]


def test_names_and_errors():
    assert names_in("a and (b < 2 or true)") == {"a", "b"}
    with pytest.raises(InputError, match="nearest is 'visceral'"):
        evaluate("viscera", TABLE)
    with pytest.raises(InputError, match="Cannot evaluate the criterion 'drug < 3'"):
        evaluate("drug < 3", TABLE)
    for text in ("age", "drug and visceral", "not age", "1"):
        with pytest.raises(InputError, match="where yes or no is needed"):
            evaluate(text, TABLE)
    with pytest.raises(InputError, match="division by zero"):
        evaluate("1 / 0 > 1", TABLE)
    with pytest.raises(InputError, match="uses Lambda"):
        evaluate("lambda: 1", TABLE)


def margin(member, share, within=None):
    member = np.asarray(member, dtype=bool)
    inside = np.ones(member.size, dtype=bool) if within is None else within
    return Margin(label="m", member=member, within=inside, share=share)


def test_raking_by_hand():
    weight, missed = rake(np.ones(4), [margin([1, 0, 0, 0], 0.5)])
    np.testing.assert_allclose(weight, [0.5, 1 / 6, 1 / 6, 1 / 6])
    assert missed == ()


def test_a_margin_nobody_can_meet_is_reported():
    weight, missed = rake(np.ones(4), [margin([0, 0, 0, 0], 0.5)])
    np.testing.assert_allclose(weight, 0.25)
    assert missed == ("m: 0 % instead of 50 %",)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=40, max_size=80),
    st.floats(0.2, 0.8),
    st.floats(0.2, 0.8),
)
def test_margins_are_reached_where_the_population_allows(rows, first, second):
    member = np.array([*rows, (0, 0), (0, 1), (1, 0), (1, 1)], dtype=bool)
    margins = [margin(member[:, 0], first), margin(member[:, 1], second)]
    weight, missed = rake(np.ones(len(member)), margins)
    assert weight.sum() == pytest.approx(1.0)
    assert (weight > 0).all()
    if not missed:
        for one in margins:
            assert one.reached(weight) == pytest.approx(one.share, abs=0.021)
    assert effective_sample_size(weight) <= len(member) + 1e-9


def test_a_share_within_a_part_leaves_the_rest_alone():
    part = np.array([1, 1, 0, 0], dtype=bool)
    inner = margin([1, 0, 1, 0], 0.75, within=part)
    weight, _ = rake(np.ones(4), [inner])
    np.testing.assert_allclose(weight, [0.375, 0.125, 0.25, 0.25])


def test_blocks_are_balanced_within_strata():
    stratum = np.arange(240) % 2
    arm = permuted_blocks(stratum, [2, 1], 6, Streams(1))
    for number in (0, 1):
        inside = arm[stratum == number].reshape(-1, 6)
        assert (np.sort(inside, axis=1) == [0, 0, 0, 0, 1, 1]).all()
    assert not (arm[:6] == arm[6:12]).all()
    with pytest.raises(InputError, match="multiple of 3"):
        permuted_blocks(stratum, [2, 1], 4, Streams(1))


def test_a_group_may_leave_out_an_arm():
    arm = permuted_blocks(np.zeros(10, dtype=np.int64), [0, 1], 2, Streams(1))
    assert (arm == 1).all()
