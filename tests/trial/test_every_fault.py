"""A trial file is refused for all that is wrong in it, whatever stands beside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.core.errors import FaultsError
from oestra.core.library import SHIPPED
from oestra.trial.design_file import parse_design

WHOLE = """id: MINE
title: mine
arms:
  - {id: A, label: a, n: 50, regimen: exemestane 25 mg daily + everolimus 10 mg daily}
  - {id: B, label: b, n: 50, regimen: exemestane 25 mg daily}
  - id: C
    label: c
    n: 50
    phases:
      - {regimen: letrozole 2.5 mg daily, duration: 24 weeks}
      - {regimen: letrozole 2.5 mg daily + everolimus 10 mg daily}
definitions:
  early: prior_lines == 0
eligibility:
  - prior_nonsteroidal_ai
  - early or liver
strata: [visceral]
visits: {interval_weeks: 8}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 24
analysis:
  landmarks_months: [6, 12]
subgroups:
  lung: lung
"""
FAULTS = {
    "a number that is none": ("n: 50, regimen: exemestane 25 mg daily}",
                              "n: 5o, regimen: exemestane 25 mg daily}",
                              "arms.1.n must be a whole number"),
    "a misspelled drug": ("+ everolimus 10 mg daily}\n  - {id: B",
                          "+ everolimu 10 mg daily}\n  - {id: B",
                          "No drug 'everolimu'"),
    "a misspelled key": ("title: mine", "titel: mine", "nearest is 'title'"),
    "a length without sense": ("24 weeks}", "24 moons}", "cannot read the length"),
    "an unknown column": ("or liver", "or livr", "nearest is 'liver'"),
    "nothing a column holds": ("prior_lines == 0", "prior_lines == 'none'",
                               "'prior_lines' holds no words"),
    "criteria of nobody": ("RECIST-1.1", "RECIST-1.2", "nearest is 'RECIST-1.1'"),
    "a cut before its time": ("accrual_months: 12", "accrual_months: 30",
                              "comes before the end of accrual_months"),
    "a landmark too late": ("[6, 12]", "[6, 90]", "landmark at 90 months"),
    "a stratum of no column": ("[visceral]", "[viscera]", "nearest is 'visceral'"),
    "visits that are none": ("{interval_weeks: 8}", "weekly", "visits must be"),
    "a subgroup without a name": ("  lung: lung", '  "": lung', "cannot be a name"),
}  # fmt: skip


def faults(names):
    text = WHOLE
    for name in names:
        right, wrong, _ = FAULTS[name]
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    with pytest.raises(FaultsError) as caught:
        parse_design(text, "mine.yaml", SHIPPED)
    return str(caught.value).splitlines()


def test_the_file_is_right_without_them():
    assert parse_design(WHOLE, "mine.yaml", SHIPPED).id == "MINE"


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_alone_is_one_sentence(name):
    (line,) = faults([name])
    assert FAULTS[name][2] in line
    assert "mine.yaml, line" in line


@given(st.sets(st.sampled_from(sorted(FAULTS)), min_size=2))
def test_faults_do_not_hide_each_other(names):
    told = faults(sorted(names))
    assert len(told) == len(names), told
    for name in names:
        assert sum(FAULTS[name][2] in line for line in told) == 1


def test_every_wrong_word_of_a_line_is_told():
    text = WHOLE.replace("early or liver", "livr or lungg").replace(
        "exemestane 25 mg daily + everolimus", "exemestan 25 mg daily + everolimu"
    )
    with pytest.raises(FaultsError) as caught:
        parse_design(text, "mine.yaml", SHIPPED)
    told = str(caught.value)
    for word in ("livr", "lungg", "exemestan", "everolimu"):
        assert f"'{word}'" in told
    assert len(told.splitlines()) == 4
