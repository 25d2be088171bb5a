"""The whole cell, 200 random patients, against an independent simulator."""

import numpy as np
import pytest

from oestra.network.cell import composed_sbml
from oestra.solve.sbml import read_sbml
from oestra.solve.sbml.content import Kind
from oestra.solve.settings import Settings
from oestra.solve.simulation import simulate

PATIENTS, DAYS, POINTS = 200, 240.0, 4


def peer_course(peer, values):
    """Return a course, or None where CVODE gives up at the first step."""
    peer.resetAll()
    for name, value in values.items():
        peer.model[name] = value
    peer.integrator.relative_tolerance = 1e-9
    peer.integrator.absolute_tolerance = 1e-12
    peer.integrator.maximum_num_steps = 100_000
    try:
        return np.array(peer.simulate(0, DAYS, POINTS + 1))
    except RuntimeError:
        return None


def test_whole_cell(roadrunner):
    roadrunner.Logger.disableLogging()
    model = read_sbml(composed_sbml())
    ode = model.ode
    draws = np.random.default_rng(1)
    values = {
        name: value * np.exp(0.2 * draws.standard_normal(PATIENTS + 40))
        for name, value in zip(ode.parameters, ode.values, strict=True)
        if model.symbols[name].kind is Kind.PARAMETER
    }
    # The peer keeps its initial states when parameters are set, so ours are given.
    start = dict(zip(ode.states, ode.initial, strict=True))
    result = simulate(
        model,
        DAYS,
        points=POINTS,
        values=values | start,
        outputs=ode.states,
        settings=Settings(rtol=1e-8, atol=1e-11),
    )
    assert not result.failures()
    peer = roadrunner.RoadRunner(composed_sbml())
    species = set(peer.model.getFloatingSpeciesIds())
    peer.timeCourseSelections = [f"[{s}]" if s in species else s for s in ode.states]
    compared = 0
    for lane, course in enumerate(result.courses):
        patient = {name: column[lane] for name, column in values.items()}
        expected = peer_course(peer, patient)
        if expected is None:
            continue
        compared += 1
        scale = np.abs(expected).max(axis=0)
        error = np.abs(course - expected) / (np.abs(expected) + 1e-3 * scale + 1e-9)
        assert error.max() < 1e-5
        if compared == PATIENTS:
            return
    pytest.fail(f"the peer solved only {compared} patients")
