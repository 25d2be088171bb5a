import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.core.errors import InputError
from oestra.drugs.component import Component
from oestra.drugs.dose import Dose, DoseUnit
from oestra.drugs.load import drugs
from oestra.drugs.phase import Phase
from oestra.drugs.regimen import Regimen

doses = st.builds(
    Dose,
    amount=st.floats(0.01, 2000).map(lambda x: round(x, 3)),
    unit=st.sampled_from(DoseUnit),
)
given_drugs = [name for name, drug in drugs().items() if drug.kinetics]


@st.composite
def interval_phases(draw, *, ends: bool):
    on, cycle = 0, 0
    interval = draw(st.sampled_from([0.5, 1.0, 2.0, 7.0, 21.0, 28.0]))
    if draw(st.booleans()):
        on = draw(st.integers(max(1, int(interval)), 60))
        cycle = on + draw(st.integers(1, 60))
    length = draw(st.integers(1, 400)) if ends else draw(st.sampled_from([0, 112]))
    return Phase(
        dose=draw(doses),
        interval=interval,
        on_days=on,
        cycle_days=cycle,
        length_days=length,
    )


@st.composite
def components(draw, name: str):
    days = draw(st.lists(st.integers(1, 60), unique=True, max_size=4))
    phases = [Phase(dose=draw(doses), days=tuple(sorted(days)))] if days else []
    if draw(st.booleans()):
        phases.append(draw(interval_phases(ends=True)))
    if draw(st.booleans()) or not phases:
        phases.append(draw(interval_phases(ends=False)))
    return Component(drug=drugs()[name], phases=tuple(phases))


@st.composite
def regimens(draw):
    names = draw(st.lists(st.sampled_from(given_drugs), unique=True, max_size=3))
    return Regimen(tuple(draw(components(name)) for name in names))


LINES = [
    "exemestane 25 mg daily + everolimus 10 mg daily",
    "fulvestrant 500 mg on days 1, 15, 29 then every 28 days",
    "fulvestrant 500 mg on day 1 then 250 mg on days 15, 29 then every 28 days",
    "letrozole 2.5 mg daily for 16 weeks",
    "everolimus 5 mg twice daily",
    "everolimus 70 mg weekly",
    "everolimus 10 mg daily for 21 days every 28 days",
    "everolimus 30 mg daily for 5 days every 14 days for 24 weeks",
    "everolimus 5 mg daily for 4 weeks then 10 mg daily",
    "none",
]


@pytest.mark.parametrize("line", LINES)
def test_canonical_lines_read_back_as_written(line):
    assert str(Regimen.parse(line)) == line


@pytest.mark.parametrize(
    ("line", "canonical"),
    [
        ("no treatment", "none"),
        ("placebo", "none"),
        ("Placebo + Exemestane 25mg once daily", "exemestane 25 mg daily"),
        ("RAD001 10 mg every day", "everolimus 10 mg daily"),
        ("everolimus 70 mg every week", "everolimus 70 mg weekly"),
        (
            "palbociclib 125 mg daily for 21 of 28 days",
            "palbociclib 125 mg daily for 21 days every 28 days",
        ),
        (
            "capivasertib 400 mg twice daily for 4 of 7 days for 24 weeks",
            "capivasertib 400 mg twice daily for 4 days every 7 days for 24 weeks",
        ),
        (
            "everolimus 70 mg weekly for 3 of 4 weeks",
            "everolimus 70 mg weekly for 21 days every 28 days",
        ),
        ("fulvestrant 250 mg every 4 weeks", "fulvestrant 250 mg every 28 days"),
        (
            "fulvestrant 4 mg/kg then 2 mg/kg weekly",
            "fulvestrant 4 mg/kg on day 1 then 2 mg/kg weekly",
        ),
    ],
)
def test_other_spellings_mean_the_same(line, canonical):
    assert str(Regimen.parse(line)) == canonical


@given(regimens())
@settings(max_examples=200)
def test_text_reads_back_to_the_same_regimen(regimen):
    assert Regimen.parse(str(regimen)) == regimen


