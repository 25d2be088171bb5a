"""Which endpoints depend on which parameters, where the answer is known."""

from types import SimpleNamespace

import numpy as np
import pytest

from oestra.calibration.sensitivity import REACH, latin_hypercube, rank, sweep
from oestra.core.errors import InputError, OestraError
from oestra.core.streams import Streams

STREAMS = Streams(7)
NAMES = ("rises", "bends", "still")

pytestmark = pytest.mark.usefixtures("in_threads")


class Toy:
    """Endpoints that rise with the first, bend with the second parameter, or stand."""

    def __init__(self, fails=lambda _z: False):
        self.fails = fails

    def evaluate(self, z):
        if self.fails(z):
            raise OestraError("The cell has no steady state.")
        residual = np.array([z[0] + 0.1 * z[2], z[1] ** 2, 1.0])
        return SimpleNamespace(z=z, names=NAMES, residual=residual)


def explore(toy, count=120, workers=1):
    sets = latin_hypercube(np.zeros(5), count, STREAMS)
    return sweep(toy, sets, workers=workers, progress=lambda *_: None)


def test_sets_are_spread_evenly_around_the_center():
    center = np.array([0.0, 2.0, -1.0])
    sets = latin_hypercube(center, 50, STREAMS)
    for column in (sets - center).T:
        ranges = np.floor((column + REACH) / (2 * REACH) * 50)
        assert sorted(ranges) == list(range(50))
    assert np.abs(np.corrcoef(sets.T) - np.eye(3)).max() < 0.5


def test_the_parameter_that_acts_stands_out_whatever_the_shape():
    found = rank(explore(Toy()), STREAMS)
    assert found.index.shape == (3, 5)
    for endpoint in (0, 1):
        above = found.index[endpoint] > found.noise[endpoint]
        assert above[endpoint]
        assert found.index[endpoint].argmax() == endpoint
    assert found.direction[0, 0] > 0.9
    assert abs(found.direction[1, 1]) < 0.3


def test_an_endpoint_that_stands_still_depends_on_nothing():
    found = rank(explore(Toy()), STREAMS)
    assert not found.index[2].any()
    assert not found.direction[2].any()


def test_sets_without_a_steady_state_are_skipped_and_counted():
    found = explore(Toy(fails=lambda z: z[4] > 0.5))
    assert found.skipped == 30
    assert len(found.z) == len(found.residual) == 90
    assert found.z[:, 4].max() <= 0.5


def test_too_few_sets_are_refused():
    with pytest.raises(InputError, match="Only 6 of 24"):
        explore(Toy(fails=lambda z: z[4] > -0.5), count=24)


def test_workers_do_not_matter():
    one, two = (explore(Toy(), 40, workers) for workers in (1, 2))
    np.testing.assert_array_equal(one.residual, two.residual)
