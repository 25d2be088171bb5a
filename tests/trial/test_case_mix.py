"""Kish's effective size and raking, against what is known by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.core.errors import InputError
from oestra.trial.case_mix import Margin, effective_sample_size, rake, weigh
from oestra.trial.design import CaseMix
from oestra.trial.designs import find_design


@pytest.mark.parametrize(
    ("weight", "size"),
    [
        ([1, 1, 1, 1], 4.0),
        ([3, 1], 1.6),
        ([1, 2, 3], 36 / 14),
        ([5, 0, 0], 1.0),
        ([0.0, 0.0], 0.0),
        ([0.25, 0.25, 0.5], 1 / 0.375),
    ],
)
def test_kish_by_hand(weight, size):
    assert effective_sample_size(np.array(weight, dtype=float)) == pytest.approx(size)


@given(st.lists(st.floats(0.01, 100.0), min_size=1, max_size=30), st.floats(1e-3, 1e3))
def test_effective_size_is_bounded_and_has_no_unit(weights, factor):
    weight = np.array(weights)
    size = effective_sample_size(weight)
    assert 1.0 - 1e-9 <= size <= len(weights) * (1 + 1e-9)
    assert effective_sample_size(factor * weight) == pytest.approx(size)
    twice = effective_sample_size(np.concatenate([weight, weight]))
    assert twice == pytest.approx(2 * size)


def everybody(member, share):
    member = np.asarray(member, dtype=bool)
    return Margin(
        label="m", member=member, within=np.ones(member.size, dtype=bool), share=share
    )


def test_raking_starts_from_the_weights_of_the_population():
    weight, missed = rake(np.array([1.0, 3.0, 4.0]), [everybody([1, 1, 0], 0.8)])
    np.testing.assert_allclose(weight, [0.2, 0.6, 0.2])
    assert missed == ()


def test_without_margins_weights_only_add_up_to_one():
    weight, missed = rake(np.array([1.0, 3.0]), [])
    assert weight.tolist() == [0.25, 0.75]
    assert missed == ()


def test_two_margins_of_a_square_are_both_met():
    # Independent margins of a balanced square: the product is the raked table.
    a, b = np.array([1, 1, 0, 0]), np.array([1, 0, 1, 0])
    weight, missed = rake(np.ones(4), [everybody(a, 0.7), everybody(b, 0.4)])
    np.testing.assert_allclose(weight, [0.28, 0.42, 0.12, 0.18], atol=1e-4)
    assert missed == ()


def test_a_rare_patient_cannot_stand_for_half_of_a_trial():
    # One in a thousand, wanted to be half: she gets a bounded part of it.
    member = np.arange(1000) == 0
    weight, missed = rake(np.ones(1000), [everybody(member, 0.5)])
    assert 0.05 <= weight[0] < 0.1
    assert weight.sum() == pytest.approx(1.0)
    assert missed == (f"m: {100 * weight[0]:.0f} % instead of 50 %",)


def test_a_margin_off_by_two_points_is_not_reported():
    everyone = everybody([1, 1, 1], 0.985)
    assert rake(np.ones(3), [everyone])[1] == ()
    assert rake(np.ones(3), [everybody([0, 0, 0], 0.02)])[1] == ()
    almost = everybody([1, 1, 1], 0.97)
    assert rake(np.ones(3), [almost])[1] == ("m: 100 % instead of 97 %",)


def test_the_share_of_nobody_is_zero():
    nobody = np.zeros(2, dtype=bool)
    empty = Margin(label="m", member=~nobody, within=nobody, share=0.5)
    assert empty.reached(np.ones(2)) == 0.0
    weight, _ = rake(np.ones(2), [empty])
    assert weight.tolist() == [0.5, 0.5]


def test_five_margins_at_once():
    # All 32 patterns of five traits, each as frequent: independent margins.
    patterns = (np.arange(32)[:, None] >> np.arange(5)) & 1
    shares = [0.3, 0.4, 0.5, 0.6, 0.7]
    margins = [everybody(patterns[:, k], share) for k, share in enumerate(shares)]
    weight, missed = rake(np.ones(32), margins)
    each = np.where(patterns == 1, shares, 1.0 - np.array(shares))
    np.testing.assert_allclose(weight, each.prod(axis=1), atol=1e-4)
    assert missed == ()


def trial(case_mix, **definitions):
    return find_design("BOLERO-2").model_copy(
        update={"case_mix": case_mix, "definitions": definitions}
    )


def table(size):
    number = np.arange(size)
    return pd.DataFrame(
        {
            "weight": np.where(number % 2, 1.0, 3.0),
            "age_years": 50.0 + number % 40,
            "visceral": number % 4 < 2,
        }
    )


def test_candidates_are_weighted_to_a_published_case_mix():
    decisions = table(1200)
    rows = np.flatnonzero(decisions["age_years"] >= 60)
    mix = (
        CaseMix(where="visceral", percent=70.0),
        CaseMix(where="age_years >= 75", within="not visceral", percent=20.0),
    )
    found = weigh(trial(mix), decisions, rows)
    inside = decisions.iloc[rows]
    visceral = inside["visceral"].to_numpy()
    old = (inside["age_years"] >= 75).to_numpy()
    assert found.rows.tolist() == rows.tolist()
    assert found.weight.sum() == pytest.approx(1.0)
    assert found.weight[visceral].sum() == pytest.approx(0.70, abs=1e-3)
    assert found.weight[~visceral & old].sum() == pytest.approx(0.06, abs=1e-3)
    kish = found.weight.sum() ** 2 / (found.weight**2).sum()
    assert found.effective_size == pytest.approx(kish)
    assert found.warnings == ()


@pytest.mark.parametrize("kind", [np.float32, np.int8])
@pytest.mark.parametrize("mix", [(), (CaseMix(where="visceral", percent=70.0),)])
def test_weights_are_reckoned_in_full_however_they_are_kept(kind, mix):
    decisions = table(1200)
    short = decisions.astype({"weight": kind})
    found = weigh(trial(mix), short, np.arange(1200))
    assert found.weight.dtype == np.float64
    full = weigh(trial(mix), decisions, np.arange(1200))
    assert np.array_equal(found.weight, full.weight)


def test_a_case_mix_may_use_the_definitions_of_the_trial():
    decisions = table(1200)
    mix = (CaseMix(where="old", within="elderly", percent=60.0),)
    design = trial(mix, old="age_years >= 75", elderly="age_years >= 70")
    found = weigh(design, decisions, np.arange(1200))
    age = decisions["age_years"].to_numpy()
    inside = found.weight[age >= 70].sum()
    assert found.weight[age >= 75].sum() / inside == pytest.approx(0.6, abs=1e-3)


def test_few_candidates_are_told_of():
    decisions = table(40)
    mix = (CaseMix(where="age_years > 200", percent=50.0),)
    found = weigh(trial(mix), decisions, np.arange(40))
    # Half of them weigh 3 and half 1: (20 x 4)^2 / (20 x 10) = 32.
    assert found.effective_size == pytest.approx(32.0)
    assert found.warnings == (
        "age_years > 200: 0 % instead of 50 %",
        "effective sample size is only 32",
    )


def test_nobody_eligible_is_an_error():
    with pytest.raises(InputError, match="Nobody in the population is eligible"):
        weigh(trial(()), table(4), np.array([], dtype=np.int64))
