"""Patients of a trial under every arm: weighted, paired, scanned at every interval."""

import numpy as np
import pandas as pd
import pytest

from oestra.follow.treatment import run_course
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters
from oestra.trial import observe
from oestra.trial.designs import find_design
from oestra.trial.observe import observe_arms


@pytest.fixture(scope="module")
def pool():
    return simulate_cohort(500, prior_parameters(), seed=3, enriched=True)


@pytest.fixture(scope="module")
def horizon(pool):
    return observe_arms(find_design("HORIZON"), pool, {"ITT"}, seed=1, most=120)


def test_arms_hold_the_same_patients_with_the_same_weights(horizon):
    treated, control = horizon.arms.values()
    assert treated["patient"].tolist() == control["patient"].tolist()
    one, other = horizon.weight.values()
    assert np.array_equal(one, other)
    assert one.sum() == pytest.approx(1.0)


def test_about_as_many_are_kept_as_were_asked_for(horizon):
    kept = horizon.arms["LET"]["patient"].nunique()
    assert 60 < kept < 240
    assert 0 < horizon.effective_size <= kept


def test_every_interval_between_scans_that_may_be_has_its_share(pool):
    design = find_design("HORIZON")
    assert design.visits.candidates == (8, 12)

    def scans(plan):
        table = observe_arms(plan, pool, {"ITT"}, seed=1, most=120).arms["LET"]
        seen = table[table["pfs_reason"] == "progression on scan"]
        return seen["pfs_day"].to_numpy()

    def only(weeks):
        visits = design.visits.model_copy(update={"interval_weeks": weeks})
        return design.model_copy(update={"visits": visits})

    first = {weeks: np.mean(scans(only(weeks)) < 70) for weeks in (8.0, 12.0)}
    assert first[8.0] > first[12.0] == 0.0
    assert 0.0 < np.mean(scans(design) < 70) < first[8.0]


def test_a_log_factor_on_growth_brings_progression_forward(pool):
    design = find_design("HORIZON")
    slow, fast = (
        observe_arms(design, pool, {"ITT"}, seed=1, most=120, growth_effect=effect)
        .arms["LET"]["pfs_day"]
        .median()
        for effect in (-0.5, 0.5)
    )
    assert fast < slow


def test_chance_meets_the_course_of_a_patient_again_and_again(pool, monkeypatch):
    courses = []

    def counted(*args, **rest):
        courses.append(run_course(*args, **rest))
        return courses[-1]

    monkeypatch.setattr(observe, "run_course", counted)
    design = find_design("BOLERO-2")
    seen = observe_arms(design, pool, {"ITT"}, seed=1, most=120, draws=3)
    assert len(courses) == len(design.arms)
    table, weight = seen.arms["EXE+EVE"], seen.weight["EXE+EVE"]
    assert weight.sum() == pytest.approx(1.0)
    parts = [table.loc[part].reset_index() for part in np.split(table.index, 3)]
    assert all(part["patient"].equals(parts[0]["patient"]) for part in parts)
    # New lesions and scans come on other days; who stops for harm stays the same.
    assert not parts[1]["pfs_day"].equals(parts[0]["pfs_day"])
    often = np.array([part["stopped_for_harm"].sum() for part in parts])
    assert np.ptp(often) <= 0.3 * often.mean()
    alone = observe_arms(design, pool, {"ITT"}, seed=1, most=120, draws=1)
    pd.testing.assert_frame_equal(alone.arms["EXE+EVE"], table[: len(parts[0])])
