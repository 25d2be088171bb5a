"""A whole trial over the stand-in: shape of the result, repeatability, limits."""

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from oestra.core.errors import InputError
from oestra.core.parameter_set import ParameterSet
from oestra.survival.cox import CoxResult
from oestra.trial.decision_columns import DECISION_COLUMNS
from oestra.trial.design import Look, TrialDesign
from oestra.trial.designs import find_design
from oestra.trial.eligibility import screen
from oestra.trial.interaction import difference_p
from oestra.trial.run import refine_trial, run_trial
from oestra.trial.schema import schema_text


def run(name, cohort, follow, **options):
    return run_trial(name, cohort=cohort, follow=follow, **{"replicates": 2} | options)


@pytest.fixture(scope="module")
def bolero(cohort, follow):
    return run("BOLERO-2", cohort, follow, replicates=6)


def test_a_trial_that_is_refined_is_at_each_look_the_trial_of_so_many(
    cohort, follow, bolero
):
    ran = []
    found = list(
        refine_trial(
            find_design("BOLERO-2"),
            cohort=cohort,
            follow=follow,
            shown=(1, 4, 6),
            workers=2,
            progress=lambda now, _next: ran.append(now),
        )
    )
    assert [one.replicates for one in found] == [1, 4, 6]
    assert ran == [1, 2, 3, 4, 5, 6]
    assert found[-1].to_json_dict() == bolero.to_json_dict()
    whole = run("BOLERO-2", cohort, follow, replicates=4)
    assert found[1].to_json_dict() == whole.to_json_dict()


def test_result_follows_the_contract(bolero):
    printed = bolero.to_json_dict()
    text = json.dumps(printed, allow_nan=False)
    assert json.loads(text)["trial"] == "BOLERO-2"
    assert list(printed["arms"]) == ["EXE+EVE", "EXE"]
    arm = printed["arms"]["EXE+EVE"]
    assert arm["label"] == "everolimus + exemestane"
    for key in ("pfs_median_months", "orr_percent", "cbr_percent"):
        assert arm[key]["low"] <= arm[key]["estimate"] <= arm[key]["high"]
    contrast = printed["contrasts"][0]
    assert (contrast["endpoint"], contrast["arm"], contrast["control"]) == (
        "pfs",
        "EXE+EVE",
        "EXE",
    )
    assert contrast["hazard_ratio"]["estimate"] < 1
    assert set(printed["strata"]) >= {"visceral", "non-visceral"}
    assert any(row["endpoint"] == "hazard_ratio" for row in printed["published"])


def test_a_metabolic_scan_counts_falls_of_uptake(cohort, follow):
    design = find_design("GDC0032_FULV")
    arm = design.arms[0]
    two = design.model_copy(
        update={
            "arms": (
                arm.model_copy(update={"id": "none", "regimen": "none"}),
                arm.model_copy(update={"n": 200}),
            )
        }
    )
    found = run_trial(two, cohort=cohort, follow=follow, replicates=2)
    share = {
        name: each["metabolic_response_percent"]["estimate"]
        for name, each in found.to_json_dict()["arms"].items()
    }
    # Uptake falls by 2 % a day and drug for two weeks: 43 % with two drugs.
    assert share["none"] < 10
    assert share[arm.id] > 90


def test_screening_counts_rows_and_weighs_shares(bolero, cohort):
    found = bolero.to_json_dict()["screening"]
    decisions = cohort.decisions
    assert (found["screened"], found["simulated_patients"]) == (4000, 4000)
    assert found["eligible"] + sum(found["excluded"].values()) == 4000
    total = found["eligible_percent"] + sum(found["excluded_percent"].values())
    assert total == pytest.approx(100.0)
    weight, positive = decisions["weight"], decisions["her2_positive"]
    assert found["excluded"]["not her2_positive"] == positive.sum()
    assert found["excluded_percent"]["not her2_positive"] == pytest.approx(
        100.0 * weight[positive].sum() / weight.sum()
    )


