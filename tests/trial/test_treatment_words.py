"""A choice by patient, phases and longest durations: known answers and refusals."""

import json

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.trial.assumption import assumptions
from oestra.trial.design import Arm
from oestra.trial.designs import designs, find_design, read_design
from oestra.trial.discontinue import draw_leaving, harm_rates
from oestra.trial.duration import days_of
from oestra.trial.harmed import arm_harm
from oestra.trial.investigator_choice import chosen
from oestra.trial.listing import list_trials
from oestra.trial.members import Members
from oestra.trial.observe import observe_arms
from oestra.trial.phase_harm import PhaseHarm, phase_events, phase_harm, stop_of
from oestra.trial.run import run_trial
from oestra.trial.trial_setting import Setting

CHOICE = "EXAMPLE-CHOICE"
HEAD = """
id: MINE
title: mine
arms:
"""
TAIL = """
eligibility: [prior_nonsteroidal_ai]
visits: {interval_weeks: 8}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 24
"""
CONTROL = "  - {id: C, label: c, n: 50, regimen: exemestane 25 mg daily}\n"


def read(tmp_path, arm):
    path = tmp_path / "bad.yaml"
    path.write_text(f"{HEAD}  - {{id: A, label: a, n: 50, {arm}}}\n{CONTROL}{TAIL}")
    return read_design(path)


