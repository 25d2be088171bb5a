"""Cohorts of several parameter sets: each its own patients, and kept."""

from types import SimpleNamespace

import numpy as np
import pytest

from oestra.history import store
from oestra.model.parameters import best_parameters


@pytest.fixture
def cache(tmp_path, monkeypatch):
    place = SimpleNamespace(user_cache_dir=lambda _name: tmp_path)
    monkeypatch.setattr(store, "platformdirs", place)
    return tmp_path


def test_each_set_has_a_population_of_its_own(cache):
    told = []
    sets = [best_parameters()] * 2
    first, second = store.load_cohorts(
        sets, n=40, workers=2, progress=lambda *steps: told.append(steps)
    )
    assert told == [(1, 2), (2, 2)]
    assert (first.seed, second.seed) == (store.COHORT_SEED, store.COHORT_SEED + 1)
    assert len(first.covariates) == len(second.covariates) == 40
    ages = [each.covariates["age_years"].to_numpy() for each in (first, second)]
    assert not np.array_equal(*ages)
    assert len(list(cache.glob("cohort-*.npz"))) == 2


def test_what_was_simulated_is_read_again(cache, monkeypatch):
    (made,) = store.load_cohorts([best_parameters()], n=40, workers=1)
    monkeypatch.delattr(store, "simulate_cohort")
    (kept,) = store.load_cohorts([best_parameters()], n=40, workers=2)
    assert kept.decisions.equals(made.decisions)
    assert np.array_equal(kept.y, made.y)
