"""One contract for every trial of the library, and bad files one sentence each."""

import json

import pytest

from oestra.core.errors import InputError
from oestra.drugs.regimen import Regimen
from oestra.evidence.published import published, trials
from oestra.trial.designs import designs, find_design, read_design
from oestra.trial.run import run_trial
from oestra.trial.second_progression import after_progression

NAMES = sorted(designs())
RUN = [name for name in NAMES if not designs()[name].example]
WHOLE = {"ITT", "all"}


@pytest.mark.parametrize("name", NAMES)
def test_design_is_whole(name):
    design = designs()[name]
    for arm in design.arms:
        assert any(Regimen.parse(text).drugs for text in arm.regimens)
    for known in design.aliases:
        assert find_design(known).id == name


@pytest.mark.parametrize("name", NAMES)
def test_each_trial_states_its_rule_of_events_and_censoring(name):
    design = designs()[name]
    assert "censoring" in design.model_fields_set
    assert "rule" in design.censoring.model_fields_set
    # Where no source is known the rule is assumed, and says why.
    assert design.censoring.source or design.censoring.reason.startswith("Assumed")


def seen_later(design):
    """Tell whether courses are also seen from a later day, which stand-ins are not."""
    goes_on = any(after_progression(arm) is not None for arm in design.arms)
    return design.run_in is not None or goes_on


@pytest.mark.parametrize(
    "name", [name for name in NAMES if not seen_later(designs()[name])]
)
def test_design_runs_and_prints(name, cohort, follow):
    result = run_trial(
        name, cohort=cohort, follow=follow, replicates=1, patients=80, seed=3
    )
    text = json.dumps(result.to_json_dict(), allow_nan=False)
    assert json.loads(text)["trial"] == name
    assert set(result.arms) == set(designs()[name].arm_ids)
    assert result.patients["AVAL"].notna().all()


@pytest.mark.parametrize("name", RUN)
def test_arms_are_those_of_the_evidence(name):
    evidence = trials().get(name)
    if evidence is None:
        assert name == "T1_FERGI_GDC0980"
        return
    known = {arm.id: arm for arm in evidence.arms}
    for arm in designs()[name].arms:
        assert arm.id in known
        if known[arm.id].n:
            assert arm.n == known[arm.id].n
        if known[arm.id].regimen:
            theirs = Regimen.parse(str(known[arm.id].regimen))
            assert Regimen.parse(arm.regimen) == theirs


@pytest.mark.parametrize("name", NAMES)
def test_every_published_stratum_can_be_shown(name):
    design = designs()[name]
    strata = WHOLE | set(design.groups) | set(design.subgroups)
    missing = {row.stratum for row in published(name)} - strata
    # The central laboratory's verdict on the receptors and whether tissue could be
    # tested are not part of the model, nor are CDK4/6 inhibitors in histories.
    assert missing <= {
        "central HR+ (n=150)",
        "main cohort",
        "mutant, prior CDK4/6 inhibitor",
    }


def test_examples_have_no_results():
    examples = set(NAMES) - set(RUN)
    assert examples
    assert all(name.startswith("EXAMPLE-") for name in examples)
    assert not examples & set(trials())
    assert not any(published(name) for name in examples)


def test_every_trial_of_the_evidence_has_a_design():
    assert set(trials()) - set(designs()) == {"CHOW_TEM"}
    assert find_design("CHOW_TEM").id == "HORIZON"


def test_names_ignore_case_spaces_and_hyphens():
    assert find_design("bolero2").id == "BOLERO-2"
    assert find_design("nct 00863655").id == "BOLERO-2"
    with pytest.raises(InputError, match="No trial 'HORIZN'; nearest is 'HORIZON'"):
        find_design("HORIZN")


GOOD = """\
id: mine
title: My trial
arms:
  - {id: A, label: exemestane + everolimus, n: 50,
     regimen: exemestane 25 mg daily + everolimus 10 mg daily}
  - {id: B, label: exemestane, regimen: exemestane 25 mg daily, n: 50}
eligibility:
  - prior_nonsteroidal_ai
visits: {interval_weeks: 8}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 24
"""

