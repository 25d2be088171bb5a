"""Events and censoring: a table of fates and the rule each turns on."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from oestra.core.quantity import Origin, Quantity
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH
from oestra.drugs.regimen import Regimen
from oestra.trial.assess import Assessment, Schedule
from oestra.trial.assumption import assumptions
from oestra.trial.censoring import Censoring, Symptoms
from oestra.trial.design import Visits
from oestra.trial.designs import find_design
from oestra.trial.discontinue import Rates, draw_leaving, harm_rates
from oestra.trial.outcomes import Fate, derive_outcome, within_reach
from oestra.trial.recist import Code
from oestra.trial.visit import planned_days, schedule

NE, PD, SD, NON, PR, CR = Code
INF = np.inf
SYMPTOMS = Censoring(symptomatic_progression=Symptoms.EVENT)
DAY = 42.0 * np.arange(1, 7)[None, :]


def outcome(response, *, symptom=INF, death=INF, last=INF, cut=900.0, trial="BOLERO-2"):
    design = find_design(trial)
    design = design.model_copy(update={"censoring": SYMPTOMS})
    fate = Fate(
        symptom_day=np.array([symptom]),
        death_day=np.array([death]),
        last_day=np.array([last]),
        cut_day=np.array([cut]),
    )
    took_place = within_reach(DAY, np.ones_like(DAY, dtype=bool), fate)
    shown = np.where(took_place, np.array([response]), NE).astype(np.int8)
    assessment = Assessment(
        schedule=Schedule(day=DAY, attended=took_place),
        response=shown,
        measurable=np.array([True]),
        change_percent=np.zeros_like(DAY),
    )
    return derive_outcome(assessment, fate, design)


STABLE = [SD] * 6
FATES = [
    # rule, responses, fate, (pfs day, event), (ttp day, event)
    ("progression at the visit that shows it", [SD, PD, PD, PD, PD, PD], {},
     (84, 1), (84, 1)),
    ("no event: censored at the last assessment", STABLE, {}, (252, 0), (252, 0)),
    ("never assessed: censored at day 0", [NE] * 6, {}, (0, 0), (0, 0)),
    ("a missed last visit does not count", [SD, SD, NE, NE, NE, NE], {},
     (84, 0), (84, 0)),
    ("death is an event of PFS, not of TTP", STABLE, {"death": 100.0},
     (100, 1), (84, 0)),
    ("symptoms come before the scan", [SD, PD, PD, PD, PD, PD], {"symptom": 60.0},
     (60, 1), (60, 1)),
    ("symptoms after the scan change nothing", [PD] * 6, {"symptom": 60.0},
     (42, 1), (42, 1)),
    ("progression after withdrawal is not seen", [SD, SD, PD, PD, PD, PD],
     {"last": 100.0}, (84, 0), (84, 0)),
    ("death after withdrawal is not an event of PFS", STABLE,
     {"last": 100.0, "death": 120.0}, (84, 0), (84, 0)),
    ("the data cut censors at the last assessment", [SD, SD, SD, PD, PD, PD],
     {"cut": 130.0}, (126, 0), (126, 0)),
    ("death after the cut is not seen", STABLE, {"cut": 130.0, "death": 131.0},
     (126, 0), (126, 0)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("response", "fate", "pfs", "ttp"),
    [case[1:] for case in FATES],
    ids=[case[0] for case in FATES],
)
def test_events_and_censoring(response, fate, pfs, ttp):
    got = outcome(response, **fate)
    assert (got.pfs.day[0], got.pfs.event_observed[0]) == pfs
    assert (got.ttp.day[0], got.ttp.event_observed[0]) == ttp


def test_overall_survival_goes_on_after_withdrawal():
    got = outcome(STABLE, last=100.0, death=120.0)
    assert got.overall_survival.day[0] == 120
    assert got.overall_survival.event_observed[0]
    assert got.pfs.reason[0] == "left the study"


BENEFIT = [
    # rule, responses (visits every 6 weeks), benefit at 24 weeks
    ("stable at week 24", [SD, SD, SD, SD, PD, PD], True),
    ("progression found at week 24", [SD, SD, SD, PD, PD, PD], False),
    ("week 24 missed, stable later", [SD, SD, SD, NE, SD, PD], True),
    ("a confirmed response counts however short", [PR, PR, PD, PD, PD, PD], True),
    ("a response seen once does not", [PR, SD, PD, PD, PD, PD], False),
    ("bone disease that stays counts as stable", [NON] * 6, True),
]


@pytest.mark.parametrize(
    ("response", "want"), [c[1:] for c in BENEFIT], ids=[c[0] for c in BENEFIT]
)
def test_clinical_benefit(response, want):
    assert outcome(response).benefit[0] == want


def test_tamrad_counts_absence_of_progression_only():
    early = [PR, PR, PD, PD, PD, PD]
    assert not outcome(early, trial="TAMRAD").benefit[0]
    assert outcome(STABLE, trial="TAMRAD").benefit[0]


def test_planned_visits_change_their_interval():
    visits = Visits(interval_weeks=8, later_interval_weeks=12, later_after_weeks=24)
    weeks = planned_days(visits, 8, 7 * 60) / 7
    assert weeks.tolist() == [8, 16, 24, 36, 48, 60]
    assert planned_days(Visits(interval_weeks=6), 6, 41).size == 0


def test_visits_stay_in_their_window():
    visits = Visits(interval_weeks=6, window_days=5)
    plan = planned_days(visits, 6, 400)
    got = schedule(
        plan, visits, np.arange(500), streams=Streams(1), assumptions=assumptions()
    )
    assert np.abs(got.day - plan).max() <= 5
    assert got.attended.mean() == pytest.approx(0.98, abs=0.01)


def harmed(hazard, months):
    """Return the share harmed among patients with exponential times on the drug."""
    constant, leave = assumptions().harm_onset.value, np.log(2) / months

    def spared(t):
        onset = constant * (1 - np.exp(-t / constant))
        return leave * np.exp(-leave * t - hazard * onset)

    return 1 - quad(spared, 0, np.inf)[0]


def test_both_arms_stop_as_often_as_published_over_their_times_on_treatment():
    known = assumptions()
    alone = harm_rates(Regimen.parse("exemestane 25 mg daily"), known).stop
    both = harm_rates(
        Regimen.parse("exemestane 25 mg daily + everolimus 10 mg daily"), known
    ).stop
    assert harmed(alone, 3.2) == pytest.approx(0.04, abs=1e-5)
    assert harmed(both, 7.8) == pytest.approx(0.19, abs=1e-5)


def test_severe_harm_stops_and_lowers_what_has_no_published_share():
    known = assumptions()
    rates = harm_rates(
        Regimen.parse("buparlisib 100 mg daily + letrozole 2.5 mg daily"), known
    )
    # Grade 3 or more: ALT 25, AST 18, hyperglycemia 15 and rash 8 %. Of these only rash
    # is felt; blood tests lower doses.
    stop = rates.stop / known.severe_stops.value
    assert harmed(stop, 6.9) == pytest.approx(0.08, abs=1e-5)
    for event in (0.25, 0.18, 0.15):
        stop += brentq(lambda h, p=event: harmed(h, 6.9) - p, 0, 5)
    assert rates.reduce / known.severe_reductions.value == pytest.approx(stop, rel=1e-4)
    assert str(rates.reduced) == "buparlisib 67 mg daily + letrozole 2.5 mg daily"
    harmless = harm_rates(Regimen.parse("letrozole 2.5 mg daily"), known)
    assert (harmless.stop, harmless.reduce) == (0.0, 0.0)


def test_the_same_patient_has_the_same_luck_in_every_arm():
    known, patient = assumptions(), np.arange(200)

    def leaving(rate):
        rates = Rates(stop=rate, reduce=2 * rate, reduced=Regimen())
        return draw_leaving(rates, patient, streams=Streams(1), assumptions=known)

    low = leaving(0.01)
    high = leaving(0.05)
    constant = known.harm_onset.value * DAYS_PER_MONTH
    for seldom, often in (
        (low.stop_day, high.stop_day),
        (low.reduce_day, high.reduce_day),
    ):
        able = np.isfinite(seldom)
        assert 0 < able.sum() < able.size
        spent = [1 - np.exp(-day[able] / constant) for day in (seldom, often)]
        np.testing.assert_allclose(spent[0], 5 * spent[1])
        assert np.isfinite(often).sum() > able.sum()
    none = leaving(0.0)
    assert np.isinf(none.stop_day).all()
    assert np.isfinite(none.last_day).all()


def test_every_assumption_says_why():
    for name in assumptions().__dataclass_fields__:
        number = getattr(assumptions(), name)
        assert isinstance(number, Quantity)
        assert number.origin is Origin.ASSUMED
        assert len(number.reason) > 20
