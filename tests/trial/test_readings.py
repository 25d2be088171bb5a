"""Responses beyond the table of hard cases: borders, several patients, none at all."""

import numpy as np
import pytest

from oestra.core.terms import Criteria
from oestra.trial.criteria import rules_of
from oestra.trial.recist import (
    Code,
    Reading,
    best_response,
    confirmed,
    first_progression,
    nadir_before,
    overall_response,
    target_response,
)

NE, PD, SD, NON, PR, CR = Code


def readings(baseline, sums):
    target = np.array(sums, dtype=float)
    nothing = np.zeros(target.shape, dtype=bool)
    return Reading(
        day=42.0 * np.arange(1, target.shape[1] + 1) + np.zeros(target.shape),
        assessed=~nothing,
        baseline=np.array(baseline, dtype=float),
        target=target,
        target_cleared=nothing,
        nontarget_cleared=~nothing,
        nontarget_worse=nothing,
        new_lesion=nothing,
    )


def test_targets_alone_are_stable_between_the_borders():
    rules = rules_of(Criteria.RECIST_1_1)
    got = target_response(readings([100, 100], [[100, 90], [70, 84]]), rules)
    assert got.tolist() == [[SD, SD], [PR, PD]]
    assert got.dtype == np.int8


def test_the_smallest_lesion_with_a_size_is_a_target():
    rules = rules_of(Criteria.RECIST_1_0)
    got = overall_response(readings([1.0, 0.5], [[1.0], [0.3]]), rules)
    assert got.tolist() == [[SD], [PR]]
    assert got.dtype == np.int8


@pytest.mark.parametrize("criteria", [Criteria.RECIST_1_0, Criteria.WHO])
def test_no_rise_is_no_progression(criteria):
    got = overall_response(readings([80.0], [[80.0, 80.0]]), rules_of(criteria))
    assert got.tolist() == [[SD, SD]]


def test_the_nadir_is_each_patients_own():
    seen = readings([100, 50], [[80, 90, 70], [60, 40, 45]])
    assert nadir_before(seen).tolist() == [[100, 80, 80], [50, 50, 40]]


@pytest.mark.parametrize(
    ("day", "want"), [(35.0, SD), (34.9, NE), (42.0, SD), (20.0, NE)]
)
def test_stable_disease_counts_from_week_six_less_a_week(day, want):
    best = best_response(
        np.array([[SD]], dtype=np.int8), np.array([[day]]), confirmation_weeks=None
    )
    assert best.code.tolist() == [want]
    assert best.code.dtype == np.int8


def test_windows_and_weeks_may_be_set():
    response = np.array([[SD]], dtype=np.int8)
    best = best_response(
        response, np.array([[53.0]]), confirmation_weeks=None,
        stable_weeks=8.0, window_days=3.0,
    )  # fmt: skip
    assert best.code.tolist() == [SD]
    best = best_response(
        response, np.array([[52.0]]), confirmation_weeks=None,
        stable_weeks=8.0, window_days=3.0,
    )  # fmt: skip
    assert best.code.tolist() == [NE]


def test_an_early_response_counts_once_confirmed():
    best = best_response(
        np.array([[PR, PR]], dtype=np.int8),
        np.array([[21.0, 60.0]]),
        confirmation_weeks=4,
    )
    assert best.code.tolist() == [PR]
    assert best.start.tolist() == [21.0]


def test_what_else_is_seen_on_the_day_of_progression_is_no_response():
    best = best_response(
        np.array([[SD, PD, PR]], dtype=np.int8),
        np.array([[42.0, 84.0, 84.0]]),
        confirmation_weeks=None,
    )
    assert best.code.tolist() == [SD]
    assert best.start.tolist() == [np.inf]


@pytest.mark.parametrize("kind", [np.float32, np.uint16, np.int64])
def test_days_may_be_numbers_of_any_kind(kind):
    response = np.array([[SD, PR, PR], [SD, SD, PD]], dtype=np.int8)
    day = np.array([[42, 84, 126]] * 2, dtype=kind)
    best = best_response(response, day, confirmation_weeks=4)
    assert best.code.tolist() == [PR, SD]
    assert best.start.tolist() == [84.0, np.inf]
    assert best.start.dtype == np.float64


def test_patients_without_visits_are_not_evaluable():
    response, day = np.zeros((3, 0), dtype=np.int8), np.zeros((3, 0))
    assert first_progression(response, day).tolist() == [np.inf] * 3
    best = best_response(response, day, confirmation_weeks=4)
    assert best.code.tolist() == [NE] * 3
    assert best.start.tolist() == [np.inf] * 3


def test_patients_do_not_see_each_other():
    rng = np.random.default_rng(4)  # any table of responses will do
    response = rng.integers(0, 6, (40, 7)).astype(np.int8)
    day = 28.0 * np.arange(1, 8) + np.zeros((40, 1))
    best = best_response(response, day, confirmation_weeks=4)
    after = confirmed(response, day, 4)
    for row in range(40):
        alone = best_response(response[[row]], day[[row]], confirmation_weeks=4)
        assert (alone.code[0], alone.start[0]) == (best.code[row], best.start[row])
        assert np.array_equal(confirmed(response[[row]], day[[row]], 4)[0], after[row])
    assert after.dtype == np.int8