def test_a_rare_patient_drawn_twice_as_often_counts_half(cohort):
    positive = cohort.decisions["her2_positive"].to_numpy()
    plain = cohort.decisions.assign(weight=1.0)
    twice = pd.concat([plain, plain[positive]], ignore_index=True)
    twice["weight"] = np.where(twice["her2_positive"], 0.5, 1.0)
    design = find_design("BOLERO-2")
    one, two = screen(design, plain), screen(design, twice)
    assert two.patients == one.patients
    assert two.excluded[0].rows == 2 * one.excluded[0].rows
    assert two.eligible_percent == pytest.approx(one.eligible_percent)
    assert [each.percent for each in two.excluded] == pytest.approx(
        [each.percent for each in one.excluded]
    )


def test_numbers_of_patients_as_published(bolero):
    sizes = pd.crosstab(bolero.responses["REPLICATE"], bolero.responses["TRTP"])
    assert (sizes.sum(axis=1) == 724).all()
    n = [arm.n for arm in bolero.arms.values()]
    assert n == [int(sizes[arm].median()) for arm in bolero.arms]
    assert abs(n[0] - 485) <= 8


def test_arms_that_are_not_randomized_have_their_numbers(cohort, follow):
    result = run("T1_BKM_BEZ_LET", cohort, follow)
    assert [arm.n for arm in result.arms.values()] == [20, 51]
    assert result.contrasts == ()


def test_groups_enrolled_apart_have_their_numbers(cohort, follow):
    result = run("eLEcTRA", cohort, follow)
    assert {name: arm.n for name, arm in result.strata["HER2-"].arms.items()} == {
        "C:LET HER2-neg": 35
    }
    assert sum(arm.n for arm in result.strata["HER2+"].arms.values()) == 57
    contrast = result.strata["HER2+"].contrasts[0]
    assert (contrast.arm, contrast.control) == ("B:LET+TRAS", "A:LET")


def test_patient_tables_have_cdisc_columns(bolero):
    wanted = {"STUDYID", "USUBJID", "PARAMCD", "PARAM", "TRTP", "TRTA", "AVAL"}
    wanted |= {"AVALU", "CNSR", "STARTDT", "ADT", "EVNTDESC", "CNSDTDSC", "STRATA"}
    assert wanted <= set(bolero.patients.columns)
    assert set(bolero.patients["CNSR"]) == {0, 1}
    for part, told, empty in ((0, "EVNTDESC", "CNSDTDSC"), (1, "CNSDTDSC", "EVNTDESC")):
        rows = bolero.patients[bolero.patients["CNSR"] == part]
        assert (rows[told] != "").all()
        assert (rows[empty] == "").all()
    assert len(bolero.responses) == 6 * 724
    assert bolero.responses["USUBJID"].is_unique
    assert (bolero.patients["AVAL"] >= 0).all()


def test_same_seed_same_bytes_whatever_the_workers(cohort, follow):
    one = run("BOLERO-2", cohort, follow, patients=90)
    two = run("BOLERO-2", cohort, follow, patients=90, workers=2)
    assert json.dumps(one.to_json_dict()) == json.dumps(two.to_json_dict())
    other = run("BOLERO-2", cohort, follow, patients=90, seed=2)
    assert json.dumps(one.to_json_dict()) != json.dumps(other.to_json_dict())


def test_case_mix_is_reached(cohort, follow):
    result = run("BOLERO-2", cohort, follow, patients=3000, replicates=1)
    visceral = sum(arm.n for arm in result.strata["visceral"].arms.values())
    assert visceral / 3000 == pytest.approx(0.56, abs=0.04)


def test_a_trial_without_events_is_not_estimable(cohort, follow):
    still = replace(follow, daily_rate=0.0, effect=0.0)
    result = run("BOLERO-2", cohort, still, patients=60, replicates=1)
    printed = result.to_json_dict()
    assert printed["arms"]["EXE"]["pfs_median_months"]["estimate"] is None
    assert printed["arms"]["EXE"]["pfs_median_months"]["reason"]
    assert printed["contrasts"][0]["hazard_ratio"]["estimate"] is None
    assert printed["contrasts"][0]["reason"]
    json.dumps(printed, allow_nan=False)


