"""Slopes measured by pairs of opposite moves."""

from types import SimpleNamespace

import numpy as np
import pytest

from oestra.calibration.slopes import half_difference, learn_slopes, moves, sizes
from oestra.calibration.trial_size import PAIRS
from oestra.core.errors import OestraError
from oestra.core.streams import Streams

COUNT, FACTS = 20, 5
RNG = np.random.default_rng(3)
TRUE = RNG.normal(0.0, 0.4, (COUNT, FACTS))
SIZE = np.full(COUNT, 0.25)
TRIED = moves(SIZE, Streams(1), 0)
NONE = np.zeros_like(TRUE)


def seen(chance, slopes=TRUE):
    return TRIED @ slopes + np.random.default_rng(4).normal(0.0, chance, (PAIRS, FACTS))


def off(found):
    return np.sqrt(np.mean((found - TRUE) ** 2))


def test_moves_go_forth_or_back_in_every_parameter():
    assert TRIED.shape == (PAIRS, COUNT)
    assert np.abs(TRIED) == pytest.approx(0.25)
    # Balanced as chance is, and no pair is another's.
    assert np.abs(np.sign(TRIED).sum(axis=0)).max() < 4 * np.sqrt(PAIRS)
    assert len(np.unique(TRIED, axis=0)) == PAIRS
    again = moves(SIZE, Streams(1), 1)
    assert not (again == TRIED).all(axis=1).any()
    assert np.array_equal(moves(SIZE, Streams(1), 0), TRIED)


def test_what_data_determine_is_moved_less():
    columns = np.zeros((3, 2))
    columns[0, 0] = 3.0
    assert sizes(columns) == pytest.approx([0.25 / np.sqrt(10.0), 0.25, 0.25])


def test_slopes_without_chance_are_found():
    found = learn_slopes(NONE, np.eye(COUNT), TRIED, seen(0.0))
    assert off(found.columns) < 0.02
    assert np.trace(found.doubt) < 0.05 * COUNT


def test_chance_is_told_from_slopes():
    single = 0.3 / np.sqrt(2.0) / 0.25
    found = learn_slopes(NONE, np.eye(COUNT), TRIED, seen(0.3))
    # As many evaluations spent on each parameter alone have this error.
    alone = single / np.sqrt(PAIRS / COUNT)
    assert off(found.columns) < 0.6 * alone
    nothing = learn_slopes(NONE, np.eye(COUNT), TRIED, seen(0.3, NONE))
    assert np.sqrt(np.mean(nothing.columns**2)) < 0.08


def test_a_number_that_leaps_teaches_little_and_spoils_no_other():
    halves = seen(0.05)
    leaping = halves.copy()
    leaping[:, 2] = np.random.default_rng(5).standard_cauchy(PAIRS)
    calm, found = (
        learn_slopes(TRUE, 0.1 * np.eye(COUNT), TRIED, one) for one in (halves, leaping)
    )
    others = [0, 1, 3, 4]
    assert np.array_equal(found.columns[:, others], calm.columns[:, others])
    assert np.abs(found.columns[:, 2]).max() < 3.0
    assert np.trace(found.doubt) > np.trace(calm.doubt)


def test_true_slopes_known_before_are_kept_and_false_ones_are_not():
    little = TRIED[:6], seen(0.3)[:6]
    known = learn_slopes(TRUE, 0.05 * np.eye(COUNT), *little)
    unknown = learn_slopes(NONE, 0.05 * np.eye(COUNT), *little)
    assert off(known.columns) < 0.5 * off(unknown.columns)
    false = learn_slopes(-TRUE, np.eye(COUNT), TRIED, seen(0.1))
    assert off(false.columns) < 0.12


class Bent:
    """A straight line with an even bend."""

    def evaluate(self, z):
        if z[0] > 2.0:
            raise OestraError("no course")
        return SimpleNamespace(residual=3.0 * z[:1] + z[:1] ** 2, z=z)


def test_even_bends_leave_half_a_difference_as_it_is():
    found = half_difference(Bent(), np.zeros(1), np.array([0.5]))
    assert found == pytest.approx([1.5])


def test_a_pair_whose_cell_cannot_be_followed_is_none():
    for move in (1.0, -1.0):
        assert half_difference(Bent(), np.array([1.5]), np.array([move])) is None
