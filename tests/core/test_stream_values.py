"""Draws, number by number, against Philox in plain integers."""

import hashlib

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri

from oestra.core.streams import Streams

LOW = 0xFFFFFFFF


def philox(counter, key):
    """Return four words: the algorithm of Salmon et al. (2011), one counter."""
    c, k = list(counter), list(key)
    for _ in range(10):
        left, right = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [
            (right >> 32) ^ c[1] ^ k[0],
            right & LOW,
            (left >> 32) ^ c[3] ^ k[1],
            left & LOW,
        ]
        k = [(k[0] + 0x9E3779B9) & LOW, (k[1] + 0xBB67AE85) & LOW]
    return c


def expected(seed, path, name, who, draw):
    """Return one draw: 53 bits of the words that seed, names, key and index give."""
    text = "\x1f".join((str(seed), *path, name)).encode()
    digest = hashlib.blake2b(text, digest_size=8).digest()
    key = int.from_bytes(digest[:4], "big"), int.from_bytes(digest[4:], "big")
    block = draw // 2
    words = philox((block & LOW, block >> 32, who & LOW, who >> 32), key)
    first, second = words[2 * (draw % 2) : 2 * (draw % 2) + 2]
    return ((first >> 5) * 2**26 + (second >> 6) + 0.5) / 2**53


@pytest.mark.parametrize("who", [0, 1, 7, LOW, LOW + 1, 3 * 2**40 + 5])
@pytest.mark.parametrize("draw", [0, 1, 2, 5, 2**34 + 3])
def test_a_draw_is_53_bits_of_philox(who, draw):
    streams = Streams(20_141, ("patients",)).spawn("replicate", 3)
    path = ("patients", "replicate", "3")
    got = streams.uniform("mutation", [who], index=draw)
    assert got.shape == (1, 1)
    assert got[0, 0] == expected(20_141, path, "mutation", who, draw)


def test_several_draws_follow_each_other():
    got = Streams(5).uniform("luck", [11, 4], 5, index=3)
    want = [[expected(5, (), "luck", who, 3 + k) for k in range(5)] for who in (11, 4)]
    assert got.tolist() == want


def test_the_least_draw_is_half_a_step(monkeypatch):
    def nothing(even, odd, _key):
        even[:] = odd[:] = 0

    monkeypatch.setattr("oestra.core.streams._scramble", nothing)
    assert Streams(1).uniform("u", [0])[0, 0] == 2.0**-54


@pytest.mark.parametrize("index", [0, 1, 4])
def test_normal_and_exponential_are_inversions(index):
    keys = np.arange(20)
    level = Streams(2).uniform("n", keys, 3, index=index)
    normal = Streams(2).normal("n", keys, 3, index=index)
    waiting = Streams(2).exponential("n", keys, 3, index=index)
    assert normal.dtype == np.float64
    assert np.array_equal(normal, ndtri(level))
    assert np.array_equal(waiting, -np.log(level))


def test_one_draw_each_from_the_first_on_is_the_rule():
    keys = [3, 4]
    for kind in ("normal", "exponential"):
        draw = getattr(Streams(2), kind)
        assert draw("n", keys).shape == (2, 1)
        assert np.array_equal(draw("n", keys), draw("n", keys, 4, index=0)[:, :1])


@pytest.mark.parametrize("index", [0, 1, 6])
@pytest.mark.parametrize("mean", [0.4, 3.0, 250.0])
def test_poisson_counts_are_inversions(mean, index):
    keys = np.arange(2000)
    level = Streams(9).uniform("p", keys, index=index)[:, 0]
    count = Streams(9).poisson("p", keys, mean, index=index)
    assert count.dtype == np.int64
    assert count.shape == (2000,)
    assert np.array_equal(count, stats.poisson.ppf(level, mean))


@pytest.mark.parametrize("mean", [20_000.0, 1e6])
def test_large_counts_have_the_skewness_of_poisson(mean):
    keys = np.arange(4000)
    level = Streams(9).uniform("p", keys)[:, 0]
    exact = stats.poisson.ppf(level, mean)
    count = Streams(9).poisson("p", keys, mean)
    assert np.mean(count == exact) > 0.995
    assert np.abs(count - exact).max() <= 1


@pytest.mark.parametrize("mean", [10_000.0, 300_000.0])
def test_from_ten_thousand_on_counts_are_the_expansion_of_cornish_and_fisher(mean):
    keys = np.arange(4000)
    z = ndtri(Streams(9).uniform("p", keys)[:, 0])
    # Mean, standard deviation and skewness of a Poisson count: m, m^(1/2), m^(-1/2).
    want = np.rint(mean + np.sqrt(mean) * (z + (z * z - 1.0) / (6.0 * np.sqrt(mean))))
    assert np.array_equal(Streams(9).poisson("p", keys, mean), want)


def test_means_may_be_whole_numbers():
    keys = np.arange(50)
    for kind in (np.uint8, np.int64):
        whole = Streams(9).poisson("p", keys, np.full(50, 3, dtype=kind))
        assert np.array_equal(whole, Streams(9).poisson("p", keys, 3.0))


def test_each_column_of_means_has_its_own_draw():
    level = Streams(9).uniform("p", [1, 2], 3, index=2)
    mean = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    count = Streams(9).poisson("p", [1, 2], mean, index=2)
    assert np.array_equal(count, stats.poisson.ppf(level, mean))


def test_an_order_sorts_one_patients_levels():
    order = Streams(3).permutation("order", 8, 12)
    level = Streams(3).uniform("order", [8], 12)[0]
    assert np.all(np.diff(level[order]) > 0)
