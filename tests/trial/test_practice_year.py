"""The year of a trial: what it says, what is assumed, and what it changes."""

import numpy as np
import pandas as pd
import pytest

from oestra.history.era import ERAS, era_columns
from oestra.history.therapies import practice
from oestra.trial.decision_columns import DECISION_COLUMNS, DECISION_WORDS, PARTNERS
from oestra.trial.designs import designs, find_design
from oestra.trial.practice_year import YEAR_BY_DEFAULT, in_year, practice_year

BOLERO = find_design("BOLERO-2")


def with_criterion(text):
    return BOLERO.model_copy(update={"year": None, "eligibility": (text,)})


def test_trials_of_the_library_name_their_year():
    for design in designs().values():
        assert design.year is not None or design.example, design.id
        assert practice_year(design) == (design.year or YEAR_BY_DEFAULT)


@pytest.mark.parametrize(
    ("criterion", "year"),
    [
        ("prior_nonsteroidal_ai", 2012),
        ("prior_cdk46_inhibitor", 2018),
        ("last_partner == 'cdk46_inhibitor'", 2018),
        ("cdk46_inhibitor_months >= 12", 2018),
        ("not prior_pi3k_inhibitor", 2023),
    ],
)
def test_a_trial_without_a_year_meets_who_it_speaks_of(criterion, year):
    assert practice_year(with_criterion(criterion)) == year


def test_between_two_eras_both_count():
    one = np.eye(len(ERAS))
    table = pd.DataFrame(one, columns=pd.Index(era_columns())).assign(weight=2.0)
    assert in_year(table, 2009.0) == pytest.approx([0, 1, 1, 0, 0])
    assert in_year(table, 2006.0) == pytest.approx([0, 2, 0, 0, 0])
    assert in_year(table, 1997.0) == pytest.approx([2, 0, 0, 0, 0])
    assert in_year(table, 2029.0) == pytest.approx([0, 0, 0, 0, 2])


def test_a_pool_that_knows_no_eras_keeps_its_weights():
    table = pd.DataFrame({"weight": [1.0, 3.0]})
    assert in_year(table, 2010.0).tolist() == [1.0, 3.0]


def test_columns_speak_of_every_class_that_practice_gives():
    known = practice()
    for name in known.every_class:
        assert f"prior_{name}" in DECISION_COLUMNS
        assert f"{name}_months" in DECISION_COLUMNS
    assert set(filter(None, known.partners)) == set(PARTNERS)
    assert set(known.classes) == set(DECISION_WORDS["last_therapy"])
