"""Luria and Delbrück's distribution, and mutants that arise on the way."""

import numpy as np
import pytest
from scipy import stats

from oestra.core.streams import Streams
from oestra.tumor.mutation import arising, pre_existing

N = 100_000
IDS = np.arange(N)
LARGE = 1e12


def luria_delbruck(expected: float, most: int) -> np.ndarray:
    """Return the chances of 0 to most mutants, by Ma, Sandri and Sarkar (1992)."""
    chance = np.zeros(most + 1)
    chance[0] = np.exp(-expected)
    share = 1.0 / np.arange(2, most + 2)
    for n in range(1, most + 1):
        chance[n] = expected / n * (chance[:n] @ share[:n][::-1])
    return chance


def draw(expected, n=N):
    rate = expected / LARGE
    return pre_existing(np.full(n, LARGE), rate, "test", IDS[:n], Streams(3))


def test_the_recursion_gives_the_first_chances():
    # From the generating function of Lea and Coulson (1949), by hand.
    by_hand = np.exp(-2.0) * np.array([1.0, 2 / 2, 2 / 6 + 4 / 8])
    assert luria_delbruck(2.0, 2) == pytest.approx(by_hand)


@pytest.mark.parametrize("expected", [40.0, 100.0])
@pytest.mark.parametrize("level", [0.1, 0.25, 0.5, 0.75, 0.9])
def test_quantiles_of_many_mutations(expected, level):
    exact = np.searchsorted(np.cumsum(luria_delbruck(expected, 4000)), level)
    assert np.quantile(draw(expected), level) == pytest.approx(exact, rel=0.05, abs=1)


def test_median_of_very_many_mutations():
    # r/m - ln m has Landau's distribution, whose median is 1.3558.
    found = np.median(draw(1e5)) / 1e5 - np.log(1e5)
    assert found == pytest.approx(1.3558, abs=0.03)


@pytest.mark.parametrize("expected", [0.01, 0.2, 0.9])
def test_few_mutations_are_mostly_none(expected):
    found = draw(expected)
    none = np.exp(-expected)
    error = np.sqrt(none * (1 - none) / N)
    assert (found == 0).mean() == pytest.approx(none, abs=4 * error)


def test_the_clone_of_one_mutation_is_inversely_uniform():
    found = draw(0.01, N)
    found = found[found > 0]
    for size in (1, 2, 5):
        share = (found > size).mean()
        error = 4 * np.sqrt(share * (1 - share) / len(found))
        assert share == pytest.approx(1 / (size + 1), abs=error)


def test_mutants_are_whole_and_no_more_than_cells():
    cells = np.repeat([0.0, 1.0, 100.0, 1e9], N // 4)
    found = pre_existing(cells, 0.01, "test", IDS, Streams(3))
    assert np.all((found >= 0) & (found <= cells) & (found == np.floor(found)))


def test_arising_mutants_are_poisson_and_corrected_for_survival():
    divisions, rate, survival = np.full(N, 2e6), np.array([1e-6]), np.full((N, 1), 0.4)
    found = arising(divisions, rate, survival, 5, IDS, Streams(3))[:, 0]
    lines = np.rint(found * 0.4)
    assert np.allclose(found * 0.4, lines)
    counts = np.bincount(lines.astype(int), minlength=6)[:6]
    expected = N * stats.poisson.pmf(range(6), 0.8)
    assert np.all(np.abs(counts - expected) < 5 * np.sqrt(expected))
    # As many cells on average as if no line died out.
    assert found.mean() == pytest.approx(2.0, rel=0.02)


def test_stretches_mutations_and_patients_have_their_own_luck():
    rest = np.full(N, 1e6), np.full(2, 1e-6), np.ones((N, 2))
    first = arising(*rest, 0, IDS, Streams(3))
    again = arising(*rest, 0, IDS, Streams(3))
    assert np.array_equal(first, again)
    later = arising(*rest, 1, IDS, Streams(3))
    for other in (first[:, 1], later[:, 0], later[:, 1]):
        assert abs(np.corrcoef(first[:, 0], other)[0, 1]) < 5 / np.sqrt(N)


def test_nothing_arises_where_nothing_divides_or_survives():
    none = np.zeros(3)
    some = np.full(3, 1e9)
    rate, all_live = np.array([1e-3]), np.ones((3, 1))
    assert not arising(none, rate, all_live, 0, IDS[:3], Streams(1)).any()
    assert not arising(some, rate, 0 * all_live, 0, IDS[:3], Streams(1)).any()
