"""Registered predictions beside what was published of their trials."""

from pathlib import Path

import pytest

from oestra.appraisal.outcome import outcomes
from oestra.appraisal.prediction import read_predictions
from oestra.evidence.published import published

FOLDER = Path(__file__).parents[2] / "predictions"


def record(date, ratio, median, *, stratum=None):
    """Return a prediction of BELLE-2 that says one ratio and one median."""
    part = {
        "contrasts": [
            {
                "endpoint": "pfs",
                "arm": "BUP+FULV",
                "control": "FULV",
                "hazard_ratio": dict(
                    zip(("estimate", "low", "high"), ratio, strict=True)
                ),
            }
        ],
        "arms": {
            "FULV": {
                "pfs_median_months": dict(
                    zip(("estimate", "low", "high"), median, strict=True)
                )
            }
        },
    }
    empty = {"contrasts": [], "arms": {}}
    whole = empty if stratum else part
    return {
        "trial": "BELLE-2",
        "date": date,
        **whole,
        "strata": {stratum: part} if stratum else {},
    }


def test_each_number_meets_its_publication_and_misses_come_first():
    # Published: hazard ratio 0.78, median 5.0 months with fulvestrant alone.
    (one,) = outcomes({"a.json": record("2026-01-01", (0.5, 0.4, 0.6), (5, 4, 6))})
    assert [pair.row.id for pair in one.outcomes] == [
        "BELLE-2/ITT/hazard_ratio/BUP+FULV",
        "BELLE-2/ITT/pfs_median_months/FULV",
    ]
    missed, held = one.outcomes
    assert not missed.inside
    assert missed.off == pytest.approx(0.78 / 0.6)
    assert held.inside
    assert held.off == 1.0
    assert one.inside == 1


def test_a_stratum_meets_its_own_publication():
    said = record("2026-01-01", (1.0, 0.9, 1.1), (5, 4, 6), stratum="PIK3CA wild type")
    (one,) = outcomes({"a.json": said})
    ids = {pair.row.id: pair.inside for pair in one.outcomes}
    assert ids["BELLE-2/PIK3CA_wild_type/hazard_ratio/BUP+FULV"]


@pytest.mark.parametrize(
    ("median", "inside"),
    [((None, 4.0, None), True), ((None, 6.0, None), False), ((None,) * 3, False)],
)
def test_an_open_end_holds_what_lies_beyond(median, inside):
    (one,) = outcomes({"a.json": record("2026-01-01", (0.8, 0.7, 0.9), median)})
    found = {str(pair.row.endpoint): pair.inside for pair in one.outcomes}
    assert found == {"hazard_ratio": True, "pfs_median_months": inside}


def test_the_newest_stands_first_and_trials_without_result_are_left_out():
    early = record("2026-01-01", (0.8, 0.7, 0.9), (5, 4, 6))
    late = record("2026-02-01", (0.8, 0.7, 0.9), (5, 4, 6))
    unreported = {**early, "trial": "T1_FERGI"}
    found = outcomes({"b.json": early, "a.json": late, "c.json": unreported})
    assert [(one.file, one.newest) for one in found] == [
        ("a.json", True),
        ("b.json", False),
    ]


def test_the_predictions_of_the_project_are_set_beside_both_trials():
    found = outcomes(read_predictions(FOLDER))
    assert {one.trial for one in found} == {"BELLE-2", "BELLE-4"}
    assert sum(one.newest for one in found) == 2
    for one in found:
        shown = {pair.row.id for pair in one.outcomes}
        assert shown <= {row.id for row in published(one.trial)}
        off = [pair.off for pair in one.outcomes]
        assert off == sorted(off, reverse=True)
