"""Untreated, a tumor doubles in the doubling time of its patient."""

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.course.assemble import assemble
from oestra.course.pace import paced
from oestra.course.tumors import settle
from oestra.model.parameters import best_parameters
from oestra.network.cell import cell
from oestra.patients.population import sample_population
from oestra.tumor.clone import Clone


@pytest.fixture(scope="module")
def seen():
    p, streams, model = best_parameters(), Streams(3), cell()
    c = paced(sample_population(300, p, streams).covariates, p, model, streams)
    lanes = assemble(model, p, c, streams)
    y = settle(lanes)[:, Clone.PARENTAL]
    found = model.kernel.evaluate(y, lanes.p[:, Clone.PARENTAL])
    rates = {
        name: found[:, model.output(name)] for name in ("division_rate", "death_rate")
    }
    return c, rates, p


def test_untreated_cells_double_in_the_doubling_time(seen):
    c, rates, p = seen
    own = (c["dividing"] >= p["least_dividing"]).to_numpy()
    growth = rates["division_rate"] - rates["death_rate"]
    expected = np.log(2.0) / c["doubling_time_days"].to_numpy()
    assert own.mean() > 0.8
    assert growth[own] == pytest.approx(expected[own], rel=0.02)
    # Tumors whose cells hardly cycle grow no faster than that.
    assert np.all(growth[~own] < expected[~own])


def test_deaths_undo_the_share_of_divisions_that_the_parameter_says(seen):
    c, rates, p = seen
    own = (c["dividing"] >= p["least_dividing"]).to_numpy()
    lost = rates["death_rate"] / rates["division_rate"]
    odds = p["cell_loss"] / (1.0 - p["cell_loss"]) * c["turnover"].to_numpy()
    assert lost[own] == pytest.approx((odds / (1.0 + odds))[own], rel=0.02)


def test_a_patient_has_the_same_pace_in_any_batch(seen):
    c, _, p = seen
    streams = Streams(3)
    some = sample_population(5, p, streams, first=40).covariates
    found = paced(some, p, cell(), streams)
    for name in ("dividing", "dying"):
        assert np.array_equal(found[name], c.loc[found.index, name])