E, F = "regimen: exemestane 25 mg daily", "regimen: fulvestrant 500 mg every 28 days"
BAD = [
    ("two ways to say it", f"{E}, phases: [{{{E}, duration: 2 weeks}}, {{{F}}}]",
     "regimen and phases both say what A gives"),
    ("a phase that never ends", f"phases: [{{{E}}}, {{{F}}}]",
     "phase 1 of A never ends.*'duration: 24 weeks'"),
    ("one phase", f"phases: [{{{E}, duration: 2 weeks}}]", "one alone is 'regimen'"),
    ("the same twice", f"phases: [{{{E}, duration: 2 weeks}}, {{{E}}}]",
     "phase 2 of A gives what the phase before it gives"),
    ("a phase too late", f"phases: [{{{E}, duration: 30 months}}, {{{F}}}]",
     "phase 2 of A begins after 130 weeks, when follow-up ends at 104"),
    ("a duration of nothing", f"{E}, duration: 0 months",
     "line 5: arms.0.duration: a length of '0 months' is nothing"),
    ("a duration without unit", f"{E}, duration: 24 cycles",
     "'24 cycles of 28 days'"),
    ("a duration of whatever", f"{E}, duration: long", "cannot read the length 'long'"),
    ("an idle duration",
     f"duration: 1 week, phases: [{{{E}, duration: 2 weeks}}, {{{F}}}]",
     "the duration of A does nothing beside phases; write it to a phase"),
    ("shares that do not add up",
     f"choice: [{{id: e, percent: 50, {E}}}, {{id: f, percent: 40, {F}}}]",
     "give 90 %, not 100 %; nearest is f with percent 50"),
    ("a share of nobody",
     f"choice: [{{id: e, percent: 0, {E}}}, {{id: f, percent: 100, {F}}}]",
     "arms.0.choice.0.percent must be more than 0"),
    ("nothing to choose", f"choice: [{{id: e, percent: 100, {E}}}]",
     "one alone is 'regimen'"),
    ("the same to choose",
     f"choice: [{{id: e, percent: 50, {E}}}, {{id: f, percent: 50, {E}}}]",
     "the options e and f give the same"),
    ("one name twice",
     f"choice: [{{id: e, percent: 50, {E}}}, {{id: e, percent: 50, {F}}}]",
     "a name of its own"),
    ("nobody's fallback",
     f"choice: [{{id: e, percent: 50, {E}, where: liver}}, "
     f"{{id: f, percent: 50, {F}, where: lung}}]", "leave it out of the one"),
    ("a criterion of no column",
     f"choice: [{{id: e, percent: 50, {E}, where: livr}}, {{id: f, percent: 50, {F}}}]",
     "No column 'livr' in bad.yaml, line 5; nearest is 'liver'"),
    ("an option without drugs",
     f"choice: [{{id: e, percent: 50}}, {{id: f, percent: 50, {F}}}]",
     "the key 'arms.0.choice.0.regimen' is missing"),
    ("an option of nobody who is eligible",
     f"choice: [{{id: e, percent: 50, {E}, where: not prior_nonsteroidal_ai}}, "
     f"{{id: f, percent: 50, {F}}}]",
     "nobody who is eligible can be given e: 'not prior_nonsteroidal_ai' contradicts "
     "'prior_nonsteroidal_ai'; leave the option out"),
    ("crossover to the same", f"{E}, crossover: {{{E}, percent: 50}}",
     "A crosses over to what it gives"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arm", "says"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_contradictions_are_one_sentence(tmp_path, arm, says):
    with pytest.raises(InputError, match=says) as caught:
        read(tmp_path, arm)
    assert "\n" not in str(caught.value)
    assert "line 5" in str(caught.value)


def test_results_by_choice_keep_their_names(tmp_path):
    path = tmp_path / "bad.yaml"
    arm = f"choice: [{{id: e, percent: 50, {E}}}, {{id: f, percent: 50, {F}}}]"
    text = f"{HEAD}  - {{id: A, label: a, n: 50, {arm}}}\n{CONTROL}{TAIL}"
    for name in ("A: e", "ITT"):
        path.write_text(text + f"subgroups: {{'{name}': visceral}}\n")
        with pytest.raises(InputError, match=f"'{name}' is the name of the results"):
            read_design(path)
    path.write_text(text + "subgroups: {'C: e': visceral}\n")
    assert list(read_design(path).subgroups) == ["C: e"]


def test_an_example_is_no_prediction(tmp_path):
    path = tmp_path / "bad.yaml"
    arm = f"  - {{id: A, label: a, n: 50, {F}}}\n"
    path.write_text(f"prediction: true\nexample: true{HEAD}{arm}{CONTROL}{TAIL}")
    with pytest.raises(InputError, match="an example is no prediction"):
        read_design(path)


@pytest.mark.parametrize(
    ("text", "days"),
    [("120 days", 120), ("24 weeks", 168), ("1 month", 30.4375), ("2.5 weeks", 17.5),
     ("24 cycles of 28 days", 672), ("1 cycle of 3 weeks", 21)],
)  # fmt: skip
def test_lengths(text, days):
    assert days_of(text) == pytest.approx(days)


def test_old_designs_are_written_as_before():
    shown = find_design("BOLERO-2").model_dump(mode="json")
    assert "example" not in shown
    assert not {"choice", "phases", "duration"} & set(shown["arms"][0])


def test_shares_of_the_choice(cohort):
    design = find_design(CHOICE)
    arm = design.arm("TPC")
    table = cohort.decisions
    patient = np.arange(len(table))
    number = chosen(design, arm, table, patient, Streams(2))
    barred = table["prior_fulvestrant"].to_numpy()
    # Who had fulvestrant takes the only other option, and of the rest 60 % take it.
    assert np.all(number[barred] == 1)
    free = number[~barred] == 0
    assert abs(free.mean() - 0.6) < 3 * np.sqrt(0.24 / free.size)
    again = chosen(design, arm, table.iloc[:50], patient[:50], Streams(2))
    np.testing.assert_array_equal(again, number[:50])


def test_results_by_choice_split_every_arm(cohort, follow):
    result = run_trial(
        CHOICE, cohort=cohort, follow=follow, replicates=2, patients=120, seed=3
    )
    names = [f"TPC: {option}" for option in ("fulvestrant", "exemestane")]
    assert set(names) <= set(result.strata)
    for arm in ("ELA", "TPC"):
        # The median of two replicates is their mean, so that parts add up.
        parts = [result.strata[name].arms[arm].n for name in names]
        assert abs(sum(parts) - result.arms[arm].n) <= 1
    json.dumps(result.to_json_dict(), allow_nan=False)


def test_an_arm_of_one_choice_is_that_regimen(cohort, follow):
    # An option nobody takes: all of the arm is as if it gave the other alone.
    plain = find_design(CHOICE)
    tpc = plain.arm("TPC")
    never = tpc.choice[0].model_copy(update={"where": "age_years < 0.5"})
    both = plain.model_copy(
        update={
            "arms": (
                plain.arms[0],
                tpc.model_copy(update={"choice": (never, tpc.choice[1])}),
            )
        }
    )
    alone = plain.model_copy(
        update={
            "arms": (
                plain.arms[0],
                tpc.model_copy(update={"choice": (), "regimen": tpc.choice[1].regimen}),
            )
        }
    )
    found = [
        run_trial(one, cohort=cohort, follow=follow, replicates=1, patients=100)
        for one in (both, alone)
    ]
    np.testing.assert_array_equal(*(one.patients["AVAL"] for one in found))
    np.testing.assert_array_equal(*(one.adverse_events["ASTDY"] for one in found))


# Phases.


BOTH = Regimen.parse("letrozole 2.5 mg daily + everolimus 10 mg daily")
LETROZOLE = Regimen.parse("letrozole 2.5 mg daily")


@pytest.fixture(scope="module")
def members():
    patient = np.arange(20_000)
    return Members(patient=patient, row=patient, entry_day=np.zeros(patient.size))


@pytest.fixture(scope="module")
def setting():
    return Setting(
        decisions=None, weighted=None, follow=None, assumptions=assumptions()
    )


def harm_of(regimens, days, members, setting, seed=4):
    n = members.patient.size
    streams = Streams(seed)
    rates = harm_rates(regimens[0], setting.assumptions)
    first = PhaseHarm(
        number=0,
        regimen=regimens[0],
        start=np.zeros(n),
        end=np.full(n, np.inf),
        rates=rates,
        leaving=draw_leaving(
            rates, members.patient, streams=streams, assumptions=setting.assumptions
        ),
    )
    starts = [np.full(n, float(day)) for day in days]
    return phase_harm(first, regimens[1:], starts, members, setting, streams)


def share_stopped(phases, day, setting):
    return np.mean(stop_of(phases, setting.assumptions).stop_day < day)


def test_a_treatment_cut_in_two_harms_as_often_as_the_whole(members, setting):
    n = members.patient.size
    whole = harm_of([BOTH, LETROZOLE], [np.inf], members, setting)
    cut = harm_of([BOTH, BOTH], [56.0], members, setting)
    for day in (56.0, 168.0, 730.0):
        one, two = (share_stopped(part, day, setting) for part in (whole, cut))
        assert one > 0.01
        assert abs(one - two) < 4 * np.sqrt(2 * one * (1 - one) / n)


def test_harm_of_a_drug_ends_with_it(members, setting):
    short = harm_of([BOTH, LETROZOLE], [56.0], members, setting)
    whole = harm_of([BOTH, LETROZOLE], [np.inf], members, setting)
    by = [share_stopped(part, 56.0, setting) for part in (short, whole)]
    assert by[0] == by[1]
    events = phase_events(
        short,
        members,
        until=np.full(members.patient.size, 730.0),
        cut=np.full(members.patient.size, 730.0),
        streams=Streams(4),
        known=setting.assumptions,
    )
    assert events.loc[events["drug"] == "everolimus", "onset_day"].max() < 56.0
    assert events.loc[events["drug"] == "letrozole", "onset_day"].max() > 56.0


def test_who_stopped_for_harm_goes_on_to_nothing(members, setting):
    phases = harm_of([BOTH, LETROZOLE], [168.0], members, setting)
    stopped = phases[0].stop_day < 168.0
    assert stopped.any()
    assert np.all(np.isinf(phases[1].start[stopped]))
    assert np.all(phases[1].start[~stopped] == 168.0)


def test_who_takes_less_takes_less_in_what_follows(members, setting):
    phases = harm_of([BOTH, BOTH], [168.0], members, setting)
    lowered = (phases[0].reduce_day < 168.0) & np.isfinite(phases[1].start)
    assert lowered.any()
    assert np.all(phases[1].reduce_day[lowered] == 168.0)


def test_a_planned_end_is_a_phase_of_nothing(members, setting):
    arm = Arm(id="A", label="a", n=5, regimen=str(BOTH), duration="24 weeks")
    harm = arm_harm(arm, members, setting, Streams(4))
    assert [str(one.regimen) for one in harm.phases] == [str(BOTH), "none"]
    on = np.isinf(harm.leaving.stop_day)
    assert np.all(harm.completed_day[on] == 168.0)
    assert np.all(np.isinf(harm.completed_day[~on]))
    # What is never reached harms nobody.
    assert np.all(harm.leaving.stop_day[~on] < 168.0)


def test_examples_show_the_words_and_stand_apart(cohort, follow):
    shown = [design for design in designs().values() if design.example]
    assert {CHOICE, "EXAMPLE-INDUCTION"} <= {design.id for design in shown}
    listed = {one.id: one for one in list_trials()}
    for design in shown:
        assert design.id.startswith("EXAMPLE-")
        assert not design.prediction
        assert [arm["regimen"] for arm in listed[design.id].arms] == [
            arm.described for arm in design.arms
        ]


def test_a_fit_refuses_what_changes(cohort):
    with pytest.raises(InputError, match=r"one regimen.*TPC.*EXAMPLE-CHOICE"):
        observe_arms(find_design(CHOICE), cohort, ["ITT"], seed=1, most=10)


def test_completed_treatment_is_told(cohort, follow):
    result = run_trial(
        "EXAMPLE-INDUCTION", cohort=cohort, follow=follow, replicates=1, patients=120
    )
    design = find_design("EXAMPLE-INDUCTION")
    assert [arm.ends for arm in design.arms] == [False, True, False]
    ends = result.harm.ends
    assert ends["YEAR"]["completed"].estimate > 0
    assert "completed" not in ends["ON"]
