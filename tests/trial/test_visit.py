"""Days of scans: the plan, the days asked of the model, and what was really done."""

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.trial.assumption import assumptions
from oestra.trial.design import Visits
from oestra.trial.designs import find_design
from oestra.trial.visit import draw_interval, output_days, planned_days, schedule

KNOWN = assumptions()
PATIENT = np.arange(1000)


def test_one_interval_needs_no_draw():
    assert draw_interval(Visits(interval_weeks=8), Streams(1)) == 8


def test_of_several_intervals_each_is_drawn_as_often():
    visits = Visits(interval_weeks=(6, 8, 12))
    drawn = [draw_interval(visits, Streams(seed)) for seed in range(600)]
    for weeks in (6, 8, 12):
        assert drawn.count(weeks) == pytest.approx(200, abs=50)
    level = Streams(7).uniform("visit interval", [0])[0, 0]
    assert draw_interval(visits, Streams(7)) == (6, 8, 12)[int(3 * level)]


@pytest.mark.parametrize(
    ("until", "weeks"),
    [(84.0, [6, 12]), (83.9, [6]), (42.0, [6]), (41.0, []), (130.0, [6, 12, 18])],
)
def test_visits_are_planned_up_to_the_last_day(until, weeks):
    plan = planned_days(Visits(interval_weeks=6), 6, until)
    assert (plan / 7).tolist() == weeks


@pytest.mark.parametrize(
    ("until_weeks", "weeks"),
    [
        (60, [8, 16, 24, 36, 48, 60]),
        (59.9, [8, 16, 24, 36, 48]),
        (24, [8, 16, 24]),
        (20, [8, 16]),
        (7, []),
    ],
)
def test_a_later_interval_starts_from_the_last_visit_of_the_first(until_weeks, weeks):
    visits = Visits(interval_weeks=8, later_interval_weeks=12, later_after_weeks=24)
    assert (planned_days(visits, 8, 7 * until_weeks) / 7).tolist() == weeks


def test_the_later_interval_may_begin_between_visits():
    visits = Visits(interval_weeks=8, later_interval_weeks=12, later_after_weeks=23.9)
    assert (planned_days(visits, 8, 7 * 40) / 7).tolist() == [8, 16, 28, 40]
    soon = Visits(interval_weeks=8, later_interval_weeks=12, later_after_weeks=4)
    assert (planned_days(soon, 8, 7 * 40) / 7).tolist() == [12, 24, 36]


def trial(**analysis):
    design = find_design("BOLERO-2")
    return design.model_copy(
        update={"analysis": design.analysis.model_copy(update=analysis)}
    )


def test_courses_are_asked_for_twice_a_scan_interval_and_every_four_weeks():
    none = trial(ki67=None, metabolic=None)
    assert output_days(none, 6, 84.0).tolist() == [0, 21, 42, 63, 84]
    assert output_days(none, 6, 80.0).tolist() == [0, 21, 42, 63, 84]
    assert output_days(none, 12, 80.0).tolist() == [0, 28, 56, 84]


def test_courses_are_asked_for_on_the_days_of_biopsies():
    base = find_design("BASELGA_NEOADJ_EVE")
    assert base.analysis.ki67.day == 15
    assert output_days(base, 8, 60.0).tolist() == [0, 15, 28, 56, 84]


def test_the_plan_without_visits_has_no_days():
    got = schedule(
        np.zeros(0), Visits(interval_weeks=6), PATIENT,
        streams=Streams(1), assumptions=KNOWN,
    )  # fmt: skip
    assert got.day.shape == (1000, 0)
    assert got.attended.shape == (1000, 0)
    assert got.attended.dtype == bool


def drawn(window=5.0, plan=(42.0, 84.0, 126.0), streams=None):
    return schedule(
        np.array(plan), Visits(interval_weeks=6, window_days=window), PATIENT,
        streams=streams or Streams(1), assumptions=KNOWN,
    )  # fmt: skip


def test_scans_scatter_around_their_plan_within_the_window():
    got = drawn(window=20.0)
    off = got.day - np.array([42.0, 84.0, 126.0])
    assert off.std() == pytest.approx(KNOWN.visit_jitter.value, rel=0.05)
    assert off.mean() == pytest.approx(0.0, abs=0.3)
    assert np.abs(np.corrcoef(off.T) - np.eye(3)).max() < 0.12
    near = drawn(window=2.0).day - np.array([42.0, 84.0, 126.0])
    assert near.min() == -2.0
    assert near.max() == 2.0
    assert np.array_equal(near, np.clip(off, -2.0, 2.0))


def test_scatter_is_the_patients_own_luck():
    luck = Streams(1).normal("visit day", PATIENT, 3)
    off = np.clip(KNOWN.visit_jitter.value * luck, -20.0, 20.0)
    assert np.array_equal(drawn(20.0).day, np.array([42.0, 84.0, 126.0]) + off)
    level = Streams(1).uniform("missed visit", PATIENT, 3)
    assert np.array_equal(drawn().attended, level >= KNOWN.missed_visit.value)


def test_each_visit_is_missed_as_often_and_for_itself():
    missed = ~drawn().attended
    assert missed.shape == (1000, 3)
    share = KNOWN.missed_visit.value
    assert missed.mean() == pytest.approx(share, abs=0.01)
    assert missed.all(axis=1).mean() < share / 2


def test_no_scan_before_the_first_day():
    day = drawn(window=5.0, plan=(2.0,)).day
    assert day.min() == 1.0
    assert np.any((day > 1.0) & (day < 2.0))
