"""The kernel against COPASI on the shipped SBML file: every state, to 1e-5."""

import numpy as np
import pytest

from oestra.network.alteration import find_alteration
from oestra.network.cell import cell, composed_sbml

DAYS, POINTS = 30.0, 10
CASES = {
    "reference": {},
    "deprived": {"load_cyp19a1": 1e6, "e2_other_source": 0.0},
    "tamoxifen and HER2": {
        "load_esr1_serm": 50.0,
        **find_alteration("ERBB2", "amplification").set,
    },
    "fulvestrant and Y537S": {
        "load_esr1_serd": 30.0,
        **find_alteration("ESR1", "Y537S").set,
    },
    "everolimus and PIK3CA": {
        "load_mtorc1_allosteric": 10.0,
        "load_cyp19a1": 50.0,
        **find_alteration("PIK3CA", "H1047R").set,
    },
}


def ours(changes):
    model = cell()
    p = model.parameter_array(1, changes)
    y = model.model.initial_states(p[0])[None]
    found = [y[0]]
    for day in np.linspace(0, DAYS, POINTS + 1)[1:]:
        done = model.kernel.advance(y, p, 0.0, day, rtol=1e-9, atol=1e-13)
        assert not done.failures()
        found.append(done.y[0])
    return np.array(found)


@pytest.mark.parametrize("case", CASES)
def test_copasi(case, copasi):
    table = copasi(composed_sbml(), DAYS, POINTS, CASES[case])
    names = [name for name in cell().states if name in table.columns]
    assert len(names) > 40
    found = ours(CASES[case])
    # A state at zero has no relative error; 1e-10 of a receptor is nothing.
    np.testing.assert_allclose(
        found[:, cell().select(names)], table[names].to_numpy(), rtol=1e-5, atol=1e-10
    )
