"""Everybody eligible under every arm: who is sampled, how numbered, how weighted."""

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters
from oestra.trial.candidates import candidates
from oestra.trial.case_mix import weigh
from oestra.trial.design import Group
from oestra.trial.designs import find_design
from oestra.trial.eligibility import screen
from oestra.trial.members import Draw, Members
from oestra.trial.weighted_enrollment import _probability, enroll_weighted

DESIGN = find_design("BOLERO-2")
TREATED, CONTROL = DESIGN.arm_ids


@pytest.fixture(scope="module")
def decisions():
    return candidates(
        DESIGN, simulate_cohort(300, prior_parameters(), seed=5, enriched=True)
    )


@pytest.fixture(scope="module")
def weighted(decisions):
    return weigh(DESIGN, decisions, screen(DESIGN, decisions).rows)


def enroll(decisions, weighted, design=DESIGN, most=10_000, strata=("ITT",)):
    return enroll_weighted(
        design, decisions, weighted, strata, most=most, streams=Streams(7)
    )


def test_everybody_is_in_every_arm_with_her_weight(decisions, weighted):
    found = enroll(decisions, weighted)
    for arm in DESIGN.arm_ids:
        members, weight = found.members[arm], found.weight[arm]
        assert np.all(np.diff(members.patient) > 0)
        order = np.argsort(members.row)
        by_row = np.argsort(weighted.rows)
        assert np.array_equal(members.row[order], weighted.rows[by_row])
        assert weight[order] == pytest.approx(weighted.weight[by_row])
        assert found.strata[arm]["ITT"].all()
    assert found.effective_size == pytest.approx(weighted.effective_size)


def test_a_patient_has_her_number_and_entry_whoever_else_is_enrolled(
    decisions, weighted
):
    whole = enroll(decisions, weighted).members[CONTROL]
    few = enroll(decisions, weighted, most=30).members[CONTROL]
    assert 0 < few.row.size < whole.row.size
    place = np.searchsorted(whole.patient, few.patient)
    assert np.array_equal(whole.patient[place], few.patient)
    assert np.array_equal(whole.row[place], few.row)
    assert np.array_equal(whole.entry_day[place], few.entry_day)
    assert np.all(few.entry_day <= DESIGN.accrual_months * 31)


def test_samples_keep_the_weight_of_each_patient_on_average(decisions, weighted):
    total = np.zeros(len(decisions))
    seeds = 400
    for seed in range(seeds):
        found = enroll_weighted(
            DESIGN, decisions, weighted, ["ITT"], most=40, streams=Streams(seed)
        )
        total[found.members[CONTROL].row] += found.weight[CONTROL] / seeds
    visceral = decisions["visceral"].to_numpy()
    share = weighted.weight[visceral[weighted.rows]].sum()
    assert total[visceral].sum() == pytest.approx(share, abs=0.02)


def test_a_stratum_asked_for_has_places_of_its_own(decisions, weighted):
    sizes = {
        name: sum(members)
        for name, members in enroll(decisions, weighted).strata[CONTROL].items()
    }
    rare = min((name for name in sizes if sizes[name]), key=sizes.get)
    alone = enroll(decisions, weighted, most=30)
    asked = enroll(decisions, weighted, most=30, strata=("ITT", rare))
    count = {
        name: int(found.strata[CONTROL][rare].sum())
        for name, found in (("alone", alone), ("asked", asked))
    }
    assert count["asked"] > count["alone"]


def test_an_arm_takes_only_the_groups_that_are_randomized_to_it(decisions, weighted):
    groups = {
        "visceral": Group(where="visceral", n={TREATED: 10, CONTROL: 10}),
        "other": Group(where="not visceral", n={CONTROL: 10}),
    }
    found = enroll(decisions, weighted, DESIGN.model_copy(update={"groups": groups}))
    visceral = decisions["visceral"].to_numpy()
    assert visceral[found.members[TREATED].row].all()
    assert not visceral[found.members[CONTROL].row].all()
    assert found.strata[TREATED]["visceral"].all()
    assert not found.strata[TREATED]["other"].any()
    assert found.members[CONTROL].row.size == weighted.rows.size


def test_probabilities_follow_weights_and_add_up():
    weight = np.array([0.0, 1.0, 1.0, 2.0, 40.0])
    chance = _probability(weight, 2.0)
    assert chance == pytest.approx([0.0, 0.25, 0.25, 0.5, 1.0])
    assert _probability(weight, 4.0).tolist() == [0.0, 1.0, 1.0, 1.0, 1.0]


def test_each_draw_moves_days_of_entry_among_the_same_patients():
    numbers = np.arange(6)
    members = Members(patient=numbers, row=numbers + 10, entry_day=numbers * 1.0)
    days = [
        members.entering(Draw(interval_weeks=8, number=number, draws=3)).entry_day
        for number in range(3)
    ]
    assert days[0].tolist() == [0, 1, 2, 3, 4, 5]
    assert days[1].tolist() == [4, 5, 0, 1, 2, 3]
    assert days[2].tolist() == [2, 3, 4, 5, 0, 1]
