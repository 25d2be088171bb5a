"""Courses on trial: growth, stopping, events and luck."""

from dataclasses import replace

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.course.events import _hazard_day
from oestra.course.integrate import periods
from oestra.drugs.regimen import Regimen
from oestra.engagement.regimen_load import drug_ramps, pk_subjects
from oestra.follow.treatment import Changes, Lower, follow
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import best_parameters, prior_parameters
from oestra.network.cell import cell
from oestra.tumor.clone import Clone

DAYS = np.array([0.0, 14.0, 28.0, 61.0, 84.0, 130.0])
FULVESTRANT = Regimen.parse("fulvestrant 500 mg on days 1, 15, 29 then every 28 days")


def run(cohort, rows, regimen, *, stop=np.inf, days=DAYS, seed=1, **rest):
    return follow(
        cohort, rows, regimen, days=days, streams=Streams(seed),
        changes=Changes(stop_day=np.full(len(rows), stop)), **rest,
    )  # fmt: skip


@pytest.fixture(scope="module")
def primary(cohort):
    return np.flatnonzero(cohort.decisions["setting"] == "primary")


@pytest.fixture(scope="module")
def advanced(cohort):
    return np.flatnonzero(cohort.decisions["setting"] != "primary")[:12]


def equal(one, other):
    for name in ("log_volume", "new_lesion_day", "symptom_day", "death_day", "ki67",
                 "clone_log_cells", "site", "measurable"):  # fmt: skip
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name


def test_an_untreated_clone_grows_exponentially(cohort, primary):
    model = cell()
    seen = run(cohort, primary, Regimen())
    y = cohort.y[primary, Clone.PARENTAL].astype(float)
    p = cohort.lanes(primary).p[:, Clone.PARENTAL]
    rate = model.kernel.evaluate(y, p)[:, model.output("growth_rate")]
    start = cohort.log_cells[primary, Clone.PARENTAL]
    lead = cohort.parameters["baseline_lead_days"]
    expected = start[:, None] + rate[:, None] * (lead + DAYS)
    np.testing.assert_allclose(
        seen.clone_log_cells[:, Clone.PARENTAL], expected, rtol=2e-4
    )
    ki67 = 100 * y[:, model.states["ki67"]]
    assert seen.ki67[:, 0] == pytest.approx(ki67, rel=0.02)


def test_day_0_shows_the_baseline_scan(cohort, primary):
    volume = run(cohort, primary, Regimen()).log_volume[:, 0]
    lead = cohort.parameters["baseline_lead_days"]
    rate = (volume[:, 2] - volume[:, 1]) / (DAYS[2] - DAYS[1])
    assert volume[:, 1] - volume[:, 0] == pytest.approx(
        rate * (DAYS[1] + lead), rel=0.05, abs=0.01
    )


def test_a_faster_trial_is_faster_in_every_tumor(cohort, primary):
    slow = run(cohort, primary, Regimen()).clone_log_cells[:, 0]
    fast = run(cohort, primary, Regimen(), log_growth_effect=np.log(1.5))
    rise = fast.clone_log_cells[:, 0] - fast.clone_log_cells[:, 0, :1]
    assert rise[:, -1] == pytest.approx(1.5 * (slow - slow[:, :1])[:, -1], rel=0.01)


def test_a_drug_stopped_at_once_was_never_taken(cohort, advanced):
    equal(
        run(cohort, advanced, FULVESTRANT, stop=0.0), run(cohort, advanced, Regimen())
    )


def test_a_drug_acts_until_it_is_stopped(cohort, primary):
    on = run(cohort, primary, FULVESTRANT)
    stopped = run(cohort, primary, FULVESTRANT, stop=28.0)
    never = run(cohort, primary, Regimen())
    early, late = DAYS <= 28, DAYS > 28
    rise = [seen.clone_log_cells[:, 0] for seen in (on, stopped, never)]
    assert np.array_equal(rise[0][:, early], rise[1][:, early])
    assert np.all(rise[0][:, 1:] < rise[2][:, 1:])
    assert np.all(rise[1][:, late] > rise[0][:, late])
    assert np.all(on.ki67[:, 2] < never.ki67[:, 2])


