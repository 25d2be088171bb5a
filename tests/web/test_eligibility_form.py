"""Who is eligible on the bench: sliders and choices, and the lines of the file."""

import re
from difflib import ndiff
from itertools import pairwise

import pytest

from oestra.core.library import SHIPPED
from oestra.trial.criterion import evaluate
from oestra.trial.decision_columns import (
    DECISION_COLUMNS,
    DECISION_RANGES,
    DECISION_WORDS,
)
from oestra.trial.designs import designs
from oestra.web.eligibility_form import eligibility_form
from oestra.web.eligibility_reading import parts_of, write_part
from oestra.web.trial_form import edit, form, own_design, trial_text

FILE = """\
# mine
id: MINE
title: mine
arms:
  - {id: A, label: a, n: 10, regimen: letrozole 2.5 mg daily + everolimus 10 mg daily}
  - {id: B, label: b, n: 10, regimen: letrozole 2.5 mg daily}
definitions:
  late: months_since_adjuvant > 12
eligibility:
  # who comes first
  - not her2_positive  # as written
  # how many lines
  - 1 <= prior_lines <= 3

  - ki67_percent > 10 and (visceral or symptomatic)
  - late or adjuvant_therapy == "none"

# when they are seen
visits: {interval_weeks: 8}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 30
analysis: {primary: pfs}
"""


def lines_of(text):
    return form(own_design(text, SHIPPED))["eligibility"]


def shown(text):
    return form(own_design(text, SHIPPED))["chosen"]


def changed(*changes, text=FILE):
    return edit(text, [f"eligibility.{one}" for one in changes], SHIPPED)


def difference(before, after):
    told = ndiff(before.splitlines(), after.splitlines())
    return [line for line in told if line[0] in "+-"]


def test_every_column_is_offered_once_as_what_it_holds(page):
    groups = page.get("/api/criteria").json()["groups"]
    columns = [one for group in groups for one in group["columns"]]
    names = [one["name"] for one in columns]
    assert sorted(names) == sorted(DECISION_COLUMNS)
    assert len(set(names)) == len(names) == len({one["label"] for one in columns})
    for one in columns:
        name = one["name"]
        if one["kind"] == "words":
            assert tuple(one["words"]) == DECISION_WORDS[name]
        elif one["kind"] == "number":
            low, high = DECISION_RANGES[name]
            assert all(low <= stop <= high for stop in one["stops"])
            assert all(a < b for a, b in pairwise(one["stops"]))
        else:
            assert name not in DECISION_WORDS
            assert name not in DECISION_RANGES


def test_controls_show_what_the_lines_say():
    assert shown(FILE) == {
        "columns": {
            "her2_positive": {"is": "no"},
            "prior_lines": {"low": ">= 1", "high": "<= 3"},
            "ki67_percent": {"low": "> 10"},
        },
        "text_only": [
            "ki67_percent > 10 and (visceral or symptomatic)",
            'late or adjuvant_therapy == "none"',
        ],
    }


@pytest.mark.parametrize(
    ("line", "column", "found"),
    [
        ("measurable", "measurable", {"is": "yes"}),
        ("not (measurable)", "measurable", {"is": "no"}),
        ("2 >= ecog", "ecog", {"high": "<= 2"}),
        ("ecog == 1", "ecog", {"low": ">= 1", "high": "<= 1"}),
        ("10 < ki67_percent < 20.5", "ki67_percent", {"low": "> 10", "high": "< 20.5"}),
        ('pik3ca != "wild type"', "pik3ca", {"is": ["H1047R", "E545K", "E542K"]}),
        ('cyp2d6 in ["UM", "PM"]', "cyp2d6", {"is": ["PM", "UM"]}),
        ('setting not in ["primary"]', "setting",
         {"is": ["de_novo", "relapse", "progression"]}),
    ],
)  # fmt: skip
def test_a_line_is_read_in_every_form_it_may_be_written_in(line, column, found):
    read = eligibility_form([line], DECISION_WORDS)
    assert read == {"columns": {column: found}, "text_only": []}


@pytest.mark.parametrize(
    "line",
    [
        "visceral or bone",
        "ecog != 1",
        "ecog in [0, 1]",
        "prior_lines + prior_chemotherapy_lines <= 2",
        "last_therapy_months >= adjuvant_months",
        "measurable == true",
        "not (visceral and symptomatic)",
        "true",
        "1 <= ecog == 1",
        "ki67_percent < 1e999",
    ],
)
def test_what_no_control_can_show_stays_text(line):
    read = eligibility_form([line], DECISION_WORDS)
    assert read == {"columns": {}, "text_only": [line]}


def test_a_second_bound_of_a_column_stays_text():
    read = eligibility_form(["ecog <= 2", "ecog <= 1", "ecog >= 1"], DECISION_WORDS)
    assert read["columns"] == {"ecog": {"high": "<= 2", "low": ">= 1"}}
    assert read["text_only"] == ["ecog <= 1"]


