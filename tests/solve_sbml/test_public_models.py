"""Public models run as in libRoadRunner and COPASI, to 1e-4.

OESTRA_SBML_MODELS names a folder of SBML files (``.xml``), such as the models listed in
docs/engine.md. Where the two peers agree with each other, both must be met; where they
do not, one of them.
"""

import os
from pathlib import Path

import pytest

from oestra.solve.agreement import ENGINES, compare_engines

FOLDER = os.environ.get("OESTRA_SBML_MODELS", "")
MODELS = sorted(Path(FOLDER).glob("*.xml")) if FOLDER else []
GOAL = 1e-4
OURS, *PEERS = ENGINES


def test_models_are_present():
    if not FOLDER:
        pytest.skip("set OESTRA_SBML_MODELS to a folder of SBML models")
    assert MODELS, f"OESTRA_SBML_MODELS names {FOLDER}, which holds no .xml"


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_public_model_runs_as_elsewhere(path):
    pytest.importorskip("roadrunner")
    pytest.importorskip("basico")
    found = compare_engines(path)
    assert OURS not in found.failures, found.failures[OURS]
    met = [
        found.deviations[OURS, peer] <= GOAL
        for peer in PEERS
        if peer not in found.failures
    ]
    if not met:
        pytest.skip(f"neither peer runs it: {found.failures}")
    agreed = found.deviations.get(tuple(PEERS), 1.0) <= GOAL
    assert all(met) if agreed else any(met), found


SMALL = """<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3"
version="1"><model id="small"><listOfCompartments><compartment id="c" size="2"
spatialDimensions="3" constant="true"/></listOfCompartments><listOfSpecies><species
id="s" compartment="c" initialConcentration="3" hasOnlySubstanceUnits="false"
boundaryCondition="false" constant="false"/></listOfSpecies><listOfParameters><parameter
id="k" value="0.1" constant="false"/></listOfParameters><listOfRules><rateRule
variable="k"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/><ci>k</ci>
</apply></math></rateRule></listOfRules><listOfReactions><reaction id="r"
reversible="false" fast="false"><listOfReactants><speciesReference species="s"
stoichiometry="1" constant="true"/></listOfReactants><kineticLaw><math
xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>c</ci><ci>k</ci>
<ci>s</ci></apply></math></kineticLaw></reaction></listOfReactions></model></sbml>"""


def test_the_engines_are_compared_in_all_that_changes(tmp_path):
    pytest.importorskip("roadrunner")
    pytest.importorskip("basico")
    file = tmp_path / "small.xml"
    file.write_text(SMALL)
    found = compare_engines(file, until=5.0, points=10)
    assert found.failures == {}
    assert found.quantities == 2
    assert len(found.deviations) == 3
    assert max(found.deviations.values()) < 1e-6


def test_a_missing_engine_is_told(tmp_path, monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr("importlib.import_module", missing)
    file = tmp_path / "small.xml"
    file.write_text(SMALL)
    found = compare_engines(file, until=5.0, points=10)
    assert list(found.failures) == PEERS
    assert found.deviations == {}
