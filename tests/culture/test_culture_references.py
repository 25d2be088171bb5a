"""References of synergy: curves, ZIP, MuSyC, and the sentence they come to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.culture.combination import combination
from oestra.culture.conclusion import conclude, judge
from oestra.culture.doses import parse_series
from oestra.culture.experiment import prepare
from oestra.culture.hill import HillCurve, fit_hill
from oestra.culture.musyc import Musyc, fit_musyc
from oestra.culture.synergy import hsa_excess
from oestra.culture.zip_score import zip_excess

DOSES = np.geomspace(0.1, 1000.0, 7)


def curve(half, end=1.0, steepness=1.0, start=0.0):
    return HillCurve(start=start, end=end, half=half, steepness=steepness)


def independent(one, other):
    """Return single effects and those of pairs that act independently."""
    a, b = one.at(DOSES), other.at(DOSES)
    return (a, b), a[:, None] + b[None, :] - np.outer(a, b)


@given(
    half=st.floats(0.5, 300.0),
    end=st.floats(0.2, 1.0),
    steepness=st.floats(0.5, 3.0),
    start=st.floats(0.0, 0.1),
)
@settings(max_examples=30, deadline=None)
def test_a_curve_is_found_again(half, end, steepness, start):
    true = curve(half, end, steepness, start)
    found = fit_hill(DOSES, true.at(DOSES), start=start)
    assert found.at(DOSES) == pytest.approx(true.at(DOSES), abs=2e-3)


def test_the_better_drug_alone_is_no_synergy():
    assert hsa_excess(0.2, 0.5, 0.5) == pytest.approx(0.0)
    assert hsa_excess(0.2, 0.5, 0.4) == pytest.approx(-0.1)


@pytest.mark.parametrize("end", [1.0, 0.7])
def test_independent_drugs_have_no_zip_excess(end):
    alone, together = independent(curve(3.0, end), curve(40.0, 1.0, 2.0))
    found = zip_excess((DOSES, DOSES), alone, together)
    assert np.abs(found).max() < 5e-3


def test_a_drug_that_makes_the_other_more_potent_has_zip_excess():
    one, other = curve(30.0), curve(40.0)
    moved = np.array([curve(30.0 / (1.0 + b / 40.0)).at(DOSES) for b in DOSES]).T
    b = other.at(DOSES)
    together = moved + b - moved * b
    found = zip_excess((DOSES, DOSES), (one.at(DOSES), b), together)
    true = (moved - one.at(DOSES)[:, None]) * (1.0 - b)
    assert found == pytest.approx(true, abs=0.02)
    assert found.max() > 0.04


def test_few_doses_determine_no_curve():
    few = DOSES[:3]
    alone = np.zeros(3), np.zeros(3)
    assert np.isnan(zip_excess((few, few), alone, np.zeros((3, 3)))).all()
    assert fit_musyc((few, few), alone, np.zeros((3, 3))) is None


@pytest.mark.parametrize(("both", "affinity"), [(0.9, 1.0), (0.6, 20.0), (0.3, 0.05)])
def test_a_musyc_surface_is_found_again(both, affinity):
    true = Musyc(
        first=curve(5.0, 0.6, 1.2), second=curve(60.0, 0.4), both=both,
        affinity=affinity, error=0.0,
    )  # fmt: skip
    grid = np.meshgrid(DOSES, DOSES, indexing="ij")
    alone = true.first.at(DOSES), true.second.at(DOSES)
    found = fit_musyc((DOSES, DOSES), alone, true.at(*grid))
    assert found.error < 1e-3
    assert found.both == pytest.approx(both, abs=0.02)
    assert found.efficacy == pytest.approx((both - 0.6) / 0.6, abs=0.05)
    assert np.log(found.affinity) == pytest.approx(np.log(affinity), abs=0.1)
    assert found.potency[1] == pytest.approx(affinity, rel=0.15)


def test_independent_drugs_keep_their_potency_by_musyc():
    alone, together = independent(curve(3.0), curve(40.0))
    found = fit_musyc((DOSES, DOSES), alone, together)
    assert found.potency == pytest.approx((1.0, 1.0), rel=0.05)


def test_references_that_disagree_say_so():
    found = judge({"HSA": 0.2, "Bliss": 0.02, "ZIP": float("nan")}, 1.3)
    assert found == {"HSA": 1, "Bliss": 0, "ZIP": None, "Loewe": -1}
    told = conclude(found)
    assert told.startswith("The references disagree: synergy by HSA")
    assert "antagonism by Loewe" in told
    assert told.endswith("ZIP cannot tell.")


def test_a_drug_with_itself_is_additive_by_loewe_whatever_the_others_say():
    series = parse_series("everolimus 0.1..100 in 5 nM")
    found = combination(prepare("MCF-7"), series, series, days=5)
    verdict = judge(
        {"HSA": float(found.hsa.mean()), "Bliss": float(found.bliss.mean())},
        found.index_on_isobole,
    )
    assert verdict["HSA"] in (0, 1)
    assert verdict["Loewe"] in (0, None)
    record = found.to_json_dict()
    assert record["conclusion"] == found.conclusion
    assert len(record["zip_excess"]) == 5
    assert {"hsa_excess", "bliss_excess", "zip_excess"} <= set(found.table().columns)
