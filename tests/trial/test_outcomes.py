"""Endpoints of several patients at once: why each time ended, and its borders."""

import numpy as np
import pytest

from oestra.trial.assess import Assessment, Schedule
from oestra.trial.censoring import Censoring, EventRule, Symptoms, Therapy
from oestra.trial.designs import find_design
from oestra.trial.outcomes import Fate, derive_outcome, survival, within_reach
from oestra.trial.recist import Code

NE, PD, SD, NON, PR, CR = Code
INF = np.inf
STRICT = find_design("BOLERO-2")
SYMPTOMS = Censoring(symptomatic_progression=Symptoms.EVENT)
DESIGN = STRICT.model_copy(update={"censoring": SYMPTOMS})


def fates(n, **changes):
    days = {"symptom_day": INF, "death_day": INF, "last_day": INF, "cut_day": 900.0}
    return Fate(
        **{
            name: np.broadcast_to(np.asarray(value, dtype=float), (n,)).copy()
            for name, value in (days | changes).items()
        }
    )


def outcomes(
    response, *, design=DESIGN, change=None, measurable=True, day=None, **fate
):
    response = np.array(response, dtype=np.int8)
    if day is None:
        day = 42.0 * np.arange(1, response.shape[1] + 1)
    day = day + np.zeros(response.shape)
    assessment = Assessment(
        schedule=Schedule(day=day, attended=response != NE),
        response=response,
        measurable=np.broadcast_to(measurable, len(response)),
        change_percent=np.zeros(day.shape) if change is None else np.array(change),
    )
    return derive_outcome(assessment, fates(len(response), **fate), design)


def test_each_time_ends_for_its_reason():
    got = outcomes(
        [[SD, PD], [SD, SD], [SD, SD], [SD, SD], [SD, SD]],
        symptom_day=[INF, 60.0, INF, INF, INF],
        death_day=[INF, INF, 70.0, INF, INF],
        last_day=[INF, INF, INF, 85.0, INF],
    )
    assert got.pfs.reason.tolist() == [
        "progression on scan",
        "clinical progression",
        "death",
        "left the study",
        "data cut",
    ]
    assert got.pfs.day.tolist() == [84.0, 60.0, 70.0, 84.0, 84.0]
    assert got.pfs.event_observed.tolist() == [True, True, True, False, False]
    assert got.ttp.reason.tolist() == [
        "progression on scan",
        "clinical progression",
        "death without progression",
        "left the study",
        "data cut",
    ]
    assert got.ttp.event_observed.tolist() == [True, True, False, False, False]
    assert got.overall_survival.reason.tolist() == [
        "data cut", "data cut", "death", "data cut", "data cut",
    ]  # fmt: skip
    assert got.overall_survival.day.tolist() == [900.0, 900.0, 70.0, 900.0, 900.0]


def test_of_two_on_one_day_the_scan_comes_before_symptoms_and_death():
    got = outcomes([[PD], [PD]], symptom_day=[42.0, INF], death_day=[INF, 42.0])
    assert got.pfs.reason.tolist() == ["progression on scan"] * 2
    assert got.pfs.day.tolist() == [42.0, 42.0]


def test_the_last_day_of_follow_up_still_counts():
    got = outcomes(
        [[SD, SD], [SD, SD], [SD, SD]],
        symptom_day=[100.0, INF, INF],
        death_day=[INF, 100.0, 130.0],
        last_day=[100.0, 100.0, INF],
        cut_day=130.0,
    )
    assert got.pfs.event_observed.tolist() == [True, True, True]
    assert got.pfs.reason.tolist() == ["clinical progression", "death", "death"]
    assert got.overall_survival.event_observed.tolist() == [False, True, True]


def test_leaving_on_the_day_of_the_cut_is_the_cut():
    got = outcomes([[SD], [SD]], last_day=[130.0, 129.0], cut_day=130.0)
    assert got.pfs.reason.tolist() == ["data cut", "left the study"]


def test_symptoms_are_no_event_where_the_protocol_asks_for_scans():
    got = outcomes([[SD, PD], [SD, SD]], design=STRICT, symptom_day=[50.0, 50.0])
    assert got.pfs.day.tolist() == [84.0, 84.0]
    assert got.pfs.event_observed.tolist() == [True, False]
    assert got.pfs.reason.tolist() == ["progression on scan", "data cut"]


