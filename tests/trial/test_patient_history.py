"""One patient's history under each rule of events and censoring: cases and rules."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.core.errors import InputError
from oestra.trial.analysis import TimeToEvent
from oestra.trial.censoring import (
    RULES,
    Censoring,
    EventRule,
    Missed,
    RuleName,
    Symptoms,
    Therapy,
    contradictions,
)
from oestra.trial.event_rule import Histories, time_to
from oestra.trial.patient_history import EventTime, PatientHistory, Scan, time_to_event

FDA, EMA, OWN = (
    RULES[name] for name in (RuleName.FDA_2018, RuleName.EMA, RuleName.PROTOCOL)
)


def scans(text, step=42.0):
    """Return scans every so many days: + adequate, - missed."""
    return [Scan(step * (i + 1), mark == "+") for i, mark in enumerate(text)]


NAMED = {
    "FDA-2018": FDA,
    "EMA": EMA,
    "protocol": OWN,
    "symptoms are events": EventRule(symptomatic_progression=Symptoms.EVENT),
    "other therapy is an event": EventRule(new_therapy=Therapy.EVENT),
    "two missed, deaths count": EventRule(missed_assessments=2),
    "one missed": EventRule(missed_assessments=1, death_after_missed=Missed.CENSOR),
    "three missed": EventRule(missed_assessments=3, death_after_missed=Missed.CENSOR),
}
# One case a row: its source, scans every 42 days (+ adequate, - missed), what happened
# on which day, and the time, event (1) or censoring (0) and reason it must give.
with Path(__file__).with_name("event_cases.csv").open(encoding="utf-8") as file:
    CASES = list(csv.DictReader(file))

KEYS = {
    "progression": "progression_day", "symptom": "symptom_day", "death": "death_day",
    "therapy": "new_therapy_day", "left": "withdrawal_day", "cut": "cut_day",
}  # fmt: skip


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{one['source']}: {one['case']}" for one in CASES]
)
def test_rules(case):
    told = dict(word.split("=") for word in case["history"].split())
    history = PatientHistory(
        scans=scans(case["scans"]),
        baseline=bool(int(told.pop("baseline", 1))),
        **{"cut_day": 1000.0} | {KEYS[key]: float(day) for key, day in told.items()},
    )
    found = time_to_event(history, NAMED[case["rule"]], case["endpoint"])
    want = EventTime(float(case["day"]), case["event"] == "1", case["reason"])
    assert found == want


def test_there_are_cases_of_every_rule():
    assert len(CASES) >= 40
    assert {case["rule"] for case in CASES} == set(NAMED)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"death_day": -1.0}, "death_day must be a day from 0"),
        ({"cut_day": float("nan")}, "cut_day must be a day from 0"),
        ({"scans": [Scan(float("inf"))]}, "scans must be a day from 0"),
        ({"scans": [Scan(84), Scan(42)]}, "Scans must ascend"),
        ({"scans": [Scan(42), Scan(42)]}, "Scans must ascend"),
        ({"scans": [Scan(42, adequate=False)], "progression_day": 42}, "not adequate"),
        ({"death_day": 10**400}, "to 36,500, or None, got 1000"),
        ({"death_day": "60"}, "death_day must be a day from 0.*got '60'"),
        ({"death_day": True}, "got True"),
        ({"scans": [Scan("42")]}, "scans must be a day"),
        ({"scans": [Scan(84)], "death_day": 50}, "before an adequate scan on day 84"),
        ({"progression_day": 84, "death_day": 50}, "before progression_day on day 84"),
        ({"symptom_day": 84, "death_day": 50}, "before symptom_day"),
        ({"new_therapy_day": 84, "death_day": 50}, "before new_therapy_day"),
    ],
)
def test_a_history_that_cannot_be_is_refused(told, sentence):
    with pytest.raises(InputError, match=sentence):
        PatientHistory(**told)


def test_missed_scans_may_go_on_after_death():
    late = PatientHistory(scans=[Scan(42), Scan(84, adequate=False)], death_day=60.0)
    assert time_to_event(late, FDA) == EventTime(60.0, event=True, reason="death")


@pytest.mark.parametrize("number", [-1, 1.5, True, "2"])
def test_a_rule_has_a_whole_number_of_missed_scans(number):
    with pytest.raises(InputError, match="missed_assessments is a whole number from 0"):
        EventRule(missed_assessments=number)


def test_therapy_after_missed_scans_is_told_as_therapy():
    rule = EventRule(new_therapy=Therapy.EVENT, missed_assessments=2)
    history = PatientHistory(scans=scans("+--"), new_therapy_day=140.0)
    found = time_to_event(history, rule)
    assert found == EventTime(
        42.0, event=False, reason="new anticancer therapy after missed scans"
    )


def test_an_unknown_endpoint_is_refused():
    with pytest.raises(InputError, match="nearest is 'pfs'"):
        time_to_event(PatientHistory(), OWN, "psf")


def test_rules_by_name():
    assert Censoring(rule=RuleName.FDA_2018).event_rule == FDA
    assert Censoring(rule=RuleName.EMA).event_rule == EMA
    assert Censoring().event_rule == OWN
    two = Censoring(missed_assessments=2).event_rule
    assert two.death_after_missed is Missed.CENSOR
    spared = Censoring(missed_assessments=2, death_after_missed=Missed.EVENT)
    assert spared.event_rule.death_after_missed is Missed.EVENT


@pytest.mark.parametrize("name", [RuleName.FDA_2018, RuleName.EMA])
def test_a_named_rule_is_not_changed_but_may_be_spelled_out(name):
    own = RULES[name]
    options = ("missed_assessments", "new_therapy", "symptomatic_progression")
    whole = {option: getattr(own, option) for option in options}
    assert not list(contradictions(Censoring(rule=name, **whole)))
    other = Censoring(rule=name, symptomatic_progression=Symptoms.EVENT)
    [(place, text)] = contradictions(other)
    assert place == ("censoring", "symptomatic_progression")
    assert "'rule: protocol'" in text


days = st.one_of(st.none(), st.integers(0, 300).map(float))


@st.composite
def histories(draw):
    marks = draw(st.lists(st.booleans(), max_size=6))
    seen = [42.0 * (i + 1) for i, mark in enumerate(marks) if mark]
    told = {
        "progression_day": draw(st.sampled_from([None, *seen])),
        "symptom_day": draw(days), "new_therapy_day": draw(days),
    }  # fmt: skip
    # Nothing but what was missed comes after death.
    last = max([0.0, *seen, *(day for day in told.values() if day is not None)])
    death = draw(days)
    return PatientHistory(
        scans=[Scan(42.0 * (i + 1), mark) for i, mark in enumerate(marks)],
        death_day=None if death is None else last + death,
        withdrawal_day=draw(days), cut_day=draw(days), **told,
    )  # fmt: skip


rules = st.builds(
    EventRule,
    missed_assessments=st.integers(0, 3),
    death_after_missed=st.sampled_from(Missed),
    new_therapy=st.sampled_from(Therapy),
    symptomatic_progression=st.sampled_from(Symptoms),
)


@settings(max_examples=200)
@given(
    histories(),
    rules,
    st.sampled_from((TimeToEvent.PFS, TimeToEvent.TTP, TimeToEvent.OS)),
)
def test_a_censored_time_is_an_adequate_scan_or_randomization(history, rule, endpoint):
    found = time_to_event(history, rule, endpoint)
    if endpoint is TimeToEvent.OS or found.event:
        return
    adequate = {scan.day for scan in history.scans if scan.adequate}
    assert found.day in adequate | {0.0}


@settings(max_examples=200)
@given(histories(), rules)
def test_a_later_cut_never_takes_an_event_away(history, rule):
    early = time_to_event(history, rule)
    whole = PatientHistory(**{
        name: getattr(history, name)
        for name in history.__dataclass_fields__ if name != "cut_day"
    })  # fmt: skip
    late = time_to_event(whole, rule)
    assert late.day >= early.day
    if early.event:
        assert late == early


@settings(max_examples=50)
@given(st.lists(histories(), min_size=1, max_size=8), rules)
def test_patients_together_are_as_alone(group, rule):
    def column(name):
        return np.array(
            [np.inf if (x := getattr(one, name)) is None else x for one in group]
        )

    width = max(len(one.scans) for one in group)
    day, adequate = np.full((len(group), width), np.inf), np.zeros((len(group), width))
    for row, one in enumerate(group):
        for place, scan in enumerate(one.scans):
            day[row, place], adequate[row, place] = scan.day, scan.adequate
    together = time_to(
        TimeToEvent.PFS,
        Histories(
            scan_day=day, adequate=adequate.astype(bool),
            progression_day=column("progression_day"),
            symptom_day=column("symptom_day"), death_day=column("death_day"),
            new_therapy_day=column("new_therapy_day"),
            last_day=column("withdrawal_day"), cut_day=column("cut_day"),
            baseline=np.ones(len(group), dtype=bool),
        ),
        rule,
    )  # fmt: skip
    for row, one in enumerate(group):
        alone = time_to_event(one, rule)
        assert alone.day == together.day[row]
        assert alone.event == together.event_observed[row]
        assert alone.reason == together.reason[row]


def test_a_rule_takes_plain_words_and_refuses_others():
    word = EventRule(new_therapy="event", symptomatic_progression="event")
    history = PatientHistory(scans=[Scan(42)], new_therapy_day=70, symptom_day=60)
    assert time_to_event(history, word).day == 60
    assert word == EventRule(
        new_therapy=Therapy.EVENT, symptomatic_progression=Symptoms.EVENT
    )
    with pytest.raises(InputError, match="nearest is 'censor'"):
        EventRule(new_therapy="censored")


def test_a_rule_can_be_named():
    history = PatientHistory(
        scans=[
            Scan(42),
            Scan(84, adequate=False),
            Scan(126, adequate=False),
            Scan(168),
        ],
        progression_day=168,
    )
    assert time_to_event(history, "FDA-2018") == time_to_event(history, FDA)
    assert time_to_event(history, "ema") == time_to_event(history, EMA)
    with pytest.raises(InputError, match="nearest is 'FDA-2018'"):
        time_to_event(history, "FDA-2008")
