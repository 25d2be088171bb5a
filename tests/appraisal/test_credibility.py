"""The credibility report: judged from results, misses first, nothing hidden."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from oestra.appraisal.claim_check import check
from oestra.appraisal.credibility import judge, local_sensitivity
from oestra.appraisal.credibility_evidence import Evidence, read_sensitivity
from oestra.appraisal.credibility_factor import Judgement, plan
from oestra.appraisal.credibility_model import classes_fitted, classes_to_come
from oestra.appraisal.verdict import Verdict
from oestra.appraisal.verification import (
    audit_cell,
    compare_statistics,
    known_solution_error,
)
from oestra.calibration.checkpoint import State
from oestra.calibration.free import free_parameters
from oestra.calibration.validate import LeftOut
from oestra.claims.claim_library import find_claim
from oestra.claims.laboratory import Laboratory
from oestra.core.errors import InputError
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Use
from oestra.report.credibility_page import credibility_page

FITTED = [row for row in targets() if row.use is Use.FIT]
RATIOS = [row for row in FITTED if row.kind == "hazard_ratio"]
MEDIANS = [row for row in FITTED if row.kind == "median"][:6]
FREE = free_parameters()[:4]


def record(miss=0.5, contraction=0.8, ensemble=40):
    return {
        "losses": [30.0, 20.0],
        "settings": {
            "patients": 1500,
            "most": 500,
            "seed": 7,
            "rounds": 2,
            "cohorts": 2,
        },
        "best": {},
        "fitted": [
            {
                "name": item.name,
                "prior": [0.0, 1.0, 2.0],
                "standardized": 0.2,
                "contraction": contraction,
            }
            for item in FREE
        ],
        "residuals": [
            {"id": row.id, "residual": miss, "value": row.estimate}
            for row in RATIOS + MEDIANS
        ],
        "names": [item.name for item in FREE],
        "ensemble": [[1.0] * len(FREE)] * ensemble,
    }


def state():
    size = len(RATIOS + MEDIANS)
    slopes = np.outer([3.0, 0.1, 0.0, -5.0], np.ones(size))
    return State(key="k", z=np.zeros(4), residual=np.zeros(size), columns=slopes)


def left_out(shift):
    return tuple(
        LeftOut(
            row=row,
            predicted=float(np.log(row.estimate) + (shift if k % 2 else -shift)),
            published=float(np.log(row.estimate)),
            sampling=0.15,
            uncertainty=0.1,
        )
        for k, row in enumerate(RATIOS + MEDIANS)
    )


@pytest.fixture(scope="module")
def claims():
    return (replace(check(find_claim("C042"), Laboratory()), sets=(Verdict.HOLDS,)),)


def test_claims_that_few_sets_share_are_told_from_those_that_follow(claims):
    name = "same claims in the ensemble"
    (one,) = claims
    alone = factor(judge(evidence((replace(one, sets=()),))), name)
    assert alone.judgement is Judgement.UNKNOWN
    for held, judgement in ((1, Judgement.MISSED), (4, Judgement.MET)):
        verdicts = (Verdict.HOLDS,) * held + (Verdict.FAILS,) * (4 - held)
        found = factor(judge(evidence((replace(one, sets=verdicts),))), name)
        assert found.judgement is judgement
        assert found.value == 25.0 * held
        assert ("C042" in found.evidence) == (held < 2)


def evidence(claims, **changes):
    given = {
        "record": record(),
        "stale": "",
        "state": state(),
        "left_out": left_out(0.15),
        "not_validated": "",
        "claims": claims,
        "sensitivity": None,
        "model": "m" * 64,
        "evidence": "e" * 32,
    }
    return Evidence(**(given | changes))


def factor(found, name):
    (one,) = [one for one in found.factors if name in one.name]
    return one


def test_the_solver_and_the_statistics_are_tried_for_the_report():
    assert 0 < known_solution_error() < 1e-4
    found = audit_cell()
    assert found.worst < 5e-3
    assert not found.oscillating
    assert compare_statistics()["same"].all()


def test_misses_come_first(claims):
    found = judge(evidence(claims, left_out=left_out(1.5)))
    order = [list(Judgement).index(one.judgement) for one in found.factors]
    assert order == sorted(order)
    assert found.factors[0].judgement is Judgement.MISSED


def test_a_fit_that_meets_and_predicts_is_said_to(claims):
    found = judge(evidence(claims))
    for name in ("Fitted: hazard ratio", "ensemble", "determined by", "root mean"):
        for one in found.factors:
            if name in one.name:
                assert one.judgement is Judgement.MET, one
    rule = "log hazard ratios against the mean of the other"
    assert factor(found, rule).value == pytest.approx(0.15)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"record": record(miss=3.0)}, "Fitted: hazard ratio"),
        ({"record": record(contraction=0.1)}, "determined by the evidence"),
        ({"record": record(ensemble=0)}, "Parameters: ensemble"),
        ({"left_out": left_out(1.5)}, "log hazard ratios, coverage"),
        ({"left_out": left_out(1.5)}, "log medians, root mean square"),
        ({"stale": "evidence was edited"}, "belongs to this model"),
    ],
)
def test_each_miss_is_found(claims, changes, name):
    assert factor(judge(evidence(claims, **changes)), name).judgement == "not met"


def test_what_could_not_be_examined_says_why(claims):
    found = judge(evidence(claims, left_out=(), not_validated="other parameters"))
    one = factor(found, "Left out: log hazard ratios")
    assert one.judgement is Judgement.UNKNOWN
    assert one.evidence == "other parameters"
    assert found.to_json_dict()["validation"] == {"reason": "other parameters"}


def test_without_a_fit_there_is_still_a_report(claims):
    bare = evidence(claims, record={}, state=None, left_out=(), not_validated="no fit")
    found = judge(bare)
    assert found.to_json_dict()["calibration"] == {"reason": "no fit ships"}
    assert "How far to believe" in credibility_page(found)


def test_a_use_with_a_missed_factor_is_not_supported(claims):
    found = judge(evidence(claims, left_out=left_out(1.5)))
    uses = {one.use: one for one in found.contexts}
    assert len(uses) == len(plan()["contexts"])
    for one in uses.values():
        if one.lacking:
            assert one.conclusion.startswith("not supported")
    ranking = next(one for name, one in uses.items() if name.startswith("Rank"))
    assert any("coverage" in name for name in ranking.lacking)


def test_classes_no_fitted_trial_has_tested_are_named(claims):
    missing = classes_to_come() - classes_fitted()
    one = factor(judge(evidence(claims)), "Classes of drugs")
    assert all(name in one.evidence for name in missing)


def test_without_a_global_analysis_the_jacobian_speaks(claims):
    found = local_sensitivity(evidence(claims))
    assert found["parameters"][0]["parameter"] == FREE[3].name
    assert found["endpoints"][0]["strongest"][0]["slope"] == -5.0
    other = local_sensitivity(evidence(claims, state=None))
    assert "no Jacobian" in other["reason"]


def test_a_global_analysis_of_another_model_counts_in_part(claims):
    ranked = {
        "parameters": [{"parameter": "x", "endpoints": 3, "largest": 0.4}],
        "endpoints": [
            {"id": "a/b", "strongest": [{"parameter": "x", "index": 0.4}]},
        ],
        "hashes": {"model": "m" * 64},
        "sets": 200,
        "skipped": 3,
    }
    same = factor(judge(evidence(claims, sensitivity=ranked)), "depends on which")
    assert same.judgement is Judgement.MET
    old = ranked | {"hashes": {"model": "x"}}
    other = evidence(claims, sensitivity=old, heat_map="<?xml?><svg><g/></svg>")
    found = judge(other)
    assert factor(found, "depends on which").judgement is Judgement.PARTLY
    page = credibility_page(found)
    assert "PAWN over 200" in page
    assert "><g/></svg>" in page


def test_a_folder_without_an_analysis_is_refused(tmp_path):
    with pytest.raises(InputError, match="oestra validate --sensitivity"):
        read_sensitivity(tmp_path)


def test_the_page_says_at_its_top_that_the_fit_is_stale(claims):
    page = credibility_page(judge(evidence(claims, stale="model was <edited>")))
    top = page[: page.index("<h2")]
    assert "Stale: model was &lt;edited&gt;" in top
    assert "not for clinical decisions" in top


def test_the_page_is_whole_and_needs_nothing_from_outside(claims):
    page = credibility_page(judge(evidence(claims)))
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "@import" not in page
    for tag in ("div", "table", "tr", "td", "p", "ul", "li", "b", "h2", "h3"):
        assert len(re.findall(rf"<{tag}[ >]", page)) == page.count(f"</{tag}>"), tag
    for limit in plan()["limits"]:
        assert limit in page


def test_json_is_one_plain_object(claims):
    shown = judge(evidence(claims)).to_json_dict()
    text = json.dumps(shown, allow_nan=False)
    assert json.loads(text)["counts"]["met"] == shown["counts"]["met"]
    assert sum(shown["counts"].values()) == len(shown["factors"])
