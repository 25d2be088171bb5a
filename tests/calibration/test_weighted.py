"""Weighted curves and hazard ratios against lifelines."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import CoxPHFitter, KaplanMeierFitter

from oestra.calibration.weighted import (
    expected_log_median,
    log_hazard_ratio,
    survival_at,
)


def sample(seed, n=60, *, ties=False):
    rng = np.random.default_rng(seed)
    day = rng.exponential(200, n)
    if ties:
        day = np.ceil(day / 56) * 56
    event = rng.random(n) < 0.7
    event[:2] = True
    weight = rng.integers(1, 6, n).astype(float)
    treated = np.arange(n) % 2 == 0
    return day, event, weight, treated


@given(seed=st.integers(0, 1000), ties=st.booleans())
@settings(max_examples=25)
def test_curve_is_that_of_lifelines(seed, ties):
    day, event, weight, _ = sample(seed, ties=ties)
    at = np.array([0.0, 10.0, 56.0, 112.0, 500.0, 5000.0])
    fitter = KaplanMeierFitter().fit(day, event, weights=weight)
    expected = fitter.survival_function_at_times(at).to_numpy()
    found = survival_at(day, event, weight, at)
    assert found == pytest.approx(expected, abs=1e-9)
    repeated = np.repeat(np.arange(len(day)), weight.astype(int))
    single = survival_at(day[repeated], event[repeated], np.ones(len(repeated)), at)
    assert found == pytest.approx(single, abs=1e-9)


def test_curve_by_hand():
    day = np.array([1.0, 2.0, 2.0, 3.0])
    event = np.array([True, True, True, False])
    found = survival_at(day, event, np.ones(4), np.array([0.5, 1.0, 2.0, 9.0]))
    assert found == pytest.approx([1.0, 0.75, 0.25, 0.25])


def test_a_curve_that_ends_with_events_falls_to_zero():
    day, event = np.array([1.0, 2.0]), np.array([True, True])
    assert survival_at(day, event, np.ones(2), np.array([2.0])).tolist() == [0.0]


@given(seed=st.integers(0, 1000), scale=st.floats(1e-3, 1e3))
@settings(max_examples=15)
def test_weights_matter_relative_to_each_other(seed, scale):
    day, event, weight, treated = sample(seed)
    at = np.array([50.0, 300.0])
    assert survival_at(day, event, weight * scale, at) == pytest.approx(
        survival_at(day, event, weight, at)
    )
    one = log_hazard_ratio(day, event, treated, weight)
    assert log_hazard_ratio(day, event, treated, weight * scale) == pytest.approx(one)
    swapped = log_hazard_ratio(day, event, ~treated, weight)
    assert swapped == pytest.approx(-one, abs=1e-6)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("seed", range(5))
def test_hazard_ratio_is_that_of_lifelines(seed):
    day, event, weight, treated = sample(seed)
    table = pd.DataFrame(
        {"day": day, "event": event, "weight": weight, "treated": treated.astype(float)}
    )
    # Without ties Efron's likelihood, which lifelines maximizes, is Breslow's.
    fitter = CoxPHFitter().fit(table, "day", "event", weights_col="weight", robust=True)
    found = log_hazard_ratio(day, event, treated, weight)
    assert found == pytest.approx(fitter.params_["treated"], abs=1e-5)


def test_ties_are_breslows():
    # One tied time: the score is d1 - d n1 e^b / (n1 e^b + n0), so b is explicit.
    day = np.array([5.0, 5.0, 5.0, 9.0, 9.0, 9.0])
    event = np.array([True, True, True, False, False, False])
    treated = np.array([True, False, False, True, True, False])
    found = log_hazard_ratio(day, event, treated, np.ones(6))
    # d1 = 1 of d = 3, n1 = n0 = 3: share treated 1/3, odds 1/2.
    assert found == pytest.approx(np.log(0.5), abs=1e-6)


def test_limits_are_finite():
    day, event, weight, treated = sample(1)
    assert log_hazard_ratio(day, event & treated, treated, weight) == 5.0
    assert log_hazard_ratio(day, event & ~treated, treated, weight) == -5.0
    assert log_hazard_ratio(day, event & False, treated, weight) == 0.0


def test_the_expected_median_is_what_trials_of_that_size_print():
    rng = np.random.default_rng(4)
    n, visits = 150, np.array([84.0, 168.0, 252.0, 336.0, 2000.0])
    # Survival at the visits: 0.53, 0.47, 0.3, 0.1.
    share = np.array([0.47, 0.06, 0.17, 0.2, 0.1])
    printed = [
        np.log(visits[np.argmax(np.cumsum(rng.multinomial(n, share)) >= n / 2)])
        for _ in range(4000)
    ]
    day = np.repeat(visits, (1000 * share).astype(int))
    found = expected_log_median(
        day, np.ones(len(day), dtype=bool), np.ones(len(day)), np.sqrt(0.25 / n)
    )
    assert found == pytest.approx(np.mean(printed), abs=0.03)


def test_a_median_that_is_not_reached_is_the_end_of_follow_up():
    day, event = np.full(10, 500.0), np.zeros(10, dtype=bool)
    found = expected_log_median(day, event, np.ones(10), 0.05)
    assert found == pytest.approx(np.log(500.0))