def test_visits_take_place_until_the_end_of_follow_up():
    day = np.array([[42.0, 84.0, 126.0]] * 4)
    attended = np.array([[True, True, True]] * 3 + [[False, True, True]])
    fate = fates(
        4, death_day=[84.0, INF, INF, INF], last_day=[INF, 84.0, INF, INF],
        cut_day=[900.0, 900.0, 84.0, 900.0],
    )  # fmt: skip
    got = within_reach(day, attended, fate)
    assert got.tolist() == [[True, True, False]] * 3 + [[False, True, True]]


def test_another_therapy_ends_visits_unless_it_is_ignored():
    day = np.array([[42.0, 84.0, 126.0]])
    attended = np.ones(day.shape, dtype=bool)
    fate = fates(1, new_therapy_day=84.0, last_day=130.0)
    for therapy, want in (
        (Therapy.CENSOR, [True, True, False]),
        (Therapy.EVENT, [True, True, False]),
        (Therapy.IGNORE, [True, True, True]),
    ):
        rule = EventRule(new_therapy=therapy)
        assert within_reach(day, attended, fate, rule).tolist() == [want]
    early = fates(1, new_therapy_day=84.0, last_day=50.0)
    assert early.end(EventRule(new_therapy=Therapy.IGNORE)).tolist() == [50.0]


def test_progression_after_missed_scans_stays_found_where_it_is_censored():
    design = STRICT.model_copy(update={"censoring": Censoring(missed_assessments=2)})
    got = outcomes([[SD, NE, NE, PD]], design=design)
    assert got.pfs.event_observed.tolist() == [False]
    assert got.pfs.day.tolist() == [42.0]
    assert got.progression.event_observed.tolist() == [True]
    assert got.progression.day.tolist() == [168.0]


def test_death_is_no_progression():
    got = outcomes([[SD, SD]], death_day=100.0).progression
    assert got.event_observed.tolist() == [False]
    assert got.reason.tolist() == ["death without progression"]


def test_best_response_of_each_patient():
    got = outcomes(
        [[PR, PR, PD], [SD, SD, PD], [NE, NE, NE], [PD, NE, NE], [NE, NE, NE]],
        symptom_day=[INF, INF, 50.0, INF, INF],
    )
    # Who gets symptoms before any scan has progressed.
    assert got.best.tolist() == [PR, SD, PD, PD, NE]
    assert got.best.dtype == np.int8
    assert got.response_day.tolist() == [42.0, INF, INF, INF, INF]


def test_what_is_seen_after_symptoms_is_no_response():
    got = outcomes([[SD, PR, PR]], symptom_day=60.0)
    assert got.best.tolist() == [SD]
    assert got.response_day.tolist() == [INF]


def test_a_scan_on_the_day_of_symptoms_still_counts():
    got = outcomes([[SD], [SD]], symptom_day=[42.0, 41.0])
    assert got.best.tolist() == [SD, PD]


def test_a_trial_says_what_confirms_and_how_long_disease_must_be_stable():
    patient = [[PR, NE, NE, PR], [SD, NE, NE, NE]]
    assert outcomes(patient).best.tolist() == [SD, SD]
    two = DESIGN.model_copy(update={"inevaluable_between": 2})
    assert outcomes(patient, design=two).best.tolist() == [PR, SD]
    late = DESIGN.model_copy(update={"stable_weeks": 12.0})
    assert outcomes(patient, design=late).best.tolist() == [SD, NE]


def test_a_response_seen_once_is_stable_disease_only_beside_targets():
    got = outcomes([[CR, NE], [CR, NE]], measurable=np.array([True, False]))
    assert got.best.tolist() == [SD, NON]


def test_the_deepest_change_is_that_seen_up_to_progression():
    got = outcomes(
        [[SD, SD, SD], [PD, SD, SD], [SD, NE, SD], [NE, NE, NE], [SD, SD, SD]],
        change=[
            [5.0, -20.0, 3.0],
            [30.0, -50.0, -50.0],
            [-4.0, -60.0, -8.0],
            [-9.0, -9.0, -9.0],
            [-9.0, -9.0, -9.0],
        ],
        measurable=np.array([True, True, True, True, False]),
    ).best_change_percent
    assert got[:3].tolist() == [-20.0, 30.0, -8.0]
    assert np.isnan(got[3:]).all()


