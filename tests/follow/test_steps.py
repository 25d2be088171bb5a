"""Going on to another regimen: what is known of it beforehand."""

from functools import partial

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import Changes, Step, follow

DAYS = np.arange(0.0, 365.0, 28.0)
LETROZOLE = "letrozole 2.5 mg daily"
BOTH = f"{LETROZOLE} + everolimus 10 mg daily"
FULVESTRANT = "fulvestrant 500 mg on days 1, 15, 29 then every 28 days"


@pytest.fixture
def course(treated):
    return partial(treated, days=DAYS)


@pytest.mark.parametrize("text", [LETROZOLE, BOTH, FULVESTRANT])
def test_going_on_to_the_same_changes_nothing(course, text):
    alone, again = course(text), course(text, (112.0, text))
    np.testing.assert_array_equal(again.clone_log_cells, alone.clone_log_cells)


def test_going_on_to_nothing_is_stopping(course):
    stopped, none = course(BOTH, stop=140.0), course(BOTH, (140.0, "none"))
    np.testing.assert_array_equal(none.clone_log_cells, stopped.clone_log_cells)


def test_the_past_is_untouched_and_the_future_is_not(course):
    alone, switched = course(LETROZOLE), course(LETROZOLE, (112.0, FULVESTRANT))
    before = DAYS <= 112.0
    np.testing.assert_array_equal(
        switched.clone_log_cells[:, :, before], alone.clone_log_cells[:, :, before]
    )
    assert not np.array_equal(switched.total[:, ~before], alone.total[:, ~before])


def test_each_patient_goes_on_on_her_own_day(course):
    day = np.where(np.arange(12) % 2, 112.0, np.inf)
    some, nobody = course(LETROZOLE, (day, "none")), course(LETROZOLE)
    everybody = course(LETROZOLE, (112.0, "none"))
    np.testing.assert_array_equal(some.total[::2], nobody.total[::2])
    np.testing.assert_array_equal(some.total[1::2], everybody.total[1::2])


def test_a_new_drug_starts_from_nothing_and_the_depot_takes_its_time(course):
    # Loading doses of a depot given from the switch: as if the course began there.
    first = course("none", (84.0, FULVESTRANT))
    late = course("none", (84.0, "fulvestrant 500 mg every 28 days"))
    after = np.searchsorted(DAYS, 112.0)
    assert np.all(first.ki67[:, after] <= late.ki67[:, after] + 1e-12)
    assert np.any(first.ki67[:, after] < late.ki67[:, after])


def test_patients_who_are_alike_are_integrated_once_and_the_same(cohort):
    row = np.flatnonzero(cohort.decisions["setting"] != "primary")[:1]
    day = np.array([56.0, 168.0, np.inf])

    def run(rows, days):
        changes = Changes(
            stop_day=np.full(rows.shape, np.inf),
            steps=(Step(day=days, regimen=Regimen.parse(FULVESTRANT)),),
            settles=False,
        )
        return follow(
            cohort, rows, Regimen.parse(LETROZOLE), days=DAYS, changes=changes,
            streams=Streams(5),
        )  # fmt: skip

    together = run(np.repeat(row, 3), day)
    for number in range(3):
        alone = run(row, day[number : number + 1])
        np.testing.assert_array_equal(
            together.clone_log_cells[number], alone.clone_log_cells[0]
        )
