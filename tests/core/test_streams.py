"""Philox against its published vectors; draws against their distributions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from oestra.core.streams import Streams, philox4x32

# Random123 1.09, kat_vectors: philox 4x32, 10 rounds.
KNOWN = [
    ("00000000 " * 4, "00000000 " * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff " * 4, "ffffffff " * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]
MANY = np.arange(100_000)


def words(text):
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_philox_known_answers(counter, key, expected):
    column = np.array(words(counter), dtype=np.uint64)[:, None]
    found = philox4x32(column, tuple(words(key)))
    assert found[:, 0].tolist() == words(expected)


def test_philox_of_many_counters_is_philox_of_each():
    # Few and many go different ways.
    counters = np.stack([np.arange(150, dtype=np.uint64) * 28_633_115] * 4) & 0xFFFFFFFF
    whole = philox4x32(counters, (1, 2**32 - 1))
    single = [philox4x32(counters[:, [i]], (1, 2**32 - 1))[:, 0] for i in range(150)]
    assert np.array_equal(whole.T, single)


@pytest.mark.parametrize("count", [3, 150])
def test_counters_may_be_words_of_32_bits(count):
    words = np.arange(4 * count, dtype=np.uint32).reshape(4, count) * 1_000_003
    found = philox4x32(words, (1, 2))
    assert found.dtype == np.uint64
    assert np.array_equal(found, philox4x32(words.astype(np.uint64), (1, 2)))


@given(
    keys=st.lists(st.integers(0, 2**40), min_size=1, max_size=20, unique=True),
    count=st.integers(1, 9),
    index=st.integers(0, 9),
    seed=st.integers(0, 2**63),
)
@settings(max_examples=60)
def test_a_draw_depends_on_seed_name_key_and_index_alone(keys, count, index, seed):
    streams = Streams(seed)
    batch = streams.uniform("luck", keys, count, index=index)
    assert batch.shape == (len(keys), count)
    backwards = streams.uniform("luck", keys[::-1], count, index=index)[::-1]
    assert np.array_equal(batch, backwards)
    for row, key in enumerate(keys):
        for column in range(count):
            one = streams.uniform("luck", [key], index=index + column)
            assert batch[row, column] == one[0, 0]


def test_names_seeds_and_paths_are_independent():
    draws = [
        Streams(1).uniform("a", MANY)[:, 0],
        Streams(1).uniform("b", MANY)[:, 0],
        Streams(2).uniform("a", MANY)[:, 0],
        Streams(1).spawn("replicate", 3).uniform("a", MANY)[:, 0],
        Streams(1).uniform("a", MANY, index=1)[:, 0],
        Streams(1).uniform("a", MANY, index=2)[:, 0],
    ]
    correlation = np.corrcoef(draws) - np.eye(len(draws))
    assert np.abs(correlation).max() < 5 / np.sqrt(len(MANY))
    assert Streams(1).spawn("a", 1) == Streams(1, ("a", "1"))


def test_uniform_is_uniform_and_open():
    level = Streams(5).uniform("u", MANY, 2).ravel()
    assert stats.kstest(level, "uniform").pvalue > 0.001
    assert level.min() > 0
    assert level.max() < 1


def test_largest_level_stays_below_one(monkeypatch):
    def full(even, odd, _key):
        even[:] = odd[:] = 0xFFFFFFFF

    monkeypatch.setattr("oestra.core.streams._scramble", full)
    # Half a step above the largest of 2**53 numbers, which would round to one.
    assert Streams(1).uniform("u", [0])[0, 0] == np.nextafter(1.0, 0.0)
    assert np.isfinite(Streams(1).normal("u", [0])[0, 0])
    assert Streams(1).exponential("u", [0])[0, 0] > 0


def test_normal_and_exponential_have_their_distributions():
    assert stats.kstest(Streams(5).normal("n", MANY)[:, 0], "norm").pvalue > 0.001
    waiting = Streams(5).exponential("e", MANY)[:, 0]
    assert stats.kstest(waiting, "expon").pvalue > 0.001


@pytest.mark.parametrize("mean", [0.01, 0.3, 1.0, 7.0, 200.0, 9_999.0, 10_001.0, 1e9])
def test_poisson_moments(mean):
    count = Streams(8).poisson("p", MANY, mean)
    error = np.sqrt(mean / len(MANY))
    assert count.mean() == pytest.approx(mean, abs=5 * error)
    assert count.var() == pytest.approx(mean, rel=5 * np.sqrt((2 + 1 / mean) / 1e5))


@pytest.mark.parametrize("mean", [0.7, 3.0, 40.0])
def test_poisson_frequencies(mean):
    count = Streams(8).poisson("p", MANY, mean)
    for k in range(int(mean + 3 * np.sqrt(mean))):
        expected = stats.poisson.pmf(k, mean)
        error = np.sqrt(expected / len(MANY))
        assert (count == k).mean() == pytest.approx(expected, abs=5 * error + 1e-5)


def test_poisson_is_continuous_at_the_switch_to_the_normal_expansion():
    below = Streams(8).poisson("p", MANY[:5000], 9_999.999)
    above = Streams(8).poisson("p", MANY[:5000], 10_000.001)
    assert np.abs(below - above).max() <= 1
    exact = stats.poisson.ppf(Streams(8).uniform("p", MANY[:5000])[:, 0], 10_000.001)
    assert np.abs(above - exact).max() <= 1


def test_poisson_extremes():
    assert Streams(8).poisson("p", MANY, 0.0).max() == 0
    huge = Streams(8).poisson("p", [1], 1e15)[0]
    assert huge == pytest.approx(1e15, rel=1e-6)
    each = Streams(8).poisson("p", [1, 2, 3], [0.0, 5.0, 1e6])
    alone = [Streams(8).poisson("p", [k], m)[0] for k, m in ((1, 0), (2, 5), (3, 1e6))]
    assert each.tolist() == alone


@given(n=st.integers(1, 60), key=st.integers(0, 1000))
@settings(max_examples=30)
def test_permutation_holds_everybody_once(n, key):
    order = Streams(1).permutation("order", key, n)
    assert sorted(order.tolist()) == list(range(n))


def test_permutations_are_fair():
    first = [int(Streams(1).permutation("order", key, 4)[0]) for key in range(4000)]
    assert stats.chisquare(np.bincount(first)).pvalue > 0.001


def test_nobody_draws_nothing():
    assert Streams(1).uniform("luck", [], 3).shape == (0, 3)
    assert Streams(1).poisson("count", [], np.zeros((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("mean", [0.01, 0.7, 3.0, 41.0, 900.0, 9_900.0])
def test_a_poisson_count_is_the_least_whose_share_reaches_the_level(mean):
    keys = MANY[:20_000]
    level = Streams(3).uniform("count", keys)[:, 0]
    count = Streams(3).poisson("count", keys, np.full(len(keys), mean))
    assert np.array_equal(count, stats.poisson.ppf(level, mean))
