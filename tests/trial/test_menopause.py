"""Trials of patients before menopause: who they are, cautions and refusals."""

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters
from oestra.trial.assumption import assumptions
from oestra.trial.candidates import candidates
from oestra.trial.designs import find_design, read_design
from oestra.trial.ovaries import ovaries_of
from oestra.trial.recipe import Recipe
from oestra.trial.support import cautions

NAME = "EXAMPLE-OVARIES"
TEXT = """
id: MINE
title: mine
arms:
  - {id: A, label: a, n: 50, regimen: %s}
  - {id: C, label: c, n: 50, regimen: tamoxifen 20 mg daily}
eligibility: [%s]
visits: {interval_weeks: 8}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 24
"""
BOTH = "letrozole 2.5 mg daily + goserelin 3.6 mg every 28 days"


def read(tmp_path, regimen, eligibility):
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT % (regimen, eligibility))
    return read_design(path)


@pytest.fixture(scope="module")
def pool():
    return simulate_cohort(64, prior_parameters(), seed=3, workers=1)


def test_only_a_trial_that_asks_has_the_column(pool):
    assert "menopause" not in candidates(find_design("BOLERO-2"), pool)
    asked = candidates(find_design(NAME), pool)
    before = (asked["menopause"] == "premenopausal").to_numpy()
    assert before.any()
    assert not before.all()
    # One patient has one age at menopause: what she is does not change between lines.
    assert asked.groupby("patient")["menopause"].nunique().max() == 1
    assert (
        asked.loc[before, "age_years"].mean() < asked.loc[~before, "age_years"].mean()
    )
    made = ovaries_of(asked, pool)
    np.testing.assert_array_equal(made > 0, before)


def test_what_else_is_told_of_a_patient_does_not_move(pool):
    asked = candidates(find_design(NAME), pool)
    own = pool.decisions
    for column in own:
        # Whether disease is measurable, and what a life counts, is the trial's.
        if column not in ("measurable", "weight"):
            np.testing.assert_array_equal(asked[column], own[column])


def test_ovaries_reach_the_patients_of_the_trial_alone(pool):
    def follow_of(name):
        recipe = Recipe(
            design=find_design(name), pool=pool, seed=1, assumptions=assumptions()
        )
        return recipe.setting.follow

    assert follow_of("BOLERO-2").keywords["ovarian"] is None
    assert (follow_of(NAME).keywords["ovarian"] > 0).any()


@pytest.mark.parametrize(
    ("eligibility", "allowed"),
    [
        ("not her2_positive", False),
        ("menopause == 'postmenopausal'", False),
        ("menopause != 'premenopausal'", False),
        ("menopause == 'premenopausal'", True),
        ("menopause == 'premenopausal' or age_years > 60", True),
    ],
)
def test_suppression_needs_ovaries(tmp_path, eligibility, allowed):
    if allowed:
        read(tmp_path, BOTH, f'"{eligibility}"')
        return
    says = r"line 5: .*goserelin .* silences ovaries.* add 'menopause == \"premeno"
    with pytest.raises(InputError, match=says) as caught:
        read(tmp_path, BOTH, f'"{eligibility}"')
    assert "\n" not in str(caught.value)


def test_an_inhibitor_alone_is_cautioned_before_menopause(tmp_path):
    def told(regimen, eligibility):
        design = read(tmp_path, regimen, f'"{eligibility}"')
        return " ".join(cautions(design, [500.0], 100))

    before, letrozole = "menopause == 'premenopausal'", "letrozole 2.5 mg daily"
    assert "A gives letrozole without ovarian suppression" in told(letrozole, before)
    assert "without ovarian suppression" not in told(BOTH, before)
    assert "as if their ovaries had ceased" in told(BOTH, before)
    assert "ovar" not in told(letrozole, "not her2_positive")


def test_a_word_that_status_never_holds_is_refused(tmp_path):
    with pytest.raises(InputError, match="nearest is 'premenopausal'"):
        read(tmp_path, BOTH, "\"menopause == 'premenopausl'\"")