@pytest.mark.parametrize(
    ("line", "needle"),
    [
        ("everolimus 10 mg evry day", "'evry'.*nearest is 'every'"),
        ("everolimos 10 mg daily", "'everolimos'.*'everolimus'"),
        ("everolimus -10 mg daily", "more than 0.*-10 mg"),
        ("everolimus 0 mg daily", "more than 0"),
        ("everolimus 10 mgs daily", "unit of dose 'mgs'.*'mg'"),
        ("everolimus daily", "dose such as '10 mg'"),
        ("everolimus 10 mg", "stops where"),
        ("everolimus 10 mg daily +", "missing beside '\\+'"),
        ("everolimus 10 mg daily daily", "Cannot read 'daily'"),
        ("everolimus 10 mg on days 15, 1", "ascend"),
        ("everolimus 10 mg every 0 days", "whole number"),
        ("everolimus 10 mg every 2.5 days", "whole number"),
        ("everolimus 10 mg daily then 5 mg daily", "never ends"),
        ("everolimus 10 mg daily for 14 days every 7 days", "cycle of 7 days"),
        ("everolimus 10 mg daily for 28 of 21 days", "cycle of 21 days"),
        ("everolimus 10 mg daily for 21 of days", "whole number"),
        ("everolimus 10 mg daily + RAD001 5 mg daily", "given twice"),
        ("endoxifen 4 mg daily", "metabolite"),
        ("everolimus 1e9 mg daily", "at most 100000, got 1e\\+09 mg"),
        ("everolimus 10 mg daily, exemestane 25 mg daily", "joined by '\\+'"),
        ("everolimus 10 mg every 3 months", "'months'.*days or weeks"),
        ("everolimus 10 mg daily for 3 years", "'years'.*days or weeks"),
        ("everolimus 10 mg daily for 6 cycles", "No cycle is given.*for 6 cycles"),
        ("10 mg everolimus daily", "drug comes first"),
        ("", "empty"),
    ],
)
def test_what_cannot_be_read_is_explained(line, needle):
    with pytest.raises(InputError, match=needle) as error:
        Regimen.parse(line)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


def test_loading_doses_then_every_four_weeks():
    regimen = Regimen.parse("fulvestrant 500 mg on days 1, 15, 29 then every 28 days")
    assert regimen.events(90)["time"].tolist() == [0, 14, 28, 56, 84]


def test_second_phase_keeps_or_changes_the_dose():
    text = "fulvestrant 500 mg on day 1 then 250 mg on days 15, 29 then every 28 days"
    events = Regimen.parse(text).events(60)
    assert events["amount"].tolist() == [500, 250, 250, 250]


def test_five_days_in_fourteen():
    regimen = Regimen.parse("everolimus 30 mg daily for 5 days every 14 days")
    expected = [0, 1, 2, 3, 4, 14, 15, 16, 17, 18]
    assert regimen.events(28)["time"].tolist() == expected
    spans = [(b.start, b.stop, bool(b.drugs)) for b in regimen.blocks(28)]
    assert spans == [(0, 5, True), (5, 14, False), (14, 19, True), (19, 28, False)]


def test_a_course_that_ends_is_off_afterward():
    regimen = Regimen.parse(
        "letrozole 2.5 mg daily for 2 weeks + everolimus 5 mg daily"
    )
    spans = [(b.start, b.stop, b.drugs) for b in regimen.blocks(30)]
    assert spans == [
        (0, 14, ("letrozole", "everolimus")),
        (14, 30, ("everolimus",)),
    ]
    assert len(regimen.events(30)) == 14 + 30


@given(regimens())
@settings(max_examples=100)
def test_events_and_blocks_agree(regimen):
    blocks = regimen.blocks(200.0)
    assert blocks[0].start == 0
    assert blocks[-1].stop == 200
    assert all(math.isclose(a.stop, b.start) for a, b in pairwise(blocks))
    for row in regimen.events(200.0).itertuples():
        block = next(b for b in blocks if b.start <= row.time < b.stop)
        assert row.drug in block.drugs


@pytest.mark.parametrize("unit", ["ug", "mcg", "\u00b5g", "\u03bcg", "MCG"])
def test_micrograms_by_any_of_their_signs(unit):
    for text in (f"everolimus 10000 {unit} daily", f"everolimus 10000{unit} daily"):
        assert Regimen.parse(text) == Regimen.parse("everolimus 10000 ug daily")


def test_days_that_cannot_be_followed_are_told_with_the_regimen():
    text = "fulvestrant 500 mg on days 29, 15, 1 then every 28 days"
    with pytest.raises(InputError) as refused:
        Regimen.parse(f"{text} + everolimus 10 mg daily")
    assert str(refused.value).startswith("Days must ascend from day 1, got days 29")
    assert "fulvestrant 500 mg on days 29, 15, 1" in str(refused.value)
