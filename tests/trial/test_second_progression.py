"""A treatment that goes on at progression: known answers and refusals."""

from dataclasses import replace

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters
from oestra.trial.analysis import TimeToEvent
from oestra.trial.assumption import assumptions
from oestra.trial.conduct import conduct
from oestra.trial.designs import find_design, read_design
from oestra.trial.recipe import Recipe
from oestra.trial.run import run_trial
from oestra.trial.second_progression import NO_SECOND, after_progression
from oestra.trial.switch_event import cycle_after

WHOLE = find_design("EXAMPLE-SEQUENCE")
DESIGN = WHOLE.model_copy(
    update={
        "analysis": WHOLE.analysis.model_copy(update={"secondary": (TimeToEvent.PFS2,)})
    }
)
ALONE = DESIGN.model_copy(
    update={
        "arms": tuple(
            arm.model_copy(update={"phases": (), "regimen": arm.phases[0].regimen})
            for arm in DESIGN.arms
        ),
        "analysis": WHOLE.analysis.model_copy(update={"secondary": ()}),
    }
)


@pytest.fixture(scope="module")
def pool():
    return simulate_cohort(200, prior_parameters(), seed=3, workers=1)


def conducted(design, pool):
    recipe = Recipe(
        design=design, pool=pool, seed=1, assumptions=assumptions(), patients=120
    )
    return conduct(design, recipe.setting, Streams(4))


@pytest.fixture(scope="module")
def went_on(pool):
    return conducted(DESIGN, pool)


@pytest.fixture(scope="module")
def alone(pool):
    return conducted(ALONE, pool)


def test_the_first_progression_is_that_of_the_first_treatment(went_on, alone):
    for name in ("pfs_day", "pfs_event", "ttp_day", "best_response"):
        np.testing.assert_array_equal(went_on.patients[name], alone.patients[name])
    assert "pfs2_day" not in alone.patients


def test_who_progresses_goes_on_with_the_next_four_weeks(went_on):
    table = went_on.patients
    goes = np.isfinite(table["event_1_day"].to_numpy())
    assert 20 < goes.sum() < len(table)
    assert table["pfs_event"].to_numpy()[goes].all()
    np.testing.assert_allclose(
        table["event_1_day"].to_numpy()[goes],
        cycle_after(table["pfs_day"].to_numpy()[goes]),
    )
    assert (table["pfs2_day"] >= table["event_1_day"])[goes].all()
    second = goes & table["pfs2_event"].to_numpy(dtype=bool)
    assert second.sum() > 10
    assert (table["pfs2_day"] > table["pfs_day"])[second].all()


def test_who_does_not_go_on_is_censored_or_dead(went_on):
    table = went_on.patients
    stays = ~np.isfinite(table["event_1_day"].to_numpy())
    np.testing.assert_array_equal(
        table["pfs2_day"].to_numpy()[stays], table["pfs_day"].to_numpy()[stays]
    )
    died = (table["pfs_reason"] == "death").to_numpy()
    event = table["pfs2_event"].to_numpy(dtype=bool)
    np.testing.assert_array_equal(event[stays], (died & stays)[stays])
    left = stays & table["pfs_event"].to_numpy(dtype=bool) & ~died
    assert (table["pfs2_reason"].to_numpy()[left] == NO_SECOND).all()


def test_harm_and_the_end_of_treatment_follow_the_second_treatment(went_on, alone):
    ends = went_on.ends.set_index("patient")["end_day"]
    before = alone.ends.set_index("patient")["end_day"]
    goes = went_on.patients.loc[np.isfinite(went_on.patients["event_1_day"]), "patient"]
    assert (ends[goes] > before[goes]).mean() > 0.9
    first = went_on.patients.set_index("patient")["event_1_day"]
    late = went_on.events["onset_day"] > went_on.events["patient"].map(first)
    assert late.any()


def test_pfs2_is_an_endpoint_like_others(pool):
    result = run_trial(DESIGN, cohort=pool, replicates=1, patients=80)
    for arm in result.arms.values():
        pfs2, pfs = (arm.endpoints[f"{name}_median_months"] for name in ("pfs2", "pfs"))
        assert pfs2.estimate is None or pfs2.estimate > pfs.estimate
    assert [one.endpoint for one in result.contrasts] == ["pfs", "pfs2"]
    assert set(result.patients["PARAMCD"]) == {"PFS", "PFS2"}


def test_the_phase_after_progression():
    assert [after_progression(arm) for arm in DESIGN.arms] == [1, 1]
    assert after_progression(ALONE.arms[0]) is None


def test_pfs2_needs_such_phases_in_every_arm(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(
        "id: MINE\ntitle: mine\narms:\n"
        "  - id: A\n    label: a\n    n: 50\n    phases:\n"
        "      - {regimen: exemestane 25 mg daily, until: {event: progression}}\n"
        "      - {regimen: fulvestrant 500 mg every 28 days}\n"
        "  - {id: B, label: b, n: 50, regimen: exemestane 25 mg daily}\n"
        "eligibility: [liver]\nvisits: {interval_weeks: 8}\n"
        "criteria: RECIST-1.1\naccrual_months: 12\ndata_cut_months: 24\n"
        "reading: [local, central]\nanalysis: {secondary: [pfs2]}\n"
    )
    with pytest.raises(InputError) as caught:
        read_design(path)
    reading, asked = str(caught.value).splitlines()
    assert "line 16: two readings cannot be beside a phase" in reading
    assert "line 17: pfs2 is seen on a phase after progression, and B" in asked


def test_no_error_of_reading_moves_the_first_progression(pool):
    known = assumptions()
    exact = replace(known, missed_visit=replace(known.missed_visit, value=0.0))
    recipe = Recipe(design=DESIGN, pool=pool, seed=1, assumptions=exact, patients=60)
    table = conduct(DESIGN, recipe.setting, Streams(4)).patients
    assert (table["pfs2_day"] >= table["pfs_day"]).all()