def test_what_a_control_writes_takes_the_same_patients_as_the_line(stand_in):
    decisions = stand_in[0].decisions
    tried = 0
    for design in designs(SHIPPED).values():
        for line in design.eligibility:
            for part in parts_of(line, DECISION_WORDS):
                if not part.column or part.column not in decisions.columns:
                    continue
                written = write_part(part.column, part.shown)
                assert (
                    evaluate(written, decisions) == evaluate(part.text, decisions)
                ).all(), written
                tried += 1
    assert tried > 100


def test_what_is_shown_and_written_again_changes_nothing():
    for name in designs(SHIPPED):
        text = trial_text(name, SHIPPED)
        before = form(own_design(text, SHIPPED))
        asked = []
        for column, one in before["chosen"]["columns"].items():
            value = one.get("is") or [*filter(None, (one.get("low"), one.get("high")))]
            told = value if isinstance(value, str) else ", ".join(value)
            asked.append(f"{column}={told}")
        after = form(own_design(changed(*asked, text=text), SHIPPED))
        assert after == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("her2_positive=yes", {
            "- not her2_positive # as written", "+ her2_positive # as written"}),
        ("her2_positive=", {"- not her2_positive # as written"}),
        ("prior_lines=<= 3", {"- 1 <= prior_lines <= 3", "+ prior_lines <= 3"}),
        ("prior_lines=>= 2, <= 2", {"- 1 <= prior_lines <= 3", "+ prior_lines == 2"}),
        ("ki67_percent=>= 20, < 40", {
            "- ki67_percent > 10 and (visceral or symptomatic)",
            "+ ki67_percent >= 20 and ki67_percent < 40 and "
            "(visceral or symptomatic)"}),
        ("ki67_percent=", {
            "- ki67_percent > 10 and (visceral or symptomatic)",
            "+ (visceral or symptomatic)"}),
        ("pik3ca=E542K, H1047R", {'+ pik3ca in ["H1047R", "E542K"]'}),
        ("cyp2d6=PM", {'+ cyp2d6 == "PM"'}),
        ("ecog=<= 1", {"+ ecog <= 1"}),
        ("visceral=no", {"+ not visceral"}),
        ("visceral=", set()),
    ],
)  # fmt: skip
def test_a_change_touches_its_line_and_no_other(change, told):
    found = difference(FILE, changed(change))
    assert {re.sub(r"\s+", " ", line.replace("  - ", "")) for line in found} == told


def test_comments_and_other_lines_stay_whatever_is_taken_out():
    text = changed("her2_positive=", "prior_lines=", "ki67_percent=")
    assert lines_of(text) == [
        "(visceral or symptomatic)",
        'late or adjuvant_therapy == "none"',
    ]
    for comment in ("# mine", "# how many lines", "# when they are seen"):
        assert comment in text
    back = changed("her2_positive=no", "prior_lines=>= 1, <= 3", text=text)
    assert lines_of(back)[2:] == [
        "not her2_positive",
        "prior_lines >= 1 and prior_lines <= 3",
    ]


def test_lines_that_are_typed_keep_the_comments_of_those_that_stay():
    typed = "not her2_positive\nbone\n1 <= prior_lines <= 3\nlate"
    text = edit(FILE, [f"eligibility={typed}"], SHIPPED)
    assert lines_of(text) == typed.splitlines()
    for comment in ("# who comes first", "# as written", "# when they are seen"):
        assert comment in text
    none = edit(FILE, ["eligibility="], SHIPPED)
    assert lines_of(none) == []
    for comment in ("# who comes first", "# how many lines", "# when they are seen"):
        assert comment in none


def test_a_trial_without_criteria_gets_its_first():
    text = re.sub(r"eligibility:\n(?s:.*?)\n# when", "# when", FILE)
    assert lines_of(changed("ecog=<= 1", text=text)) == ["ecog <= 1"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("her2_positive=perhaps", "is yes or no, or empty for any; got 'perhaps'"),
        ("eccog=<= 1", "nearest is 'ecog'"),
        ("setting=relaps", "nearest is 'relapse'"),
        ("ecog=1", "is bounds such as '>= 1, <= 3'"),
        ("ecog=<= 1 or visceral", "is bounds such as"),
        ("ecog=<= 1, <= 2", "is bounds such as"),
        ("ecog=<= prior_lines", "is bounds such as"),
        ("ecog=>= 9", "can never hold"),
        ("ecog=>= 3, <= 1e999", "is bounds such as"),
    ],
)
def test_a_choice_that_does_not_fit_is_told(page, change, told):
    body = {"yaml": FILE, "set": [f"eligibility.{change}"]}
    answer = page.post("/api/design", json=body)
    assert answer.status_code == 422
    assert told in answer.json()["error"]