def test_fulvestrant_lowers_ki67_in_the_set_that_ships():
    cohort = simulate_cohort(32, best_parameters(), seed=3, workers=1)
    primary = np.flatnonzero(cohort.decisions["setting"] == "primary")
    on, never = (run(cohort, primary, one) for one in (FULVESTRANT, Regimen()))
    assert np.median(on.ki67[:, 2] / never.ki67[:, 2]) < 0.8


def test_a_lower_dose_acts_less_from_its_day_on(cohort, primary):
    full, none = Regimen.parse("alpelisib 300 mg daily"), Regimen()
    half = full.reduced(["alpelisib"], 0.5)
    n = len(primary)

    def course(regimen, **changes):
        seen = follow(
            cohort, primary, regimen, days=DAYS, streams=Streams(1),
            changes=Changes(stop_day=np.full(n, np.inf), **changes),
        )  # fmt: skip
        return seen.clone_log_cells[:, 0]

    lowered = course(full, lower=Lower(day=np.full(n, 56.0), regimen=half))
    early, last = DAYS <= 28, -1
    assert np.array_equal(lowered[:, early], course(full)[:, early])
    assert np.median(lowered[:, last] - course(full)[:, last]) > 0
    assert np.median(course(none)[:, last] - lowered[:, last]) > 0
    never = course(full, lower=Lower(day=np.full(n, np.inf), regimen=half))
    assert np.array_equal(never, course(full))


def test_a_course_that_ends_leaves_the_tumor_to_itself(cohort, primary):
    # What the course has rewired fades within months.
    days = np.arange(0.0, 337.0, 28.0)
    regimens = ("letrozole 2.5 mg daily for 8 weeks", "letrozole 2.5 mg daily", "none")
    ended, kept, never = (
        run(cohort, primary, Regimen.parse(text), days=days).clone_log_cells[:, 0]
        for text in regimens
    )
    assert ended[:, 1] == pytest.approx(kept[:, 1], abs=0.01)
    assert np.all(ended[:, -1] > kept[:, -1])
    last = [np.diff(course)[:, -1] for course in (ended, never)]
    assert np.median(last[0] / last[1]) == pytest.approx(1.0, abs=0.1)


def test_loads_come_on_as_kinetics_let_them(cohort, primary):
    def ramp(text):
        regimen = Regimen.parse(text)
        subjects = pk_subjects(cohort.patients(primary), regimen, cohort.streams)
        (found,) = drug_ramps(regimen, subjects, np.arange(0.0, 800.0, 28.0)).values()
        return found

    loaded = ramp("fulvestrant 500 mg on days 1, 15, 29 then every 28 days")
    plain = ramp("fulvestrant 500 mg every 28 days")
    for found in (loaded, plain):
        assert found[:, -1] == pytest.approx(1.0, abs=0.02)
    assert np.all(plain[:, 0] < loaded[:, 0])
    assert np.all(plain[:, 0] < 0.8)


def test_patients_do_not_know_of_each_other(cohort, advanced):
    whole = run(cohort, advanced, FULVESTRANT)
    part = run(cohort, advanced[4:7], FULVESTRANT)
    assert np.array_equal(whole.log_volume[4:7], part.log_volume)
    assert np.array_equal(whole.new_lesion_day[4:7], part.new_lesion_day)


def test_arms_share_luck_and_trials_do_not(cohort, advanced):
    one = run(cohort, advanced, Regimen())
    equal(run(cohort, advanced, Regimen()), one)
    other = run(cohort, advanced, Regimen(), seed=2)
    assert not np.array_equal(one.new_lesion_day, other.new_lesion_day)
    assert one.clone_log_cells[:, 0].tobytes() == other.clone_log_cells[:, 0].tobytes()


def test_output_days_do_not_bend_the_course(cohort, primary):
    some = run(cohort, primary, FULVESTRANT)
    more = run(cohort, primary, FULVESTRANT, days=np.arange(0.0, 131.0))
    at = DAYS.astype(int)
    np.testing.assert_allclose(
        more.clone_log_cells[:, 0, at], some.clone_log_cells[:, 0], atol=2e-3
    )


