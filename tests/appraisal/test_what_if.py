"""One patient on another regimen: known answers of her lesions, scans and death."""

from itertools import pairwise

import numpy as np
import pytest

from oestra.appraisal.what_if import what_if
from oestra.core.errors import InputError
from oestra.history.lived import live
from oestra.history.patient import course_of
from oestra.model.parameters import best_parameters

PATIENT = 24
FULVESTRANT = "fulvestrant 500 mg on days 1, 15, 29 then every 28 days"
BOTH = f"{FULVESTRANT} + palbociclib 125 mg daily for 21 days every 28 days"


@pytest.fixture(scope="module")
def lived():
    """A patient whose tumor answers, with lesions that can be measured."""
    return live(PATIENT, seed=7, parameters=best_parameters())


@pytest.fixture(scope="module")
def tried(lived):
    return {text: what_if(lived, 1, text) for text in ("none", FULVESTRANT, BOTH)}


def test_more_drugs_never_leave_a_larger_tumor_where_it_answers(tried):
    totals = [
        found.cells.drop(columns="day").sum(axis=1).to_numpy()
        for found in tried.values()
    ]
    for before, after in pairwise(totals):
        assert len(before) <= len(after)
        assert (after[1 : len(before)] < before[1:]).all()
    lesions = [found.lesions for found in tried.values()]
    for nothing, alone, both in zip(*lesions, strict=True):
        sizes = [one["diameter_mm"][: len(nothing["diameter_mm"])][-1]
                 for one in (nothing, alone, both)]  # fmt: skip
        assert sizes == sorted(sizes, reverse=True)


def test_every_regimen_begins_from_the_state_that_she_has_there(lived, tried):
    course = course_of(lived)
    for found in tried.values():
        now = course.cells.loc[course.days == found.start_day].iloc[-1]
        first = found.cells.iloc[0]
        assert found.start_day == course.happenings[0].day
        np.testing.assert_allclose(first["parental"], now["parental"], rtol=0.2)
        baseline = found.visits.iloc[0]
        assert baseline["sum_mm"] == tried["none"].visits.iloc[0]["sum_mm"]


def test_recist_reads_progression_where_the_sum_says_so(tried):
    for found in tried.values():
        seen = found.visits.iloc[1:]
        lowest = found.visits["sum_mm"].cummin().shift().iloc[1:]
        grown = (seen["sum_mm"] >= 1.2 * lowest) & (seen["sum_mm"] >= lowest + 5)
        assert (seen.loc[grown, "response"] == "PD").all()
        assert (seen["response"].iloc[:-1] != "PD").all()
        if found.ended_by == "scan":
            assert seen["response"].iloc[-1] == "PD"
            assert found.progression_day == found.end_day == seen["day"].iloc[-1]
        small = seen["sum_mm"] <= 0.7 * found.visits["sum_mm"].iloc[0]
        assert set(seen.loc[small & ~grown, "response"]) <= {"PR", "CR", "PD"}
        assert found.death_day >= found.end_day


def test_the_same_seed_gives_the_same_numbers(lived, tried):
    again = what_if(live(PATIENT, seed=7, parameters=best_parameters()), 1, BOTH)
    assert again.to_json_dict() == tried[BOTH].to_json_dict()


def test_levels_come_to_their_steady_state(lived):
    # Endoxifen gathers for months.
    found = what_if(lived, 2, "tamoxifen 20 mg daily + everolimus 10 mg daily")
    level, _ = found.levels
    assert level.drug == "tamoxifen"
    assert level.of_steady_state[0] < 0.2
    assert (np.diff(level.of_steady_state) > -1e-9).all()
    assert level.of_steady_state[-1] == pytest.approx(1.0, abs=0.02)
    assert what_if(lived, 1, "none").levels == ()


def test_what_practice_gave_is_taken_by_default(lived):
    found = what_if(lived, 2)
    assert found.regimen == found.taken == "tamoxifen 20 mg daily"


@pytest.mark.parametrize("line", [0, 5])
def test_a_line_that_she_does_not_have_is_told(lived, line):
    with pytest.raises(InputError, match=f"comes to lines 1 to 4, got {line}"):
        what_if(lived, line, "none")
