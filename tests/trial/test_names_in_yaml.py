"""Names such as 001 or on: texts where YAML has them so, else refused."""

import pytest

from oestra.core.errors import FaultsError
from oestra.core.library import SHIPPED
from oestra.core.yaml_letters import keys_read_otherwise, letters_at
from oestra.trial.design_file import parse_design, parse_designs

PLAN = """\
id: PLAN
title: A plan
aliases: [other]
arms:
  - {id: A, label: a, regimen: letrozole 2.5 mg daily + everolimus 10 mg daily, n: 60}
  - {id: B, label: b, regimen: letrozole 2.5 mg daily, n: 60}
visits: {interval_weeks: 8}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 30
subgroups:
  lung: lung
analysis:
  contrasts: [{arm: A, control: B}]
"""


def refused(old, new, more=""):
    assert PLAN.count(old) == 1
    with pytest.raises(FaultsError) as caught:
        parse_designs(PLAN.replace(old, new) + more, "plan.yaml", SHIPPED)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("id: PLAN", "id: {}", "line 1: id"),
        ("A plan", "{}", "line 2: title"),
        ("[other]", "[other, {}]", "line 3: aliases.1"),
        ("id: A,", "id: {},", "line 5: arms.0.id"),
        ("label: b", "label: {}", "line 6: arms.1.label"),
        ("lung: lung", "lung: {}", "line 12: subgroups.lung"),
        ("arm: A", "arm: {}", "line 14: analysis.contrasts.0.arm"),
    ],
)
@pytest.mark.parametrize(
    ("word", "read"),
    [
        *((one, "a number") for one in ("001", "1e3", "0x1F", "-7", "1.50", ".inf")),
        ("true", "yes or no"),
        ("False", "yes or no"),
    ],
)
def test_what_is_read_as_no_text_is_told_in_its_letters(old, new, place, word, read):
    assert refused(old, new.format(word)) == (
        f"plan.yaml, {place} must be a text, and {word} is read as {read}; write it in "
        "quotes."
    )


@pytest.mark.parametrize(
    "word", ["on", "no", "yes", "off", "1e", "1.2.3", "'001'", '"1e3"']
)
def test_what_is_read_as_text_is_a_name(word):
    text = PLAN.replace("id: PLAN", f"id: {word}").replace("id: A,", f"id: {word},")
    text = text.replace("arm: A", f"arm: {word}").replace("label: b", f"label: {word}")
    text = text.replace("  lung: lung", f"  {word}: lung")
    design = parse_design(text, "plan.yaml", SHIPPED)
    name = word.strip("\"'")
    assert design.id == name
    assert design.arm_ids == (name, "B")
    assert design.arms[1].label == name
    assert list(design.subgroups) == [name]
    assert design.contrasts[0].arm == name


@pytest.mark.parametrize(
    ("word", "read"),
    [("010", "a number"), ("1e3", "a number"), ("null", "nothing"), ("~", "nothing"),
     ("true", "yes or no")],
)  # fmt: skip
def test_keys_are_texts(word, read):
    said = f"the key {word} is read as {read}; write it in quotes."
    assert refused("  lung: lung", f"  {word}: lung") == f"plan.yaml, line 12: {said}"
    variants = f"variants: {{{word}: {{title: x}}}}\n"
    assert refused("A plan", "A plan", variants) == f"plan.yaml, line 15: {said}"
    arms = f"variants: {{v: {{arms: {{{word}: {{n: 60}}}}}}}}\n"
    assert refused("A plan", "A plan", arms) == f"plan.yaml, line 15: {said}"


def test_variants_name_the_line_they_were_written_on():
    more = "variants:\n  v:\n    title: 0x10\n"
    assert refused("A plan", "A plan", more).startswith(
        "plan.yaml, line 17: title must"
    )


def test_nothing_is_no_text_and_not_told_to_be_quoted():
    assert (
        refused("title: A plan", "title:") == "plan.yaml, line 2: title must be a text."
    )


def test_letters_and_keys_through_anchors():
    text = "a: &x {1: 007}\nb: [*x, {<<: *x}]\nc: d\n"
    assert keys_read_otherwise(text) == [
        (1, "the key 1 is read as a number; write it in quotes")
    ]
    assert letters_at(text, ["b", 0, "1"]).startswith("007 is read as a number")
    assert letters_at(text, ["c"]) == ""
    assert letters_at(text, ["b", 9]) == ""
    assert letters_at(text, ["c", "d"]) == ""