def test_bad_requests_are_one_sentence(cohort, follow):
    with pytest.raises(InputError, match="nearest is 'BOLERO-2'"):
        run("BOLRO-2", cohort, follow)
    with pytest.raises(InputError, match="at least 1 replicate"):
        run("BOLERO-2", cohort, follow, replicates=0)
    with pytest.raises(InputError, match="needs at least as many patients"):
        run("BOLERO-2", cohort, follow, patients=1)
    with pytest.raises(InputError, match="replicates must be a whole number, got '2'"):
        run("BOLERO-2", cohort, follow, replicates="2")
    with pytest.raises(InputError, match=r"patients must be a whole number, got 10\.5"):
        run("BOLERO-2", cohort, follow, patients=10.5)
    with pytest.raises(InputError, match="between_trial_sd is 0 or more, got nan"):
        run("BOLERO-2", cohort, follow, between_trial_sd=float("nan"))


def test_an_arm_nobody_was_randomized_to_is_named(cohort, follow):
    with pytest.raises(InputError, match="No patient of BOLERO-2 was randomized to"):
        run("BOLERO-2", cohort, follow, patients=2, replicates=20)


def test_nobody_eligible_names_the_criterion(cohort, follow):
    design = find_design("BOLERO-2").model_copy(update={"eligibility": ("sites > 99",)})
    with pytest.raises(InputError, match="'sites > 99'"):
        run_trial(design, cohort=cohort, follow=follow)


def test_a_parameter_set_without_eligible_patients_is_left_out_and_told(cohort, follow):
    other = replace(cohort, decisions=cohort.decisions.assign(sites=1))
    plan = find_design("BOLERO-2").model_copy(update={"eligibility": ("sites > 1",)})
    options = {"follow": follow, "replicates": 2, "patients": 60}
    whole = run_trial(plan, cohort=cohort, **options)
    both = run_trial(plan, cohort=[other, cohort], **options)
    told = "1 of 2 parameter sets have nobody who is eligible and were left out."
    assert told in both.audit["case_mix_warnings"]
    assert told not in whole.audit["case_mix_warnings"]
    assert both.overall == whole.overall
    with pytest.raises(InputError, match="'sites > 1'"):
        run_trial(plan, cohort=[other, other], **options)


def test_replicates_take_the_parameter_sets_that_are_left_in_turn(cohort, follow):
    other = replace(cohort, decisions=cohort.decisions.assign(sites=1))
    later = replace(cohort, decisions=cohort.decisions.assign(weight=1.0))
    plan = find_design("BOLERO-2").model_copy(update={"eligibility": ("sites > 1",)})
    options = {"follow": follow, "replicates": 3, "patients": 60}
    mixed = run_trial(plan, cohort=[cohort, other, later], **options)
    plain = run_trial(plan, cohort=[cohort, later], **options)
    assert mixed.overall == plain.overall
    assert mixed.patients.equals(plain.patients)
    assert mixed.audit["parameter_sets"] == 2
    # Who is left out is told of all sets, however few replicates run.
    one = run_trial(plan, cohort=[cohort, other], **options | {"replicates": 1})
    assert any(text.startswith("1 of 2") for text in one.audit["case_mix_warnings"])


def test_contradictory_inclusion_is_explained(cohort, follow):
    design = find_design("BOLERO-2").model_copy(
        update={"eligibility": ("her2_positive", "not her2_positive")}
    )
    with pytest.raises(InputError, match="criterion 2 of 4"):
        run_trial(design, cohort=cohort, follow=follow)


def test_an_empty_subgroup_is_reported_as_such(cohort, follow):
    design = find_design("BOLERO-2").model_copy(
        update={"subgroups": {"nobody": "sites > 99"}}
    )
    result = run_trial(design, cohort=cohort, follow=follow, replicates=1, patients=60)
    printed = result.to_json_dict()["strata"]["nobody"]
    assert printed == {"arms": {}, "contrasts": [], "reason": "no patients"}


