"""Simulated and published numbers meet by their keys."""

import pytest

from oestra.appraisal.comparison import Cell, Comparison, compare, comparison_table
from oestra.evidence.published import published


@pytest.fixture(scope="module")
def rows(trial_result):
    return compare(trial_result, published("BOLERO-2"))


def pick(rows, **wanted):
    return [r for r in rows if all(getattr(r, k) == v for k, v in wanted.items())]


def test_a_published_estimate_meets_the_simulated_interval(rows):
    (row,) = pick(rows, stratum="ITT", endpoint="pfs_median_months", arm="EXE+EVE")
    assert (row.published.estimate, row.published.low, row.published.high) == (
        7.8,
        6.9,
        8.5,
    )
    assert (row.simulated.low, row.simulated.high) == pytest.approx((6.3, 7.7))
    assert (row.verdict, row.inside) == ("outside", False)


@pytest.mark.parametrize(
    ("endpoint", "simulated", "published", "verdict"),
    [
        ("hazard_ratio", (0.5, 0.35, 0.7), 0.45, "inside"),
        ("hazard_ratio", (0.5, 0.46, 0.7), 0.45, "outside"),
        ("hazard_ratio", (0.5, 0.2, 1.3), 0.45, "wide"),
        ("hazard_ratio", (0.5, 0.0, 0.9), 0.45, "wide"),
        ("pfs_median_months", (9.0, 6.0, None), 20.0, "wide"),
        ("pfs_median_months", (9.0, 6.0, None), 5.0, "outside"),
        ("orr_percent", (2.0, 0.0, 6.0), 0.0, "inside"),
        ("orr_percent", (2.0, 0.5, 6.0), 0.0, "outside"),
        ("orr_percent", (40.0, 15.0, 70.0), 30.0, "wide"),
        ("ki67_change_percent", (-60.0, -75.0, -40.0), -50.0, "inside"),
        ("ki67_change_percent", (-60.0, -90.0, -40.0), -50.0, "wide"),
        ("orr_percent", (2.0, None, None), 0.0, ""),
    ],
)
def test_inside_passes_no_wide_interval_and_fails_no_covered_zero(
    endpoint, simulated, published, verdict
):
    row = Comparison(
        stratum="ITT",
        endpoint=endpoint,
        arm="A",
        simulated=Cell(
            **dict(zip(("estimate", "low", "high"), simulated, strict=True))
        ),
        published=Cell(estimate=published),
    )
    assert row.verdict == verdict
    assert row.inside is {"inside": True, "outside": False}.get(verdict)


def test_the_hazard_ratio_keeps_the_trials_it_wins(rows):
    (row,) = pick(rows, stratum="ITT", endpoint="hazard_ratio")
    assert (row.control, row.of, row.simulated.p) == ("EXE", "pfs", 0.0001)
    assert row.simulated.won == 100.0
    assert row.simulated.won_low == pytest.approx(83.2, abs=0.1)
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