def test_what_is_recorded(cohort, advanced):
    seen = run(cohort, advanced, Regimen())
    assert seen.log_volume.shape == (len(advanced), seen.site.shape[1], len(DAYS))
    assert np.array_equal(np.isfinite(seen.log_volume[:, :, 0]), seen.site >= 0)
    assert not seen.measurable[seen.site < 0].any()
    assert np.all((seen.ki67 >= 0) & (seen.ki67 <= 100))
    assert np.all(seen.new_lesion_day > 0)
    assert np.all(seen.death_day > 0)
    assert seen.audit["lost"] == 0


@pytest.mark.parametrize("days", [[0.0], [1.0, 2.0], [0.0, 5.0, 5.0], [0.0, 5.0, 3.0]])
def test_days_must_ascend_from_zero(cohort, advanced, days):
    with pytest.raises(InputError, match="ascend from 0"):
        run(cohort, advanced[:1], Regimen(), days=np.array(days))


def test_a_constant_hazard_ends_after_an_exponential_time():
    days = np.linspace(0, 1000, 11)
    hazard = 0.004
    luck = Streams(1).exponential("x", np.arange(5000))[:, 0]
    cumulative = np.tile(hazard * days, (5000, 1))
    found = _hazard_day(days, cumulative, luck)
    seen = luck < hazard * 1000
    assert np.array_equal(np.isfinite(found), seen)
    assert found[seen] == pytest.approx(luck[seen] / hazard)


def test_new_lesions_come_with_their_hazard(cohort, advanced):
    p = prior_parameters().replace(
        new_lesion_hazard=0.0005, new_lesion_growth=1e-9, new_lesion_burden=0.0
    )
    changed = replace(cohort, parameters=p)
    days = np.array([0.0, 28.0, 56.0])
    patient = cohort.decisions["patient"].to_numpy()[advanced]
    for seed in range(3):
        seen = run(changed, advanced, Regimen(), days=days, seed=seed)
        luck = Streams(seed).exponential("new lesion", patient)[:, 0]
        expected = np.where(luck < 0.0005 * 56, luck / 0.0005, np.inf)
        assert seen.new_lesion_day == pytest.approx(expected, rel=1e-4)


def test_stretches_cover_every_day_once():
    for days in (DAYS, np.array([0.0, 28.0]), np.array([0.0, 5.0]), np.arange(90.0)):
        found = periods(days)
        starts = [start for start, _ in found]
        ends = [at[-1] for _, at in found]
        assert starts == [0.0, *ends[:-1]]
        assert ends[-1] == days[-1]
        assert max(np.subtract(ends, starts)) <= 28.0
        seen = np.concatenate([at for _, at in found])
        assert np.all(np.diff(seen) > 0)
        assert set(days[1:]) <= set(seen)


def test_what_nobody_looks_at_is_not_integrated(cohort, advanced):
    whole = run(cohort, advanced, FULVESTRANT, keep=True)
    until = np.resize([10.0, 61.0, 84.0, 130.0], len(advanced))
    part = follow(
        cohort,
        advanced,
        FULVESTRANT,
        days=DAYS,
        streams=Streams(1),
        changes=Changes(stop_day=np.full(len(advanced), np.inf), until_day=until),
        keep=True,
    )
    assert part.audit["lanes"] < whole.audit["lanes"]
    last = np.minimum(until, whole.death_day)
    seen = last[:, None] >= DAYS
    for name in ("log_volume", "clone_log_cells"):
        one, other = (np.moveaxis(getattr(x, name), 1, 2) for x in (part, whole))
        assert one[seen].tobytes() == other[seen].tobytes(), name
    assert part.ki67[seen].tobytes() == whole.ki67[seen].tobytes()
    assert part.kept is not None
    assert whole.kept is not None
    assert part.kept.on(last).tobytes() == whole.kept.on(last).tobytes()
    for name in ("new_lesion_day", "symptom_day", "death_day"):
        one, other = getattr(part, name), getattr(whole, name)
        np.testing.assert_array_equal(one[one <= last], other[one <= last])
        np.testing.assert_array_equal(one <= last, other <= last)
