"""What a culture is given over time: the grammar, and what cells do under it."""

import math

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.culture.dose_response import dose_response
from oestra.culture.doses import parse_series
from oestra.culture.experiment import prepare, run_cell
from oestra.culture.schedule import parse_schedule, parse_steps


def given(text, days):
    return [(end, str(one)) for end, one in parse_schedule(text).spans(days)]


@pytest.mark.parametrize(
    ("text", "days", "spans"),
    [
        ("palbociclib 250 nM", 5, [(5, "palbociclib 250 nM")]),
        (
            "palbociclib 250 nM for 3 days then none for 2 days",
            5,
            [(3, "palbociclib 250 nM"), (5, "none")],
        ),
        ("palbociclib 250 nM for 3 days", 5, [(3, "palbociclib 250 nM"), (5, "none")]),
        (
            "palbociclib 250 nM from day 1 to day 3 + fulvestrant 1 nM",
            4,
            [
                (1, "fulvestrant 1 nM"),
                (3, "palbociclib 250 nM + fulvestrant 1 nM"),
                (4, "fulvestrant 1 nM"),
            ],
        ),
        (
            "palbociclib 250 nM for 1 day every 3 days",
            5,
            [
                (1, "palbociclib 250 nM"),
                (3, "none"),
                (4, "palbociclib 250 nM"),
                (5, "none"),
            ],
        ),
        (
            "palbociclib 250 nM for 24 hours then none for 1 day repeated 2 times",
            9,
            [
                (1, "palbociclib 250 nM"),
                (2, "none"),
                (3, "palbociclib 250 nM"),
                (4, "none"),
                (9, "none"),
            ],
        ),
    ],
)
def test_schedules_are_read(text, days, spans):
    assert given(text, days) == [(pytest.approx(end), told) for end, told in spans]
    again = parse_schedule(str(parse_schedule(text)))
    assert list(again.spans(days)) == list(parse_schedule(text).spans(days))


def test_a_pretreatment_may_have_phases():
    steps = parse_steps("estradiol 0 nM for 3 days then EGF 1 nM for 1 week")
    assert [step.days for step in steps] == [3.0, 7.0]


def test_a_drug_that_comes_later_leaves_the_course_before_as_it_is():
    late = run_cell("MCF7", drug="palbociclib 250 nM from day 3 to day 6", at=[2, 3, 9])
    early, before, after = late.treated["cell_number_fold"]
    assert early == pytest.approx(late.untreated["cell_number_fold"][0], rel=1e-4)
    assert before == pytest.approx(late.untreated["cell_number_fold"][1], rel=1e-4)
    assert after < 0.5 * late.untreated["cell_number_fold"][2]


def test_two_phases_of_the_same_drug_are_one():
    whole = run_cell("MCF7", drug="palbociclib 100 nM", days=6)
    parts = run_cell(
        "MCF7", drug="palbociclib 100 nM for 2 days then palbociclib 100 nM for 4 days"
    )
    assert parts.times_days[-1] == 6.0
    for name in ("ki67", "cell_number_fold"):
        assert parts.final(name)[1] == pytest.approx(whole.final(name)[1], rel=1e-3)


def test_chosen_days_are_those_of_the_even_course():
    even = run_cell("MCF7", drug="fulvestrant 10 nM", days=7, points=8)
    chosen = run_cell("MCF7", drug="fulvestrant 10 nM", days=7, at=[5, 2])
    assert chosen.times_days.tolist() == [2.0, 5.0]
    expected = even.treated["cell_number_fold"][[2, 5]]
    assert chosen.treated["cell_number_fold"] == pytest.approx(expected, rel=1e-4)


def test_a_changing_medium_reaches_both_cultures():
    result = run_cell("MCF7", medium="estradiol 0 nM for 3 days then none", at=[3, 8])
    hungry, fed = result.untreated["ki67"]
    assert hungry < fed
    assert result.treated["ki67"].tolist() == result.untreated["ki67"].tolist()
    assert "for 3 days then" in result.medium


def test_a_dose_response_on_a_schedule():
    curve = dose_response(
        prepare("MCF7"),
        parse_series("everolimus 1, 10 nM"),
        background=parse_schedule("fulvestrant 10 nM for 2 days then none"),
        days=4,
    )
    alone = run_cell("MCF7", drug="fulvestrant 10 nM for 2 days", days=4)
    assert curve.untreated["cell_number_fold"] == pytest.approx(
        alone.final("cell_number_fold")[1], rel=1e-4
    )
    assert np.all(curve.responses["cell_number_fold"] < 1.001 * curve.folds[0])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"drug": "palbociclib 1 nM then none"}, ["palbociclib", "for 7 days"]),
        ({"drug": "none for 9 days then palbociclib 1 nM", "days": 7}, ["day 9", "7"]),
        ({"drug": "palbociclib 1 nM for 1 day every 3 days"}, ["--days"]),
        ({"drug": "palbociclib 1 nM for 3 days every 1 day"}, ["3 days", "1 days"]),
        ({"drug": "palbociclib 1 nM from day 3 to day 2"}, ["day 2", "day 3"]),
        (
            {"drug": "palbociclib 1 nM from day 0 + palbociclib 2 nM from day 3"},
            ["palbociclib", "twice", "day 3"],
        ),
        (
            {"drug": "palbociclib 1 nM from day 1 then none for 1 day"},
            ["not both"],
        ),
        (
            {"drug": "palbociclib 1 nM for 1 hour every 2 hours", "days": 700},
            ["at most", "700"],
        ),
        (
            {"drug": "E2 1 nM", "medium": "estradiol 0 nM for 3 days then none"},
            ["estradiol", "one of them"],
        ),
        ({"medium": "fulvestrant 1 nM for 2 days then none"}, ["fulvestrant", "drug"]),
        ({"pretreat": ["estradiol 0 nM for 1 day then none"]}, ["for 180 days"]),
        ({"pretreat": ["E2 0 nM for 1 day repeated"]}, ["repeated 3 times"]),
        ({"at": [3, 3]}, ["twice"]),
        ({"at": [-1]}, ["-1"]),
        ({"at": [9], "days": 7}, ["9", "7"]),
        ({"at": [math.nan]}, ["7,14,21"]),
    ],
)
def test_contradictions_are_refused(options, words):
    with pytest.raises(InputError) as error:
        run_cell("MCF7", **options)
    message = str(error.value)
    assert all(word in message for word in words), message
    assert message.endswith(".")
