"""Designs that mean nothing are refused, doubtful ones are told, all in one answer."""

import pytest

from oestra.core.errors import FaultsError, InputError
from oestra.core.library import SHIPPED, Kind
from oestra.trial.design_file import parse_design
from oestra.trial.designs import designs, find_design
from oestra.trial.doubts import doubts, regimen_doubts

PLAN = """\
id: PLAN
title: A plan
arms:
  - {id: A, label: a, regimen: letrozole 2.5 mg daily + everolimus 10 mg daily, n: 60}
  - {id: B, label: b, regimen: letrozole 2.5 mg daily, n: 60}
  - {id: C, label: c, regimen: exemestane 25 mg daily, n: 60}
eligibility: [not her2_positive]
visits: {interval_weeks: 8}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 30
"""


def read(more="", old="", new=""):
    """Read the plan with a text replaced, or with more at its end."""
    assert old in PLAN
    return parse_design(PLAN.replace(old, new, 1) + more, "plan.yaml", SHIPPED)


def analysis(text):
    """Return the text of an analysis."""
    return "analysis: {" + text + "}\n"


def censoring(text):
    """Return the text of a rule of events and censoring."""
    return "censoring: {" + text + "}\n"


LOOKS = "looks: [{events: %d}, {events: %d}]"
STOP = "looks: [{events: 50}], final_events: 100, "


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (analysis("contrasts: [{arm: B, control: B}]"), "'B' is compared with itself"),
        (analysis("contrasts: [{arm: A, control: C}, {arm: C, control: A}]"), "twice"),
        (analysis("contrasts: [{arm: A, control: D}]"), "there is no arm 'D'"),
        (analysis(LOOKS % (50, 50)), "one at 50 events follows one at 50"),
        (analysis(LOOKS % (50, 20)), "one at 20 events follows one at 50"),
        (analysis(LOOKS % (50, 121)), "cannot happen with 120 patients"),
        (analysis("landmarks_months: [31]"), "comes after the data cut"),
        (analysis("landmarks_months: [6, 12, 6]"), "6 months is named twice"),
        (analysis("restricted_mean_months: [31]"), "up to 31 months comes after"),
        (analysis("restricted_mean_months: [6, 6]"), "up to 6 months is named twice"),
        (analysis("fleming_harrington: {}"), "leave fleming_harrington out, or write"),
        (analysis("fleming_harrington: {rho: -1}"), "rho must be from 0 to 10, got -1"),
        (analysis("fleming_harrington: {gama: 1}"), "nearest is 'gamma'"),
        (
            analysis("fleming_harrington: {gamma: 1}, " + LOOKS % (20, 50)),
            "leave looks out, or fleming_harrington",
        ),
        (
            analysis("fleming_harrington: {gamma: 1}, margin: 1.2"),
            "leave margin out, or fleming_harrington",
        ),
        (
            analysis(STOP + "efficacy: {rule: haybittle-peto, bound: 1.5}"),
            "and nothing is left for the end; write a bound above 1.96",
        ),
        (
            analysis(STOP + "efficacy: {rule: pocock}, futility: {hazard_ratio: 0.3}"),
            "where the arm has won from 2.18 on",
        ),
        (
            analysis(
                STOP + "efficacy: {rule: pocock}, futility: {conditional_power: 0.99}"
            ),
            "stops for futility up to z 2.70",
        ),
        (
            analysis(STOP + "futility: {hazard_ratio: 1, assumed_hazard_ratio: 0.6}"),
            "which is not asked for",
        ),
        (
            analysis(
                STOP + "futility: {conditional_power: 0.2, assumed_hazard_ratio: 1.5}"
            ),
            "write one below 1",
        ),
        (
            analysis(STOP + "futility: {hazard_ratio: 1, beta: 0.1}"),
            "there is no spending",
        ),
        (
            analysis(
                "alpha: 0.025, sided: 1, " + STOP + "efficacy: {rule: pocock}, "
                "futility: {spending: lan-demets-pocock, gamma: 2}"
            ),
            "gamma belongs to spending hwang-shih-decani",
        ),
        (
            analysis(
                "alpha: 0.025, sided: 1, " + STOP + "efficacy: {rule: pocock}, "
                "futility: {conditional_power: 0.2, binding: true}, hypotheses: "
                "{h: {arm: A, control: C, weight: 0, passes_to: {g: 1}}, "
                "g: {arm: B, control: C, weight: 1, passes_to: {h: 1}, events: 100}}"
            ),
            "binding futility relies on the bounds of the first hypothesis",
        ),
        (analysis("sided: true"), "sided must be 1 or 2"),
        (analysis("margin: 50"), "at most 10, got 50"),
        (
            analysis("hypotheses: {h: {arm: A, control: C}, g: {arm: A, control: C}}"),
            "'g' asks what 'h' asks",
        ),
        (
            analysis(
                "hypotheses: {h: {arm: A, control: C, weight: 1}, "
                "g: {arm: B, control: C}}"
            ),
            "'g' is never tested",
        ),
        ("year: '2012'\n", "year must be a number, got '2012'"),
        ("same_chance_as: ../x\n", "'../x' cannot be the id of a trial"),
        ("year: 1890\n", "year must be from 1990 to 2030, got 1890"),
        (analysis("clinical_benefit: {weeks: 140}"), "clinical benefit at 140 weeks"),
        (analysis("clinical_benefit: {window_days: 168}"), "back to the start"),
        (analysis("ki67: {day: 15, evaluable_percent: 0}"), "must be more than 0"),
        (analysis("ki67: {day: 15, response_below_percent: 101}"), "at most 100"),
        (
            censoring("rule: EMA, new_therapy: censor"),
            "new_therapy censor contradicts the rule EMA, which has ignore; leave it",
        ),
        (
            censoring("rule: FDA-2018, symptomatic_progression: event"),
            "write 'rule: protocol' with symptomatic_progression event",
        ),
        (censoring("rule: FDA-2018, missed_assessments: 0"), "which has 2"),
        (censoring("rule: FDA-2018, death_after_missed: event"), "which has censor"),
        (censoring("rule: EMA, missed_assessments: 2"), "which has 0"),
        (censoring("death_after_missed: censor"), "add 'missed_assessments: 2'"),
        (censoring("missed_assessments: 90"), "nobody can miss 90 assessments"),
        (censoring("missed_assessments: -1"), "missed_assessments must be from 0 to"),
        (censoring("missed_assessments: 1.5"), "must be a whole number"),
        (censoring("rule: FDA"), "nearest is 'FDA-2018'"),
        (censoring("rule: FDA-2015"), "nearest is 'FDA-2018'"),
        (censoring("new_therapy: ignored"), "nearest is 'ignore'"),
        (censoring("new_therapie: ignore"), "nearest is 'new_therapy'"),
        (censoring("symptomatic_progression: censor"), "'event' or 'ignore'"),
        ("censoring: FDA-2018\n", "write {rule: FDA-2018}"),
        ("clinical_progression: true\n", "{symptomatic_progression: event}"),
        ("confirmation_weeks: 131\n", "confirmed after 131 weeks"),
        ("stable_weeks: 132\n", "count from 132 weeks, when follow-up has ended"),
        ("inevaluable_between: -1\n", "must be from 0 to 100, got -1"),
        ("block_size: 3000\n", "must be from 1 to 1000"),
        ("block_size: 7\n", "no multiple of 3"),
        ("strata: [bone, visceral, bone]\n", "'bone' is named twice"),
        ("definitions: {bone: liver}\n", "'bone' is a column"),
        ("definitions: {not: liver}\n", "'not' cannot be defined"),
        ("definitions: {a-b: liver}\n", "'a-b' cannot be defined"),
        ("case_mix: [{where: bone, percent: 3}, {where: bone, percent: 4}]\n", "twice"),
        ("case_mix: [{where: sites > 99, percent: 3}]\n", "can never hold"),
        ("subgroups: {' ': bone}\n", "cannot be a name"),
        ("treatment_weeks: .inf\n", "finite"),
        ("note: 2024-02-30\n", "read as a date"),
    ],
)
def test_what_can_mean_nothing_is_refused_with_its_line(more, said):
    with pytest.raises(InputError, match=said) as caught:
        read(more)
    assert "plan.yaml, line 12" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("n: 60", "n: 0", "arms.0.n must be from 1 to 100,000, got 0"),
        ("n: 60", "n: true", "must be a whole number, got True"),
        ("n: 60", "n: 100001", "must be from 1 to 100,000"),
        ("data_cut_months: 30", "data_cut_months: 601", "at most 600"),
        ("interval_weeks: 8", "interval_weeks: 0.01, window_days: 0", "at most 500"),
        ("interval_weeks: 8", "interval_weeks: [8, 8]", "named twice"),
        ("interval_weeks: 8", "interval_weeks: 8, later_interval_weeks: 12, "
         "later_after_weeks: 4", "before the first scan at 8 weeks"),
        ("interval_weeks: 8", "interval_weeks: 8, later_interval_weeks: 12, "
         "later_after_weeks: 200", "when follow-up ends"),
        ("id: PLAN", "id: ../PLAN", "cannot be an id"),
        ("id: PLAN", "id: bolero 2", "that of a trial of the library|differs"),
        ("label: a", "label: ''", "cannot be a name"),
        ("everolimus 10 mg daily", "everolimus 900 kg daily", "'kg'"),
        ("everolimus 10 mg daily", "everolimus 99999 g daily", "No such dose"),
        ("everolimus 10 mg daily", "everolimus 1e-9 mg daily", "No such dose"),
        ("letrozole 2.5 mg daily", "letrozole 2.5 mg every 400 days", "too many"),
        ("letrozole 2.5 mg daily", "letrozole 2.5 mg daily for 9999 weeks", "too many"),
        ("letrozole 2.5 mg daily", "letrozole 2.5 mg on days 1, 8", "no steady state"),
    ],
)  # fmt: skip
def test_numbers_and_names_out_of_bounds_are_refused(tmp_path, old, new, said):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.replace(old, new, 1))
    with pytest.raises(InputError, match=said):
        find_design(path)