def test_parameter_sets_are_taken_in_turn(cohort, follow):
    other = replace(cohort, parameters=ParameterSet({"pace": 2.0}))
    both = run("BOLERO-2", [cohort, other], follow, patients=60)
    alone = run("BOLERO-2", cohort, follow, patients=60)
    assert both.parameters not in (
        cohort.parameters.digest,
        other.parameters.digest,
    )
    assert alone.parameters == cohort.parameters.digest
    assert both.arms == alone.arms
    with pytest.raises(InputError, match="at least one population"):
        run("BOLERO-2", [], follow)


def test_faster_growth_shortens_survival(cohort, follow, bolero):
    fast = run("BOLERO-2", cohort, replace(follow, daily_rate=0.03), replicates=1)
    slow = bolero.arms["EXE"].endpoints["pfs_median_months"].estimate
    quick = fast.arms["EXE"].endpoints["pfs_median_months"].estimate
    assert quick is not None
    assert slow is not None
    assert quick < slow
    assert math.isfinite(quick)


def test_events_fall_on_visits(bolero):
    table = bolero.patients
    progression = table[table["EVNTDESC"] == "progression on scan"]["AVAL"].to_numpy()
    off = np.abs((progression + 21) % 42 - 21)
    assert progression.size > 100
    assert off.max() <= 7.0


def test_interaction_by_hand():
    """Altman and Bland's example: relative risks of 0.67 and 0.88, p = 0.2."""

    def ratio(log, error):
        return CoxResult(
            hazard_ratio=1.0, low=1.0, high=1.0, p=1.0,
            log_hazard_ratio=log, standard_error=error,
        )  # fmt: skip

    found = difference_p(ratio(-0.4005, 0.1929), ratio(-0.1278, 0.1070))
    assert found.number == pytest.approx(0.217, abs=0.002)


def test_subgroups_carry_their_interaction(bolero):
    inside = bolero.strata["visceral"].contrasts[0]
    outside = bolero.strata["non-visceral"].contrasts[0]
    assert inside.interaction_p.estimate == pytest.approx(
        outside.interaction_p.estimate
    )
    assert bolero.contrasts[0].interaction_p is None
    assert "interaction_p" in inside.to_json_dict()


def test_looks_stop_for_efficacy_or_futility(cohort, follow):
    base = find_design("BOLERO-2")
    for name, effect in (("efficacy", 0.4), ("futility", 0.0)):
        looks = [
            Look(events=100, efficacy_p=0.001, futility_hazard_ratio=0.9),
            Look(events=200, efficacy_p=0.04),
        ]
        analysis = base.analysis.model_copy(update={"looks": tuple(looks)})
        result = run_trial(
            base.model_copy(update={"analysis": analysis}),
            cohort=cohort,
            follow=replace(follow, effect=effect),
            replicates=4,
            patients=600,
        )
        first = result.looks[0]
        assert first.reached_percent == 100
        assert getattr(first, f"{name}_percent") >= 50
        assert first.month is not None
        assert 0 < first.month < base.data_cut_months
        assert result.to_json_dict()["looks"][0]["events"] == 100


def test_a_look_without_enough_events_never_comes(cohort, follow):
    base = find_design("BOLERO-2")
    analysis = base.analysis.model_copy(update={"looks": (Look(events=9999),)})
    result = run_trial(
        base.model_copy(update={"analysis": analysis}),
        cohort=cohort,
        follow=follow,
        replicates=2,
        patients=90,
    )
    assert result.looks[0].reached_percent == 0
    assert result.looks[0].month is None


def test_schema_names_every_key_and_column():
    text = schema_text()
    for key in (*TrialDesign.model_fields, *DECISION_COLUMNS, "interval_weeks"):
        assert f"{key}:" in text
    assert "RECIST-1.1 | RECIST-1.0 | WHO" in text
