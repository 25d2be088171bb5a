"""Regimens for patients of a profile."""

from dataclasses import replace

import numpy as np
import pytest

from oestra.appraisal.candidate import candidates_for, severe_percent, taught_by
from oestra.appraisal.choice import HORIZON_MONTHS, choose
from oestra.appraisal.profile import read_profile
from oestra.core.errors import InputError
from oestra.drugs.load import find
from oestra.drugs.regimen import Regimen
from oestra.history.store import load_cohort
from oestra.model.parameters import best_parameters

ENDOCRINE = (
    "exemestane 25 mg daily",
    "exemestane 25 mg daily + everolimus 10 mg daily",
)


@pytest.fixture(scope="module")
def cohort():
    return load_cohort(best_parameters())


@pytest.fixture(scope="module")
def found(cohort):
    return choose(
        read_profile("prior AI"),
        candidates_for(her2_positive=False, own=ENDOCRINE),
        [cohort],
        model_sd=0.2,
        most=100,
    )


def test_every_regimen_that_ships_can_be_read():
    for positive in (False, True):
        chosen = candidates_for(her2_positive=positive)
        assert len({one.id for one in chosen}) == len(chosen) >= 5
        for one in chosen:
            assert Regimen.parse(one.regimen).components


def test_drugs_for_amplified_disease_are_not_offered_to_others():
    offered = " ".join(one.regimen for one in candidates_for(her2_positive=False))
    assert "trastuzumab" not in offered
    assert "lapatinib" not in offered


def test_what_a_trial_taught_is_told():
    chosen = candidates_for(her2_positive=False)
    trials = taught_by(chosen)
    assert "BOLERO-2" in trials["exemestane + everolimus"]
    assert trials["fulvestrant + capivasertib"] == ()


def test_the_better_regimen_comes_first(found):
    first, second = found.ranked
    assert "everolimus" in first.candidate.regimen
    assert first.free_months[0] > second.free_months[0]
    assert first.best_percent == 100.0
    assert first.stopped_percent > second.stopped_percent


def test_the_interval_holds_the_models_own_error(found):
    for one in found.ranked:
        middle, low, high = one.free_months
        assert low == pytest.approx(middle * np.exp(-1.644854 * 0.2))
        assert high == pytest.approx(
            min(middle * np.exp(1.644854 * 0.2), HORIZON_MONTHS)
        )
        assert sum(one.grows.values()) == pytest.approx(100.0)


def test_a_profile_nobody_has_is_refused(cohort):
    chosen = candidates_for(her2_positive=False, own=ENDOCRINE)
    with pytest.raises(InputError, match="Nobody in the population"):
        choose(
            read_profile("age_years >= 120"), chosen, [cohort], model_sd=0.2, most=100
        )


def test_a_set_that_lacks_the_profile_is_left_out_and_told(cohort):
    young = replace(cohort, decisions=cohort.decisions.assign(age_years=30.0))
    chosen = candidates_for(her2_positive=False, own=ENDOCRINE)
    who = read_profile("age_years >= 31")
    both = choose(who, chosen, [young, cohort], model_sd=0.2, most=100)
    alone = choose(who, chosen, [cohort], model_sd=0.2, most=100)
    assert (both.parameter_sets, both.left_out) == (1, 1)
    assert (alone.parameter_sets, alone.left_out) == (1, 0)
    assert both.ranked == alone.ranked


def test_the_same_regimen_twice_is_refused():
    with pytest.raises(InputError, match="given twice"):
        candidates_for(her2_positive=False, own=(ENDOCRINE[0], ENDOCRINE[0]))


def test_severe_events_are_those_of_the_sheets():
    severe = [
        one.rate.value / 100
        for one in find("everolimus").toxicities
        if one.grade == "3+"
    ]
    assert len(severe) > 1
    told = severe_percent("everolimus 10 mg daily")
    assert told == pytest.approx(100 * (1 - np.prod(1 - np.array(severe))))
    assert severe_percent(ENDOCRINE[1]) >= told > severe_percent(ENDOCRINE[0])