def test_all_faults_come_in_one_answer_in_order():
    bad = PLAN.replace("her2_positive", "her2_positiv").replace("25 mg", "25 gm")
    bad = bad.replace("title: A plan", "titel: A plan").replace("n: 60}", "n: 0}", 1)
    with pytest.raises(FaultsError) as caught:
        parse_design(bad, "plan.yaml", SHIPPED)
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    for line, number in zip(lines, (2, 4, 6, 7), strict=True):
        assert f"plan.yaml, line {number}" in line


def test_one_arm_is_not_randomized():
    one = PLAN.replace(PLAN[PLAN.index("  - {id: B") : PLAN.index("elig")], "")
    with pytest.raises(InputError, match="write 'randomized: false'"):
        parse_design(one, "plan.yaml", SHIPPED)
    assert parse_design(one + "randomized: false\n", "plan.yaml", SHIPPED)


def test_a_group_of_nobody_is_refused():
    groups = "groups: {g: {where: her2_positive, n: {A: 60, B: 60, C: 60}}}\n"
    with pytest.raises(InputError) as caught:
        read(groups)
    assert str(caught.value) == (
        "plan.yaml, line 12: nobody who is eligible can be of the group 'g': "
        "'her2_positive' contradicts 'not her2_positive'."
    )


def test_a_copy_of_a_library_trial_keeps_its_name(tmp_path):
    (source,) = (
        f
        for f in SHIPPED.files(Kind.TRIALS, "oestra.trial.library")
        if "TAMRAD" in f.name
    )
    path = tmp_path / "copy.yaml"
    path.write_bytes(source.read_bytes())
    assert find_design(path) == designs()["TAMRAD"]
    path.write_text(path.read_text().replace("n: 54", "n: 53", 1))
    with pytest.raises(InputError, match="that of a trial of the library"):
        find_design(path)


