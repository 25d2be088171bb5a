"""How much of a drug patients have in them, beside the typical patient."""

from dataclasses import replace

import numpy as np
import pytest

from oestra.drugs.load import drugs
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.engagement.relative_exposure import relative_exposure

ONE = PkSubjects.typical()
GIVEN = [name for name, drug in drugs().items() if drug.standard_regimens]
LETROZOLE, EVEROLIMUS = "letrozole 2.5 mg daily", "everolimus 10 mg daily"
WEEKLY = "paclitaxel 80 mg/m2 weekly"


def exposed(text, subjects=ONE):
    return relative_exposure(Regimen.parse(text), subjects)


@pytest.mark.parametrize("name", GIVEN)
def test_the_typical_patient_has_one_of_the_first_standard_regimen(name):
    found = exposed(drugs()[name].standard_regimens[0])
    assert found.keys() == {name}
    assert found[name].tolist() == [1.0]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("everolimus 5 mg daily", 0.5),
        ("letrozole 7.5 mg daily", 3.0),
        ("anastrozole 1 mg daily", 1.0),
        ("goserelin 10.8 mg every 28 days", 3.0),
    ],
)
def test_exposure_is_proportional_to_the_dose(text, want):
    (found,) = exposed(text).values()
    np.testing.assert_allclose(found, [want])


def test_who_takes_half_of_her_tablets_has_half_and_all_of_what_is_injected():
    two = replace(PkSubjects.typical(2), adherence=np.array([1.0, 0.5]))
    found = exposed(f"{LETROZOLE} + goserelin 3.6 mg every 28 days", two)
    np.testing.assert_allclose(found["letrozole"], [1.0, 0.5])
    np.testing.assert_allclose(found["goserelin"], [1.0, 1.0])


def test_who_clears_less_has_more():
    luck = {"letrozole/clearance": np.array([-1.0, 0.0, 1.0])}
    more, same, less = exposed(
        LETROZOLE, replace(PkSubjects.typical(3), deviates=luck)
    )["letrozole"]
    assert more > same == 1.0 > less
    # Exposure is dose over clearance, but for the time to steady state.
    spread = drugs()["letrozole"].kinetics.parameters["clearance"].between_patient_cv
    assert np.log(same / less) == pytest.approx(np.sqrt(np.log1p(spread**2)), rel=0.05)


def test_every_drug_has_its_own_standard():
    found = exposed(f"letrozole 5 mg daily + {EVEROLIMUS}")
    assert found.keys() == {"letrozole", "everolimus"}
    assert found["letrozole"].tolist() == pytest.approx([2.0])
    assert found["everolimus"].tolist() == pytest.approx([1.0])


def test_without_a_standard_everybody_has_one():
    first, second = Regimen.parse(f"letrozole 5 mg daily + {WEEKLY}").components
    unknown = replace(first, drug=replace(first.drug, standard_regimens=()))
    three = replace(PkSubjects.typical(3), adherence=np.array([1.0, 0.5, 0.1]))
    found = relative_exposure(Regimen((unknown, second)), three)
    assert found["letrozole"].tolist() == [1.0, 1.0, 1.0]
    assert found.keys() == {"letrozole", "paclitaxel"}
    assert found["paclitaxel"].shape == (3,)


def test_who_takes_nothing_has_nothing():
    assert exposed("none") == {}
