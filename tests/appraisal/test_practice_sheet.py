"""Practice at a glance: shares by year and lines, with what is behind them."""

import pytest

from oestra.appraisal.practice_sheet import practice_sheet
from oestra.history.cohort import simulate_cohort
from oestra.history.era import ERAS
from oestra.model.parameters import prior_parameters


@pytest.fixture(scope="module")
def sheet():
    cohort = simulate_cohort(120, prior_parameters(), seed=4, workers=2)
    return {(one.year, one.lines): one for one in practice_sheet(cohort)}


def test_every_era_and_line_is_told(sheet):
    assert sorted(sheet) == [(year, lines) for year in ERAS for lines in range(4)]
    for one in sheet.values():
        assert one.effective_size > 1
        assert all(0 <= share <= 100 for share in one.percent.values())


def test_shares_follow_the_calendar(sheet):
    assert sheet[2000, 2].percent["cdk46_inhibitor"] == 0
    assert sheet[2006, 0].percent["mtor_inhibitor"] == 0
    assert sheet[2023, 1].percent["cdk46_inhibitor"] > 30
    assert sheet[2000, 1].percent["tamoxifen"] > sheet[2023, 1].percent["tamoxifen"]


def test_more_lines_are_more_classes(sheet):
    def classes(lines):
        given = dict(sheet[2018, lines].percent)
        given.pop("chemotherapy")
        return sum(given.values())

    assert classes(0) < classes(1) < classes(3)


def test_it_is_printed_as_a_record(sheet):
    record = sheet[2012, 1].to_json_dict()
    assert record["year"] == 2012
    assert record["percent"]["nonsteroidal_ai"] > 0
