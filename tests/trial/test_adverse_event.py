"""Adverse events of patients: rates in, events out, and what they lead to."""

import json
from dataclasses import replace

import numpy as np
import pytest

from oestra.cli.harm_view import harm_view
from oestra.core.streams import Streams
from oestra.drugs.load import find
from oestra.drugs.regimen import Regimen
from oestra.trial.adverse_event import draw_events
from oestra.trial.assumption import assumptions
from oestra.trial.discontinue import draw_leaving, harm_rates
from oestra.trial.harm import drug_harm
from oestra.trial.run import run_trial

KNOWN = assumptions()
MONTHS = KNOWN.exposure_period.value
DAYS = MONTHS * 30.4375
BOTH = "exemestane 25 mg daily + everolimus 10 mg daily"
SIZE = 20_000


def times(median, size=SIZE):
    """Return exponential times on treatment, in days."""
    level = np.random.default_rng(7).exponential(size=size)
    return level * median * 30.4375 / np.log(2)


def events_of(text, *, size=SIZE, exposure=None, days=DAYS, stops=False):
    patient = np.arange(size)
    rates = harm_rates(Regimen.parse(text), KNOWN, exposure)
    leaving = draw_leaving(rates, patient, streams=Streams(1), assumptions=KNOWN)
    if not stops:
        never = np.full(size, np.inf)
        leaving = replace(leaving, stop_day=never, reduce_day=never)
    end = np.broadcast_to(np.asarray(days, dtype=float), size)
    events = draw_events(
        rates, leaving, patient, until=end, cut=end, streams=Streams(1), known=KNOWN
    )
    return events, leaving


def share(events, term, least=1, size=SIZE):
    some = events.loc[(events["term"] == term) & (events["grade"] >= least)]
    return 100 * some["patient"].nunique() / size


@pytest.mark.parametrize("drug", ["everolimus", "buparlisib", "lapatinib", "letrozole"])
@pytest.mark.parametrize("exposed", [0.3, 1.0, 2.5])
def test_all_that_events_lead_to_adds_up_to_their_hazard(drug, exposed):
    harm = drug_harm(find(drug), np.array([exposed]), KNOWN)
    parts = [*harm.stops(), *harm.steps(), *harm.others()]
    assert sum(one.hazard for one in harm.steps()) == pytest.approx(harm.reduce)
    if np.any(harm.stop > 0):
        assert sum(one.hazard for one in harm.stops()) == pytest.approx(harm.stop)
    for kind in harm.kinds:
        for severe, whole in ((True, kind.severe), (False, kind.mild)):
            found = sum(
                one.hazard
                for one in parts
                if one.kind.event == kind.event and one.severe is severe
            )
            assert found >= whole - 1e-12


def test_published_rates_of_both_arms_come_out():
    """BOLERO-2, Yardley 2013: any grade in 59 and 12 %, 36 and 27 %."""
    both, left = events_of(BOTH, stops=True, days=times(7.8))
    alone, _ = events_of("exemestane 25 mg daily", stops=True, days=times(3.2))
    assert 100 * (left.stop_day < times(7.8)).mean() == pytest.approx(19, abs=0.8)
    # Who stops early suffers less, so that shares lie somewhat below the rates.
    for term, high, low in (("stomatitis", 59, 12), ("fatigue", 36, 27)):
        assert high - 7 < share(both, term) <= high + 1
        assert low - 3 < share(alone, term) <= low + 1
    assert share(both, "pneumonitis", 3) == pytest.approx(3, abs=0.8)


def test_who_stays_on_a_drug_longer_has_little_more_harm():
    early, _ = events_of(BOTH, days=6 * 30.4375)
    late, _ = events_of(BOTH, days=24 * 30.4375)
    for term in ("stomatitis", "rash", "diarrhea"):
        assert share(early, term) < share(late, term) < 1.25 * share(early, term)


def test_every_stop_and_step_has_one_event_on_its_day():
    events, leaving = events_of(BOTH, size=3000, stops=True)
    stops = events.loc[events["action"] == "stop"]
    due = np.flatnonzero(leaving.stop_day < DAYS)
    np.testing.assert_array_equal(np.sort(stops["patient"]), due)
    np.testing.assert_array_equal(
        stops["onset_day"], leaving.stop_day[stops["patient"]]
    )
    assert (stops["grade"] >= 2).all()
    steps = events.loc[events["action"] == "dose step"]
    due = np.flatnonzero(leaving.reduce_day < np.minimum(leaving.stop_day, DAYS))
    np.testing.assert_array_equal(np.sort(steps["patient"]), due)
    # Nothing befalls a patient on a drug that she has stopped.
    last = np.minimum(leaving.stop_day, DAYS)[events["patient"]]
    assert (events["onset_day"] <= last).all()


