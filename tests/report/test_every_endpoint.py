"""Whatever the endpoint: tables name it, claims may aim at it, scoreboards draw it."""

from xml.etree import ElementTree as ET

import pytest

from oestra.appraisal.comparison import compare
from oestra.appraisal.fit_tables import endpoint_label
from oestra.appraisal.review import Scored
from oestra.claims.trial_runs import Trials, describe_target
from oestra.evidence.target_row import TargetRow
from oestra.report.review_forest import FAMILIES, draw_forest
from oestra.trial.designs import find_design
from oestra.trial.endpoints import ENDPOINTS, HAZARD_RATIO, LANDMARK
from oestra.trial.result import (
    ArmResult,
    ContrastResult,
    Estimate,
    StratumResult,
    TrialResult,
)

every = pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=list(ENDPOINTS))
FOUND = Estimate(estimate=11.0, low=9.0, high=13.0)


@pytest.fixture(scope="module")
def result():
    """Return a trial that reports everything there is."""
    alone = {n: FOUND for n, e in ENDPOINTS.items() if e.statistic is not None}
    for name in (HAZARD_RATIO.name, LANDMARK.name):
        del alone[name]
    arms = {
        name: ArmResult(
            id=name, label=name, n=9, endpoints=alone, landmarks={12.0: FOUND}
        )
        for name in ("EXE+EVE", "EXE")
    }
    ratio = ContrastResult(
        endpoint="pfs", arm="EXE+EVE", control="EXE", hazard_ratio=FOUND, p=FOUND,
        won=None,
    )  # fmt: skip
    return TrialResult(
        trial="BOLERO-2", seed=1, replicates=2, model="m", parameters="p",
        overall=StratumResult(arms=arms, contrasts=(ratio,)), strata={},
        patients=None, responses=None, screening={}, published=(), looks=(), audit={},
    )  # fmt: skip


def row(endpoint):
    fixed = {
        "id": f"BOLERO-2/ITT/{endpoint.name}/EXE+EVE", "trial": "BOLERO-2",
        "stratum": "ITT", "endpoint": endpoint.name, "arm": "EXE+EVE",
        "estimate": 10.0, "low": 5.0, "high": 20.0, "ci": "published", "n": 100,
        "flag": "V", "use": "check", "reason": "a row",
    }  # fmt: skip
    if endpoint is LANDMARK:
        fixed |= {"of": "pfs", "at_months": 12.0}
    if endpoint.word.is_contrast:
        fixed |= {"of": "pfs", "control": "EXE"}
    return TargetRow.model_validate(fixed)


@every
def test_the_table_sets_it_beside_the_published_number(result, endpoint):
    found = [one for one in compare(result, [row(endpoint)]) if one.use]
    assert [one.endpoint for one in found] == [endpoint.name]
    assert found[0].name.startswith(endpoint.heading)
    assert found[0].decimals == endpoint.decimals
    simulated = endpoint.statistic is not None
    assert found[0].inside is (True if simulated else None)


def test_the_table_follows_the_registry(result):
    shown = [one.endpoint for one in compare(result, []) if one.arm == "EXE+EVE"]
    order = [n for n, e in ENDPOINTS.items() if e.statistic is not None]
    assert shown == order


@every
def test_a_claim_may_aim_at_it(result, endpoint, monkeypatch):
    trials = Trials(cohort=None)
    monkeypatch.setattr(Trials, "design", lambda _self, name: find_design(name))
    monkeypatch.setattr(Trials, "result", lambda _self, _design: result)
    found = trials.simulated(row(endpoint))
    if endpoint.statistic is None:
        assert (found.estimate, found.reason) == (None, endpoint.missing)
    else:
        assert found == FOUND
    assert f"BOLERO-2: {endpoint.title}" in describe_target(row(endpoint))


def test_a_claim_may_name_it_in_an_expression(result, monkeypatch):
    monkeypatch.setattr(Trials, "result", lambda _self, _design: result)
    functions = Trials(cohort=None).functions({"own": find_design("BOLERO-2")})
    for name in result.arms["EXE"].endpoints:
        assert functions["endpoint"]("own", "EXE", name) == 11.0


@every
def test_figures_name_its_row(endpoint):
    label = endpoint_label(row(endpoint).id)
    assert label.startswith("BOLERO-2, EXE+EVE")
    assert label.endswith(endpoint.label) == (endpoint.kind == "orr_cbr")


@every
def test_the_scoreboard_has_one_axis_for_it(endpoint):
    one = Scored(row=row(endpoint), simulated=FOUND)
    (family,) = [family for family in FAMILIES if family.holds(one.row)]
    drawn = draw_forest([one], family)
    ET.fromstring(drawn)  # noqa: S314 - ours
    assert (endpoint.label in drawn) == (endpoint is not HAZARD_RATIO)
