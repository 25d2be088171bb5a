"""Drugs and targets of a library of one's own engage the cell like those that ship."""

import numpy as np
import pytest

from oestra.core.library import Library
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.engagement.medium_load import medium_loads
from oestra.engagement.regimen_load import drug_loads, drug_ramps
from oestra.engagement.relative_exposure import relative_exposure
from oestra.model.parameters import prior_parameters
from oestra.own_library.example import write_example

ONE = PkSubjects.typical()
DAILY = "examplestrant 200 mg daily"
# Dose over clearance, in mg/L, over 500 g/mol, of which 2 % are free; 20 nM hold half.
LOAD = 200 / (20 * 24) / 500 * 1e6 * 0.02 / 20


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Return the library of an example, whose drug and one target do not ship."""
    folder = tmp_path_factory.mktemp("library") / "example"
    write_example(folder)
    return Library((folder,))


def test_an_own_drug_acts_in_a_medium(library):
    found = medium_loads({"examplestrant": 40.0}, prior_parameters(library))
    assert found == {
        "load_ccnd1": pytest.approx(40.0 / 20.0),
        "load_esr1_serd": pytest.approx(40.0 / 0.5),
    }


def test_an_own_drug_acts_in_a_patient(library):
    regimen = Regimen.parse(DAILY, library)
    found = drug_loads(regimen, ONE, prior_parameters(library))
    assert found.keys() == {"load_ccnd1", "load_esr1_serd"}
    # A little less than at a steady level: peaks saturate.
    assert 0.9 * LOAD < found["load_ccnd1"][0] < LOAD


def test_an_own_drug_comes_on(library):
    regimen = Regimen.parse(DAILY, library)
    found = drug_ramps(regimen, ONE, np.array([0.0, 1.0, 100.0, 101.0]), library)
    assert found.keys() == {"load_ccnd1", "load_esr1_serd"}
    for ramp in found.values():
        assert ramp[0, 0] < 0.9
        assert ramp[0, -1] == pytest.approx(1.0)


def test_an_own_drug_has_its_own_standard(library):
    regimen = Regimen.parse("examplestrant 50 mg daily", library)
    found = relative_exposure(regimen, ONE, library)
    assert found == {"examplestrant": pytest.approx(np.array([0.25]))}