def test_more_of_the_drug_harms_more():
    def found(exposed):
        given = {
            "everolimus": np.full(SIZE, exposed),
            "exemestane": np.ones(SIZE),
        }
        events, leaving = events_of(BOTH, exposure=given, stops=True)
        return share(events, "stomatitis"), (leaving.stop_day < DAYS).mean()

    low, standard, high = found(0.5), found(1.0), found(2.0)
    assert low[0] < standard[0] < high[0]
    assert low[1] < standard[1] < high[1]


def test_grades_without_a_rate_do_not_occur():
    events, _ = events_of("lapatinib 1500 mg daily")
    assert events["grade"].max() == 2
    events, _ = events_of("PF-04691502 8 mg daily")
    skin = events.loc[events["term"] == "severe skin reaction", "grade"]
    assert set(skin) == {3, 4}


def test_severe_pneumonitis_is_treated_and_never_ignored():
    events, _ = events_of(BOTH, stops=True)
    severe = events.loc[(events["term"] == "pneumonitis") & (events["grade"] >= 3)]
    assert (severe["treatment"] == "high-dose corticosteroids").all()
    assert set(severe["action"]) == {"stop", "dose step", "interruption"}


def test_blood_tests_lower_doses_and_interrupt_nothing():
    events, _ = events_of("buparlisib 100 mg daily", stops=True)
    alt = events.loc[events["term"] == "ALT rise"]
    assert set(alt["action"]) <= {"dose step", "none"}
    assert (alt["action"] == "dose step").mean() > 0.4


def test_a_patient_has_the_same_events_whoever_is_beside_her():
    many, _ = events_of(BOTH, size=400, stops=True)
    few, _ = events_of(BOTH, size=50, stops=True)
    shown = many.loc[many["patient"] < 50].reset_index(drop=True)
    assert shown.equals(few)


def test_worst_grades_add_up_and_grade_5_says_that_it_has_no_rate(cohort, follow):
    result = run_trial("BOLERO-2", cohort=cohort, follow=follow, replicates=2)
    harm, events = result.harm, result.adverse_events
    table = harm.terms.set_index(["arm", "term"])
    for arm in ("EXE+EVE", "EXE"):
        mine = events[events["TRTP"] == arm]
        worst = mine.groupby("USUBJID")["AETOXGR"].max().value_counts()
        size = int((result.responses["TRTP"] == arm).sum())
        for grade in range(1, 5):
            share = 100 * int(worst.get(grade, 0)) / size
            rated = not table.loc[
                (arm, ""), f"{'any' if grade < 3 else 'severe'}_reason"
            ]
            want = share if rated else np.nan
            found = table.loc[(arm, ""), f"grade_{grade}"]
            assert found == pytest.approx(want, nan_ok=True)
            assert rated or share == 0
        told = harm.to_json_dict()["arms"][arm]["worst_grade_percent"]
        assert list(told) == ["1", "2", "3", "4", "5"]
        assert told["5"]["estimate"] is None
        assert "rate of grade 5" in told["5"]["reason"]
    assert table["grade_5"].isna().all()
    assert "worst_grade_4_percent" in harm.table().columns
    assert (mine["AETOXGR"] < 5).all()
    shown = "\n".join(one for one in harm_view(harm) if isinstance(one, str))
    assert "No drug has a rate of grade 5" in shown


def test_a_trial_tells_its_adverse_events(cohort, follow):
    result = run_trial(
        "BOLERO-2", cohort=cohort, follow=follow, replicates=2, patients=200, seed=3
    )
    table = result.adverse_events
    assert set(table["TRTP"]) == {"EXE+EVE", "EXE"}
    assert table["AETOXGR"].between(1, 5).all()
    assert (table["AENDY"].isna() | (table["AENDY"] >= table["ASTDY"])).all()
    printed = json.loads(json.dumps(result.to_json_dict(), allow_nan=False))
    arm = printed["adverse_events"]["arms"]["EXE+EVE"]
    rows = {row["term"]: row for row in arm["terms"]}
    mean = np.mean(
        [
            part.loc[part["AEDECOD"] == "stomatitis", "USUBJID"].nunique()
            for _, part in table.loc[table["TRTP"] == "EXE+EVE"].groupby("REPLICATE")
        ]
    )
    found = rows["stomatitis"]["any_grade_percent"]["estimate"]
    assert found == pytest.approx(100 * mean / 133, abs=1)
    assert rows["rash"]["grade_3_or_more_percent"] == {
        "estimate": None, "low": None, "high": None,
        "reason": "no rate of grade 3 or more",
    }  # fmt: skip
    ended = arm["treatment_ended_percent"]
    parts = [ended[why]["estimate"] for why in ended if why != "any reason"]
    assert ended["any reason"]["estimate"] == pytest.approx(sum(parts), abs=3)
    known = result.arms["EXE+EVE"].endpoints["discontinuation_percent"].estimate
    assert ended["adverse event"]["estimate"] == pytest.approx(known)