def test_text_of_a_file_is_kept_as_it_stands():
    assert read(old="A plan", new="'[/] </script> $x$'").title == "[/] </script> $x$"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("exemestane 25 mg daily", "letrozole 2.5 mg daily", "B and C take the same"),
        ("everolimus 10 mg daily", "everolimus 10 g daily", "1,000 times its largest"),
        ("letrozole 2.5 mg daily,", "letrozole 2 ug daily,", "times less"),
        ("[not her2_positive]", "[bone, bone]", "stands twice"),
        ("criteria:", "treatment_weeks: 500\ncriteria:", "does nothing"),
        ("criteria:", "block_size: 300\ncriteria:", "larger than the trial"),
        ("criteria:", "randomized: false\nstrata: [bone]\ncriteria:", "strata does"),
        ("label: c", "label: c, crossover: {regimen: letrozole 2.5 mg daily, "
         "percent: 9}", "survival is no endpoint"),
        ("label: c", "label: c, duration: 31 months",
         "the duration of 31 months ends after follow-up, which lasts 130 weeks"),
        ("label: c", "label: c, duration: 30 weeks", None),
        ("regimen: exemestane 25 mg daily", "regimen: none, duration: 3 months",
         "the duration does nothing where nothing is given"),
        ("criteria:", "strata: [her2_positive]\ncriteria:",
         "nobody who is eligible is of the stratum 'her2_positive', which contradicts "
         "'not her2_positive'"),
        ("criteria:", "subgroups: {x: her2_positive and bone}\ncriteria:",
         "nobody who is eligible is of the subgroup 'x'"),
    ],
)  # fmt: skip
def test_what_could_be_meant_is_told(old, new, said):
    assert doubts(read()) == ()
    told = doubts(read(old=old, new=new))
    assert len(told) == (said is not None)
    assert all(said in one for one in told)


def test_arms_without_any_drug_are_told():
    none = PLAN.replace("everolimus 10 mg daily", "placebo")
    for regimen in ("letrozole 2.5 mg daily", "exemestane 25 mg daily"):
        none = none.replace(regimen, "none")
    none = none.replace("none + placebo", "placebo")
    assert "no arm takes a drug" in doubts(parse_design(none, "plan.yaml", SHIPPED))


