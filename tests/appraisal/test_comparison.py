"""Simulated and published numbers meet by their keys."""

import pytest

from oestra.appraisal.comparison import compare, comparison_table
from oestra.evidence.published import published


@pytest.fixture(scope="module")
def rows(trial_result):
    return compare(trial_result, published("BOLERO-2"))


def pick(rows, **wanted):
    return [r for r in rows if all(getattr(r, k) == v for k, v in wanted.items())]


def test_a_median_inside_the_published_interval(rows):
    (row,) = pick(rows, stratum="ITT", endpoint="pfs_median_months", arm="EXE+EVE")
    assert (row.published.estimate, row.published.low, row.published.high) == (
        7.8,
        6.9,
        8.5,
    )
    assert row.simulated.estimate == 7.0
    assert row.inside is True


def test_a_rate_outside(rows):
    (row,) = pick(rows, stratum="ITT", endpoint="orr_percent", arm="EXE+EVE")
    assert row.inside is False


def test_the_hazard_ratio_keeps_its_p(rows):
    (row,) = pick(rows, stratum="ITT", endpoint="hazard_ratio")
    assert (row.control, row.of, row.simulated.p) == ("EXE", "pfs", 0.0001)
    assert row.published.estimate == 0.45
    assert row.inside is True


def test_what_cannot_be_estimated_says_why(rows):
    (row,) = pick(rows, stratum="ITT", endpoint="pfs_median_months", arm="EXE")
    assert row.simulated.estimate is None
    assert row.simulated.reason == "median not reached"
    assert row.inside is None


def test_what_was_not_simulated_and_not_published_still_stands(rows):
    assert pick(rows, stratum="ITT", endpoint="cbr_percent", arm="EXE")
    (landmark,) = pick(rows, stratum="ITT", endpoint="landmark_percent")
    assert landmark.published.estimate is None
    assert landmark.name == "event-free, % at 12 months"


def test_duplicates_of_the_evidence_are_left_out(rows):
    keys = [row.key for row in rows]
    assert len(keys) == len(set(keys))


def test_the_table_has_one_row_each_and_both_intervals(rows):
    table = comparison_table(rows)
    assert len(table) == len(rows)
    assert {
        "simulated_estimate",
        "simulated_reason",
        "published_low",
        "inside",
        "stratum",
    } <= set(table.columns)
