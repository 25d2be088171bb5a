"""What is left of ovarian estradiol: known answers."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from oestra.drugs.load import find
from oestra.drugs.pharmacokinetics import exposure
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.engagement.ovary import OVARIAN_FALL, ovarian_left

GOSERELIN = "goserelin 3.6 mg every 28 days"
LEUPROLIDE = "leuprolide 3.75 mg every 28 days"
ONE = PkSubjects.typical()
EDGES = np.array([0.0, 7.0, 28.0, 56.0, 112.0, 140.0])


def left(text, edges=EDGES, subjects=ONE):
    return ovarian_left(Regimen.parse(text), subjects, edges)


def receptors_held(text):
    """Return the share of receptors that the average level of one drug holds."""
    ((name, level),) = exposure(Regimen.parse(text), EDGES, ONE).items()
    (action,) = find(name).targets
    return level / (level + action.potency.value)


def estradiol_gone():
    """Return the share of the fall that is done, on average between days."""

    def gone(day):
        return 1.0 - np.exp(-day / OVARIAN_FALL.value)

    return np.array([quad(gone, a, b)[0] / (b - a) for a, b in pairwise(EDGES)])


@pytest.mark.parametrize(
    "text", [GOSERELIN, LEUPROLIDE, "goserelin 3.6 mg every 84 days"]
)
def test_estradiol_falls_as_far_as_receptors_are_held(text):
    name = text.split()[0]
    most = find(name).targets[0].max_effect.value
    want = 1.0 - most * receptors_held(text) * estradiol_gone()
    np.testing.assert_allclose(left(text), want, rtol=1e-9)


def test_a_depot_that_holds_every_receptor_leaves_what_its_sheet_says():
    late = np.array([364.0, 392.0])
    assert left("goserelin 1000 mg every 28 days", late)[0, 0] == pytest.approx(
        1.0 - find("goserelin").targets[0].max_effect.value, abs=1e-4
    )


def test_each_patient_has_what_her_own_level_leaves():
    low, high = np.array([-2.0]), np.array([2.0])
    text = "goserelin 0.05 mg every 28 days"
    two = replace(
        PkSubjects.typical(2),
        deviates={"goserelin/clearance": np.concatenate([low, high])},
    )
    found = left(text, subjects=two)
    assert found.shape == (2, EDGES.size - 1)
    assert np.all(found[0] < found[1])
    for row, luck in enumerate((low, high)):
        one = replace(ONE, deviates={"goserelin/clearance": luck})
        np.testing.assert_allclose(found[row], left(text, subjects=one)[0])


def test_other_drugs_beside_an_agonist_change_nothing():
    both = left(f"letrozole 2.5 mg daily + {GOSERELIN}")
    np.testing.assert_array_equal(both, left(GOSERELIN))


def test_drugs_that_are_no_agonists_leave_ovaries_alone():
    assert left("letrozole 2.5 mg daily + everolimus 10 mg daily") is None
    assert left("none") is None


def test_what_an_agonist_can_do_at_most_is_all_where_its_sheet_sets_no_limit():
    (component,) = Regimen.parse(GOSERELIN).components
    (action,) = component.drug.targets
    drug = replace(component.drug, targets=(replace(action, max_effect=None),))
    found = ovarian_left(Regimen((replace(component, drug=drug),)), ONE, EDGES)
    want = 1.0 - receptors_held(GOSERELIN) * estradiol_gone()
    np.testing.assert_allclose(found, want, rtol=1e-9)
