"""Lines of text that people write, made up: read, or explained."""

import numpy as np
import pandas as pd
import pytest

from oestra.culture.doses import parse_matrix, parse_series
from oestra.culture.genotype import parse_genotype
from oestra.culture.medium import condition_doubts, parse_condition, parse_step
from oestra.drugs.regimen import Regimen
from oestra.trial.admissible import check_criterion
from oestra.trial.criterion import evaluate
from oestra.trial.decision_columns import (
    DECISION_COLUMNS,
    DECISION_RANGES,
    DECISION_WORDS,
)
from oestra.trial.doubts import regimen_doubts

DOSES = ["everolimus", "letrozole", "fulvestrant", "10 mg", "2.5", "mg", "daily", "+",
         "twice daily", "weekly", "on days 1, 15", "then", "every 28 days",
         "for 5 days",
         "for 3 of 4 weeks", "placebo", "none", "250 mg/m2"]  # fmt: skip
MEDIA = ["estradiol", "EGF", "everolimus", "4-hydroxytamoxifen", "1 nM", "10", "ng/mL",
         "+", "0 nM", "none", "5 uM", "for 180 days", "for 2 weeks"]  # fmt: skip
SERIES = ["everolimus", "letrozole", "0.1..100 nM", "1, 5, 20 nM", "in 7", "nM", "x",
          "0.1..100 in 7 nM", "1..2", ".."]  # fmt: skip
CRITERIA = ["age_years", "visceral", "pik3ca", "sites", "months_since_adjuvant",
            "young",
            "> 5", "<= 60", "== 'H1047R'", "in [1, 2]", "not in ['x']", "and", "or",
            "not", "(", ")", "+ 1", "* 2", "/ sites", "!= true", "-"]  # fmt: skip


def table():
    """Return decisions of which some values are missing."""
    size = 6
    columns = {}
    for name in DECISION_COLUMNS:
        if name in DECISION_WORDS:
            columns[name] = list((DECISION_WORDS[name] * size)[:size])
        elif name in DECISION_RANGES:
            columns[name] = np.linspace(*DECISION_RANGES[name], size)
        else:
            columns[name] = np.arange(size) % 2 == 0
    columns["months_since_adjuvant"][0] = np.nan
    return pd.DataFrame(columns)


def read_regimen(text):
    """Read a regimen and use it."""
    regimen = Regimen.parse(text)
    assert Regimen.parse(str(regimen)) == regimen
    list(regimen_doubts(text))
    regimen.events(60.0)
    for component in regimen.components:
        component.at_steady_state()


def read_condition(text):
    """Read a condition and ask for doubts."""
    list(condition_doubts(parse_condition(text)))


@pytest.mark.parametrize(
    ("reader", "known", "count"),
    [
        (read_regimen, DOSES, 900),
        (read_condition, MEDIA, 500),
        (parse_step, MEDIA, 300),
        (parse_series, SERIES, 300),
        (parse_matrix, SERIES, 200),
        (lambda text: parse_genotype([text]), ["PIK3CA", "=", "H1047R", "loss"], 200),
    ],
    ids=["regimen", "medium", "pretreatment", "series", "matrix", "genotype"],
)
def test_lines_are_read_or_explained(make, explained, reader, known, count):
    good = " ".join(known[:6])
    for number in range(count):
        text = make.words(known) if number % 2 else make.changed(good)
        explained(reader, text)


@pytest.mark.parametrize(
    ("reader", "good"),
    [
        (
            read_regimen,
            "everolimus 10 mg daily for 21 of 28 days + letrozole 2.5 mg daily",
        ),
        (read_condition, "estradiol 1 nM + EGF 10 ng/mL + everolimus 20 nM"),
        (parse_step, "estradiol 0 nM for 180 days"),
        (parse_series, "everolimus 0.1..100 in 7 nM"),
        (parse_matrix, "letrozole 1..1000 nM x everolimus 0.1..10 nM"),
    ],
)
def test_a_slip_in_a_good_line_is_read_or_explained(make, explained, reader, good):
    seen = [explained(reader, make.changed(good, most=1)) for _ in range(150)]
    assert any(seen)
    assert not all(seen)


def test_criteria_are_refused_when_read_or_can_be_evaluated(make, explained):
    decisions = table()
    definitions = {"young": "age_years < 50"}
    accepted = 0

    def read(text):
        check_criterion(text, definitions, where="file.yaml, line 3")
        found = evaluate(text, decisions, definitions)
        assert found.shape == (len(decisions),)

    for number in range(1500):
        good = "not visceral and (age_years > 40 or pik3ca in ['H1047R', 'E545K'])"
        text = make.words(CRITERIA, 8) if number % 2 else make.changed(good, 2)
        accepted += explained(read, text)
    assert 20 < accepted < 1400


def test_criteria_of_any_kind_can_be_evaluated_unchecked(make, explained):
    decisions = table()
    for _ in range(400):
        text = make.words(CRITERIA, 8)
        explained(evaluate, text, decisions, {"young": "age_years < 50"})
