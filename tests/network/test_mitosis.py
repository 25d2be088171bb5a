"""A taxane spoils divisions, and cells come to tolerate it: known answers."""

from itertools import pairwise

import numpy as np
import pytest

from oestra.model.parameters import cell_parameters
from oestra.network.cell import OUTPUTS, cell

OWN = cell_parameters()
P = {name: OWN[name] for name in cell().parameters if name in OWN}
DAYS = np.array([0.0, 30.0, 90.0, 360.0, 1440.0])


def seen(model, y, p):
    outputs = dict(zip(OUTPUTS, model.kernel.evaluate(y, p)[0], strict=True))
    return {**outputs, "tolerant_tubulin": y[0, model.states["tolerant_tubulin"]]}


def course(block, start=None, **changes):
    """Return outputs and tolerance of a cell under a taxane, and its last states."""
    model = cell()
    p = model.parameter_array(1, {**P, "block_tubulin": block, **changes})
    y = model.model.initial_states(p[0])[None] if start is None else start
    found = [seen(model, y, p)]
    for left, right in pairwise(DAYS):
        done = model.kernel.advance(y, p, 0.0, right - left, rtol=1e-8, atol=1e-11)
        assert not done.failures()
        y = done.y
        found.append(seen(model, y, p))
    return {name: np.array([one[name] for one in found]) for name in found[0]}, y


@pytest.mark.parametrize("block", [0.0, 0.05, 0.3, 1.0])
def test_tolerance_comes_as_an_exponential(block):
    tolerant = course(block)[0]["tolerant_tubulin"]
    most = block / (P["k_tolerance"] + block)
    expected = most * -np.expm1(-DAYS / P["tau_tolerance"])
    assert tolerant == pytest.approx(expected, rel=1e-5, abs=1e-9)


def test_what_it_spoils_dies_and_nothing_else_changes():
    without, with_drug = course(0.0)[0], course(0.4)[0]
    # At first nobody tolerates it: of two daughters `daughter_death` die.
    lost = 2 * P["daughter_death"] * 0.4 * without["division_rate"][0]
    more = with_drug["death_rate"][0] - without["death_rate"][0]
    assert more == pytest.approx(lost, rel=1e-9)
    for name in ("division_rate", "ki67", "ere_output", "akt"):
        assert with_drug[name] == pytest.approx(without[name], rel=1e-6)


def test_killing_keeps_pace_with_division_and_with_what_a_daughter_suffers():
    def lost(**changes):
        with_drug, without = (course(block, **changes)[0] for block in (0.4, 0.0))
        return with_drug["death_rate"][0] - without["death_rate"][0]

    once = lost()
    assert lost(k_division=2 * P["k_division"]) == pytest.approx(2 * once)
    half = lost(daughter_death=0.5 * P["daughter_death"])
    assert half == pytest.approx(0.5 * once)


def test_if_no_daughter_dies_nothing_is_lost():
    spared = course(0.4, daughter_death=0.0)[0]["growth_rate"]
    assert spared == pytest.approx(course(0.0)[0]["growth_rate"], rel=1e-6)


def test_it_kills_by_divisions():
    still = {"drive_estrogen": 0.0, "drive_growth_factor": 0.0}
    resting = (
        course(0.4, **still)[0]["death_rate"] - course(0.0, **still)[0]["death_rate"]
    )
    dividing = course(0.4)[0]["death_rate"] - course(0.0)[0]["death_rate"]
    assert 0.0 <= resting[1] < 0.2 * dividing[1]


def test_cells_forget_the_drug_as_they_learned_it():
    _, y = course(0.4)
    after = course(0.0, start=y)[0]["tolerant_tubulin"]
    assert after == pytest.approx(
        after[0] * np.exp(-DAYS / P["tau_tolerance"]), rel=1e-4, abs=1e-8
    )
