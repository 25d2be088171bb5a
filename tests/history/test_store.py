"""Cohorts are kept, and read back only where they are what would be simulated."""

import numpy as np
import pytest

from oestra.history import store
from oestra.model.parameters import best_parameters, prior_parameters


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setattr(store.platformdirs, "user_cache_dir", lambda _: str(tmp_path))
    return tmp_path


@pytest.fixture
def simulated(monkeypatch, cohort):
    """Count simulations, and give the shared cohort instead of one more."""
    calls = []

    def simulate(n, parameters, **settings):
        calls.append((n, parameters.digest, settings["seed"]))
        return cohort

    monkeypatch.setattr(store, "simulate_cohort", simulate)
    return calls


def test_a_cohort_is_simulated_once_and_read_back_exactly(
    cohort, cache, simulated, same
):
    p = prior_parameters()
    for _ in range(2):
        same(store.load_cohort(p, n=32, seed=3), cohort)
    assert len(simulated) == 1
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize(
    "harm",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:5000] + bytes([content[5000] ^ 8]) + content[5001:],
        lambda _: b"",
        lambda _: b"not a cohort",
    ],
)
def test_a_harmed_cohort_is_simulated_anew(cohort, cache, simulated, same, harm):
    p = prior_parameters()
    store.load_cohort(p, n=32, seed=3)
    (file,) = cache.iterdir()
    file.write_bytes(harm(file.read_bytes()))
    same(store.load_cohort(p, n=32, seed=3), cohort)
    assert len(simulated) == 2
    same(store.load_cohort(p, n=32, seed=3), cohort)
    assert len(simulated) == 2


def test_a_cohort_of_another_key_is_not_believed(cohort, cache, simulated):
    p = prior_parameters()
    store.load_cohort(p, n=32, seed=3)
    (file,) = cache.iterdir()
    key = store.cohort_key(33, p, 3)
    file.rename(cache / f"cohort-{key[:16]}.npz")
    store.load_cohort(p, n=33, seed=3)
    assert len(simulated) == 2


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