BAD = [
    # what is wrong, replaced text, new text, what the sentence says
    ("no arms", GOOD[GOOD.index("arms") : GOOD.index("elig")], "",
     r"bad.yaml, line 1: the key 'arms' is missing"),
    ("no regimen", "regimen: exemestane 25 mg daily, ", "",
     r"line 6: the key 'arms.1.regimen' is missing"),
    ("negative n", "n: 50}", "n: -5}", r"line 6: arms.1.n must .* got -5"),
    ("same arm twice", "id: B", "id: A", "arm ids must differ"),
    ("unknown key", "criteria:", "criterias:", "nearest is 'criteria'"),
    ("unknown nested key", "interval_weeks", "interval_week",
     "nearest is 'interval_weeks'"),
    ("unknown criteria", "RECIST-1.1", "RECIST-2", "line 10: criteria .*RECIST-1.1"),
    ("long interval", "interval_weeks: 8", "interval_weeks: 200",
     "longer than the follow-up of 24 months"),
    ("cut before accrual ends", "data_cut_months: 24", "data_cut_months: 6",
     "before the end of accrual_months 12"),
    ("endless accrual", "accrual_months: 12", "accrual_months: .inf",
     "line 11: accrual_months must be .*finite"),
    ("wide window", "interval_weeks: 8", "interval_weeks: 1",
     "more than half of the 7"),
    ("late biopsy", "accrual", "analysis: {ki67: {day: 9999}}\naccrual",
     "biopsy on day 9999"),
    ("late metabolic scan", "accrual", "analysis: {metabolic: {day: 9999}}\naccrual",
     "metabolic scan on day 9999"),
    ("a fall of everything", "accrual",
     "analysis: {metabolic: {day: 28, response_fall_percent: 100}}\naccrual",
     "less than 100"),
    ("a definition of itself", "eligibility:",
     "definitions: {a: b and liver, b: not a}\neligibility:",
     r"line 7: 'a' is defined by itself"),
    ("two strata of one name", "visits:",
     "groups: {x: {where: liver, n: {A: 50, B: 50}}}\nsubgroups: {x: lung}\nvisits:",
     "names of their own"),
    ("numbers against the allocation", "n: 50}", "n: 25}",
     "A has n 50, but the allocation of the arms gives it about 38"),
    ("block too small for the allocation", "criteria:", "block_size: 3\ncriteria:",
     "block_size 3 is no multiple of 2"),
    ("unknown column", "prior_nonsteroidal_ai", "prior_nonsteroid_ai",
     "No column 'prior_nonsteroid_ai' in bad.yaml, line 8; nearest is "
     "'prior_nonsteroidal_ai'"),
    ("a word the column never holds", "prior_nonsteroidal_ai",
     "setting in ['relapse', 'denovo']",
     "No value of 'setting' 'denovo' in bad.yaml, line 8; nearest is 'de_novo'"),
    ("a word nobody would guess", "prior_nonsteroidal_ai", "pik3ca == 'mutant'",
     "No value of 'pik3ca' 'mutant'.*known are E542K, E545K, H1047R, wild type"),
    ("a word for a number", "prior_nonsteroidal_ai", "her2_positive == 'yes'",
     "'her2_positive' holds no words, got 'yes'"),
    ("a number for a word", "prior_nonsteroidal_ai", "pik3ca != 0",
     "'pik3ca' holds words, got 0 .*'wild type'"),
    ("unreadable criterion", "prior_nonsteroidal_ai", "prior_nonsteroidal_ai and and",
     "Cannot read the criterion"),
    ("forbidden call", "prior_nonsteroidal_ai", "exec('x')", "uses Call"),
    ("attribute access", "prior_nonsteroidal_ai", "age_years.real", "uses Attribute"),
    ("regimen that does not parse", "everolimus 10 mg daily",
     "everolimus 10 mg evry day", r"bad.yaml, line 5: .*evry"),
    ("an arm with no drug", "exemestane 25 mg daily, n", "'', n",
     r"bad.yaml, line 6: .*empty"),
    ("unknown drug", "everolimus 10", "everolimos 10", "nearest is 'everolimus'"),
    ("crossover of too many", "n: 50}",
     "n: 50, crossover: {regimen: letrozole 2.5 mg daily, percent: 120}}",
     r"line 6: arms.1.crossover.percent must be from 0 to 100, got 120"),
    ("crossover of whom", "n: 50}",
     "n: 50, crossover: {regimen: letrozole 2.5 mg daily}}",
     r"line 6: the key 'arms.1.crossover.percent' is missing"),
    ("crossover that does not parse", "n: 50}",
     "n: 50, crossover: {regimen: letrozol 2.5 mg daily, percent: 10}}",
     r"bad.yaml, line 6: .*nearest is 'letrozole'"),
    ("crossover to nothing", "n: 50}",
     "n: 50, crossover: {regimen: none, percent: 10}}",
     r"bad.yaml, line 6: a crossover needs a drug, got 'none'"),
    ("unknown key of crossover", "n: 50}",
     "n: 50, crossover: {regimens: letrozole 2.5 mg daily, percent: 10}}",
     "nearest is 'regimen'"),
    ("not YAML", "id: mine", "id: [mine", "bad.yaml, line"),
    ("not a mapping", GOOD, "- 1\n", "must hold the keys of one trial"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "says"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_files_are_one_sentence(tmp_path, old, new, says):
    assert old in GOOD
    path = tmp_path / "bad.yaml"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(InputError, match=says) as caught:
        read_design(path)
    assert "\n" not in str(caught.value)
    assert "nan" not in str(caught.value)


def test_good_file_and_missing_file(tmp_path):
    path = tmp_path / "good.yaml"
    path.write_text(GOOD)
    assert find_design(path).arm_ids == ("A", "B")
    assert find_design(str(path)).contrasts[0].control == "B"
    with pytest.raises(InputError, match=r"Cannot read .*absent.yaml"):
        find_design(tmp_path / "absent.yaml")
