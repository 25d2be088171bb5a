"""Comparisons measure both sides, or say why they cannot."""

import importlib
from dataclasses import replace

import antimony
import numpy as np
import pytest

from oestra.solve.peers import Doses, compare
from oestra.solve.pulses import absorption

TEXT = """
model drug_effect()
  e = 0; dose_level = 2; k = 0.7;
  e' = dose_level - k * e;
end
"""


@pytest.fixture
def effect(problems):
    (e,), (c, k) = problems.states(1), problems.parameters(2)
    model = problems.model([c - k * e], [0.0], [2.0, 0.7])
    return replace(model, states=("e",), parameters=("dose_level", "k"))


@pytest.fixture
def sbml():
    assert antimony.loadAntimonyString(TEXT) >= 0
    return antimony.getSBMLString("drug_effect")


def lanes(count=16):
    return np.column_stack([np.linspace(1, 3, count), np.linspace(0.5, 1.5, count)])


def test_missing_peer_is_a_reason(effect, sbml, monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    found = compare(effect, sbml, lanes())
    assert found.ratio is None
    assert "oestra[peers]" in found.reason


@pytest.mark.parametrize("pulses", [False, True])
def test_both_engines_agree(effect, sbml, pulses):
    pytest.importorskip("roadrunner")
    doses = Doses(
        kinetics={"dose_level": absorption(20.0, 0.9)}, amounts={"dose_level": 2.0}
    )
    found = compare(
        effect, sbml, lanes(), end=12.0, peer_lanes=4, doses=doses if pulses else None
    )
    assert found.ratio is not None
    assert found.ratio > 0
    assert found.peer_failed == 0
    assert found.peer_error_p99 <= 1e-4
    assert found.error_p99 <= 1e-4
