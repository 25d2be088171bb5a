"""Performance status and life expectancy follow from what a patient is."""

from dataclasses import replace

import numpy as np
import pytest

from oestra.course.death import fatal_log_cells
from oestra.course.tumors import Tumors
from oestra.follow.performance import LONGEST_MONTHS, performance, performance_status
from oestra.history.store import load_cohort
from oestra.tumor.burden import log_total


@pytest.fixture(scope="module")
def pool():
    return load_cohort()


@pytest.fixture(scope="module")
def rows(pool):
    return np.arange(0, len(pool.decisions), 40)


def test_status_worsens_and_life_shortens_with_the_burden(pool, rows):
    before, longer = performance(pool, rows)
    heavier = replace(pool, log_cells=pool.log_cells + np.log(4.0))
    after, shorter = performance(heavier, rows)
    assert np.all(after >= before)
    assert np.all(shorter <= longer)
    assert after.mean() > before.mean() + 0.1


def test_nobody_is_well_with_a_burden_near_the_fatal(pool, rows):
    fatal = fatal_log_cells(pool.parameters)
    total = log_total(pool.log_cells[rows])
    alive = rows[np.isfinite(total)]

    def at(share):
        shifted = pool.log_cells.copy()
        shifted[alive] += (fatal + np.log(share) - log_total(pool.log_cells[alive]))[
            :, None
        ]
        return performance(replace(pool, log_cells=shifted), alive)

    ecog, months = at(1.01)
    assert np.all(ecog == 4)
    assert np.all(months == 0)
    ecog, _ = at(1.01 * performance_status()["bedridden_share"])
    assert np.all(ecog >= 3)


def test_ranges_and_chance_of_each_decision(pool, rows):
    ecog, months = performance(pool, rows)
    assert set(np.unique(ecog)) == {0, 1, 2, 3, 4}
    assert np.all((months >= 0) & (months <= LONGEST_MONTHS))
    # Nobody's status depends on who else is looked at.
    some = rows[::7]
    np.testing.assert_array_equal(performance(pool, some)[0], ecog[::7])


def test_the_shares_are_those_of_baseline_tables(pool):
    """ECOG 0 in 47 to 60 % and 2 in 2 to 14 % of patients of trials."""
    kept = (pool.decisions["setting"] != "primary").to_numpy()
    rows = np.flatnonzero(kept)[::5]
    ecog, _ = performance(pool, rows)
    fit = ecog <= 2
    weight = pool.decisions["weight"].to_numpy()[rows][fit]
    share = [np.average(ecog[fit] == grade, weights=weight) for grade in (0, 2)]
    assert 0.45 < share[0] < 0.75
    assert 0.02 < share[1] < 0.14


def test_life_expectancy_is_the_time_to_the_fatal_burden(pool):
    """At a pace that holds, an untreated tumor is fatal when it was said to be."""
    setting = (pool.decisions["setting"] == "de_novo").to_numpy()
    rows = np.flatnonzero(setting)[:60]
    _, months = performance(pool, rows)
    days = np.clip(months * 30.4375, 0.0, 2000.0)
    lanes = pool.lanes(rows)
    found = []
    for place in range(len(rows)):
        tumors = Tumors(
            cell=lanes.cell,
            ids=pool.decisions["patient"].to_numpy()[rows[place : place + 1]],
            y=pool.y[rows[place : place + 1]].astype(float),
            log_cells=pool.log_cells[rows[place : place + 1]].copy(),
        )
        tumors.grow(lanes.p[place : place + 1], np.array([0]), np.array([days[place]]))
        found.append(float(tumors.total(np.array([0]))[0]))
    fatal = fatal_log_cells(pool.parameters)
    soon = days < 1000.0
    assert soon.sum() > 20
    assert np.median(np.abs(np.array(found)[soon] - fatal)) < 0.5