def test_patients_without_visits():
    got = outcomes(np.zeros((2, 0)), death_day=[INF, 50.0])
    assert got.pfs.day.tolist() == [0.0, 50.0]
    assert got.pfs.event_observed.tolist() == [False, True]
    assert got.best.tolist() == [NE, NE]
    assert got.benefit.tolist() == [False, False]
    assert np.isnan(got.best_change_percent).all()


def test_overall_survival_alone():
    got = survival(fates(3, death_day=[10.0, 900.0, 901.0]))
    assert got.day.tolist() == [10.0, 900.0, 900.0]
    assert got.event_observed.tolist() == [True, True, False]
    assert got.reason.tolist() == ["death", "death", "data cut"]


RULE = DESIGN.analysis.clinical_benefit
ENOUGH = 7 * RULE.weeks - RULE.window_days


def test_benefit_lasts_to_the_window_of_its_week():
    day = np.array([[ENOUGH], [ENOUGH - 1.0], [ENOUGH + 1.0], [ENOUGH]])
    got = outcomes([[SD], [SD], [SD], [NE]], day=day)
    assert got.benefit.tolist() == [True, False, True, False]


def test_no_benefit_from_a_visit_on_the_day_of_progression():
    day = np.array([[42.0, ENOUGH + 7.0]])
    assert not outcomes([[SD, SD]], day=day, symptom_day=ENOUGH + 7.0).benefit[0]
    assert outcomes([[SD, SD]], day=day, symptom_day=ENOUGH + 8.0).benefit[0]
    dead = {"day": day, "death_day": ENOUGH + 7.0}
    assert not outcomes([[SD, SD]], **dead).benefit[0]
    assert not outcomes([[SD, SD]], **dead, cut_day=ENOUGH + 7.0).benefit[0]


def test_who_was_never_assessed_has_no_benefit_however_soon_it_is_asked():
    soon = RULE.model_copy(update={"weeks": 1.0, "window_days": 6.0})
    analysis = DESIGN.analysis.model_copy(update={"clinical_benefit": soon})
    design = DESIGN.model_copy(update={"analysis": analysis})
    got = outcomes([[NE, NE], [SD, NE], [PD, NE]], design=design)
    assert got.benefit.tolist() == [False, True, False]
    none = outcomes(np.zeros((1, 0)), design=design)
    assert none.benefit.tolist() == [False]


@pytest.mark.parametrize("row", range(30))
def test_patients_do_not_see_each_other(row):
    rng = np.random.default_rng(2)  # any table of responses will do
    response = rng.choice([NE, PD, SD, PR, CR], (30, 6), p=[0.1, 0.1, 0.5, 0.2, 0.1])
    fate = {
        "symptom_day": rng.choice([INF, 100.0, 200.0], 30),
        "death_day": rng.choice([INF, 150.0, 250.0], 30),
        "last_day": rng.choice([INF, 120.0], 30),
    }
    change = rng.normal(0, 30, (30, 6))
    whole = outcomes(response, change=change, **fate)
    alone = outcomes(
        response[[row]], change=change[[row]], **{k: v[[row]] for k, v in fate.items()}
    )
    for name in ("pfs", "ttp", "overall_survival"):
        one, all_ = getattr(alone, name), getattr(whole, name)
        assert one.day[0] == all_.day[row]
        assert one.event_observed[0] == all_.event_observed[row]
        assert one.reason[0] == all_.reason[row]
    for name in ("best", "response_day", "benefit", "best_change_percent"):
        np.testing.assert_equal(getattr(alone, name)[0], getattr(whole, name)[row])


def test_each_patient_is_censored_at_her_own_last_assessment():
    got = outcomes([[SD, SD, SD], [SD, NE, NE], [NE, NE, NE]])
    assert got.pfs.day.tolist() == [126.0, 42.0, 0.0]
    assert got.ttp.day.tolist() == [126.0, 42.0, 0.0]
    assert not got.pfs.event_observed.any()