def test_the_library_raises_no_doubt():
    assert [one.id for one in designs().values() if doubts(one)] == []
    assert list(regimen_doubts("everolimus 10 mg daily")) == []


def test_looks_that_are_too_many_are_no_reason_to_tell_that_there_are_none():
    looks = ", ".join(f"{{events: {n}}}" for n in range(1, 30))
    words = f"looks: [{looks}], final_events: 60, efficacy: {{rule: pocock}}"
    with pytest.raises(InputError) as refused:
        read(analysis(words))
    assert str(refused.value) == (
        "plan.yaml, line 12: analysis.looks must have at most 20 items."
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["visceral", "not visceral"], "'not visceral' contradicts 'visceral', so"),
        (["age_years > 60", "age_years < 40"], "'age_years < 40' contradicts"),
        (["age_years > 60", "60 >= age_years"], "contradicts 'age_years > 60'"),
        (["60 < age_years < 40"], "'60 < age_years < 40' contradicts itself"),
        (["visceral and not visceral"], "contradicts itself"),
        (
            ['last_therapy == "tamoxifen"', 'last_therapy in ["exemestane"]'],
            "nobody is eligible",
        ),
        (["old", "age_years < 50"], "'age_years < 50' contradicts 'old'"),
    ],
)
def test_eligibility_that_nobody_meets_is_refused(lines, said):
    listed = "".join(f"  - {line}\n" for line in lines)
    text = f"eligibility:\n{listed}"
    more = "definitions: {old: age_years >= 70}\n"
    with pytest.raises(InputError) as refused:
        read(more, "eligibility: [not her2_positive]\n", text)
    assert said in str(refused.value)
    assert f"line {7 + len(lines)}" in str(refused.value)


@pytest.mark.parametrize(
    "lines",
    [
        ["age_years >= 60", "age_years <= 60"],
        ["age_years > 40", "age_years > 50", "age_years < 60"],
        ["visceral or bone", "not visceral"],
        ["not (visceral and bone)", "visceral"],
        ['last_therapy in ["tamoxifen", "exemestane"]', 'last_therapy != "tamoxifen"'],
        ["months_since_adjuvant < 12 or months_since_adjuvant > 24"],
    ],
)
def test_eligibility_that_somebody_meets_is_not(lines):
    listed = "".join(f"  - {line}\n" for line in lines)
    text = f"eligibility:\n{listed}"
    assert read("", "eligibility: [not her2_positive]\n", text).id == "PLAN"


def test_arm_ids_differ_in_more_than_capitals():
    with pytest.raises(InputError, match="differ in more than capitals, got A, B, a"):
        read("", "id: C", "id: a")


def test_a_response_is_not_asked_for_before_the_first_scan():
    phases = (
        "phases: [{regimen: letrozole 2.5 mg daily, until: {event: response, at: "
        "1 days}}, {regimen: exemestane 25 mg daily}]"
    )
    with pytest.raises(InputError, match="comes before the first scan"):
        read("", "regimen: exemestane 25 mg daily", phases)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ("liver: 70, not liver: 60", "'liver', 'not liver' sum to 130 %"),
        ("age_years < 50: 70, age_years >= 50: 60", "sum to 130 %"),
        ("ecog == 0: 60, ecog == 1: 40, ecog == 2: 10", "sum to 110 %"),
        ("her2_positive: 20", "nobody .* can be 'her2_positive', and 20 %"),
    ],
)
def test_shares_that_nobody_can_have_are_refused(shares, said):
    pairs = [one.split(": ") for one in shares.split(", ")]
    lines = [f"- {{where: {where}, percent: {share}}}" for where, share in pairs]
    with pytest.raises(FaultsError, match=said):
        read("\n".join(["case_mix:", *lines, ""]))


@pytest.mark.parametrize(
    "shares",
    [
        # Each rounded up by half a percent at most.
        "ecog == 0: 60, ecog == 1: 38, ecog == 2: 3",
        "liver: 70, visceral: 80",
        "age_years < 50: 40, age_years < 60: 70",
        "her2_positive: 0",
    ],
)
def test_shares_of_groups_that_overlap_or_are_rounded_pass(shares):
    pairs = [one.split(": ") for one in shares.split(", ")]
    lines = [f"- {{where: {where}, percent: {share}}}" for where, share in pairs]
    found = read("\n".join(["case_mix:", *lines, ""]))
    assert len(found.case_mix) == len(pairs)


def test_shares_within_other_patients_are_no_sum():
    lines = ["- {where: liver, within: visceral, percent: 60}",
             "- {where: not liver, percent: 70}"]  # fmt: skip
    assert read("\n".join(["case_mix:", *lines, ""])).case_mix
    with pytest.raises(FaultsError, match="nobody"):
        read("case_mix: [{where: liver, within: not liver, percent: 50}]\n")
