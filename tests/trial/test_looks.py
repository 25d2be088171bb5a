"""Decisions of trials with known answers: exponential survival, no model."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from oestra.trial.analysis import Efficacy, Futility, Look
from oestra.trial.design import TrialDesign
from oestra.trial.error_account import Account, Seen, planned
from oestra.trial.hypothesis_graph import Graph
from oestra.trial.look_summary import summarize_looks, summarize_tests
from oestra.trial.looks import decide, wins
from oestra.trial.planned_analysis import plan
from oestra.trial.score import score_z
from oestra.trial.stopping import Rules

SIZE = 120


def design(**analysis):
    return TrialDesign.model_validate(
        {
            "id": "PLAN",
            "title": "A plan",
            "arms": [
                {"id": "A", "label": "a", "regimen": "none", "n": SIZE},
                {"id": "B", "label": "b", "regimen": "none", "n": SIZE},
            ],
            "visits": {"interval_weeks": 8},
            "criteria": "RECIST-1.1",
            "accrual_months": 12,
            "data_cut_months": 36,
            "analysis": {"stratified": False, **analysis},
        }
    )


def trial(rng, ratio=1.0, size=SIZE, median=8.0, late=1.0):
    """Return patients of both arms whose survival is exponential, in days."""
    month = 30.4375
    arm = np.repeat(["A", "B"], size)
    entry = rng.uniform(0, 12 * month, 2 * size)
    follow = 36 * month - entry
    table = {"patient": np.arange(2 * size), "arm": arm, "entry_day": entry}
    table["stratum"] = np.zeros(2 * size, dtype=int)
    for name, hazard in (("pfs", ratio), ("os", late)):
        scale = median * month / math.log(2) * (1 if name == "pfs" else 3)
        day = rng.exponential(scale / np.where(arm == "A", hazard, 1.0))
        table[f"{name}_event"] = day <= follow
        table[f"{name}_day"] = np.minimum(day, follow)
    return pd.DataFrame(table)


POCOCK = {
    "looks": [{"events": n, "efficacy_p": 0.0221} for n in (60, 118, 177)],
}
SPENDING = {
    "alpha": 0.025,
    "sided": 1,
    "final_events": 180,
    "efficacy": {"rule": "lan-demets-obrien-fleming"},
    "looks": [{"events": 60}, {"events": 120}],
}


def share(plan, runs, seed, **trials):
    rng = np.random.default_rng(seed)
    return np.mean([wins(decide(trial(rng, **trials), plan)) for _ in range(runs)])


@pytest.mark.parametrize("analysis", [POCOCK, SPENDING])
def test_the_error_of_one_side_is_kept(analysis):
    """Of many more trials in benchmarks/designs.py."""
    found = share(design(**analysis), 200, 7)
    assert found < 0.025 + 3 * math.sqrt(0.025 * 0.975 / 200)


def test_power_is_that_of_the_formula():
    plan = design(**SPENDING)
    bounds = [row.upper for row in planned(plan)]
    drift = -math.log(0.65) * math.sqrt(180 / 4)
    from oestra.trial.group_sequential import crossing  # noqa: PLC0415 - told beside

    events = [60 / 180, 120 / 180, 1.0]
    expected = crossing(events, bounds, drift=drift).above.sum()
    found = share(plan, 200, 3, ratio=0.65, median=6.0)
    assert found == pytest.approx(expected, abs=0.09)


def test_an_arm_without_events_wins_at_the_end_and_at_a_look():
    rng = np.random.default_rng(1)
    table = trial(rng, median=3.0)
    better = table["arm"] == "A"
    table.loc[better, "pfs_event"] = False
    (end,) = decide(table, design())
    assert end.won
    assert end.p < 1e-9
    assert end.hazard_ratio == 0.0
    looks = design(looks=[{"events": 50, "efficacy_p": 0.005,
                           "futility_hazard_ratio": 1.0}])  # fmt: skip
    (made,) = decide(table, looks)
    assert (made.won, made.stops, made.final) == (True, "efficacy", False)
    table.loc[better, "pfs_event"] = True
    table.loc[~better, "pfs_event"] = False
    assert not wins(decide(table, design()))
    assert decide(table, looks)[0].stops == "futility"


def test_a_planned_final_look_is_not_tested_twice():
    rng = np.random.default_rng(5)
    plan = design(
        final_events=100, looks=[{"events": 50, "efficacy_p": 0.005}, {"events": 100}]
    )
    for _ in range(20):
        made = decide(trial(rng), plan)
        assert [d.number for d in made] in ([0], [0, 1])
        assert made[-1].final or made[-1].stops
        assert made[-1].events <= 101
    by_hand = design(**POCOCK)
    numbers = {d.number for _ in range(20) for d in decide(trial(rng), by_hand)}
    assert numbers <= {0, 1, 2}


def test_what_is_left_is_spent_where_the_last_look_is_not_reached():
    plan = design(**POCOCK)
    made = decide(trial(np.random.default_rng(2), median=40.0), plan)
    assert made[-1].final
    assert made[-1].number == 3
    assert made[-1].bound < 2.3


def test_looks_that_never_come_leave_all_of_alpha_to_the_end():
    """Lan and DeMets 1983: error is spent by the information that there is."""
    later = {"looks": [{"events": 150}, {"events": 170}], "final_events": 200}
    (made,) = decide(
        trial(np.random.default_rng(0), median=200.0), design(**SPENDING | later)
    )
    assert made.final
    assert made.bound == pytest.approx(1.959964, abs=1e-6)


def test_weights_below_one_spend_no_more_than_they_are():
    """Bretz 2009: a hypothesis has its share of alpha, and what was passed to it."""
    arms = {"arm": "A", "control": "B", "weight": 0.3}
    plan = design(
        alpha=0.025,
        sided=1,
        secondary=["os"],
        hypotheses={
            "PFS": arms | {"passes_to": {"OS": 1.0}},
            "OS": arms | {"endpoint": "os", "passes_to": {"PFS": 1.0}},
        },
    )
    account = Account(plan)
    seen = {"PFS": Seen(events=100, z=2.5, ratio=0.6)}
    seen |= {"OS": Seen(events=50, z=2.16, ratio=0.6)}
    account.note(0, seen)
    assert account.bound(account.tests[0], final=True) == pytest.approx(2.43238)
    assert account.reject(seen, final=True) == ("PFS",)
    # 0.6 of alpha, 0.015, is what is left for the other.
    assert account.bound(account.tests[1], final=True) == pytest.approx(2.17009)


def test_a_trial_stopped_for_futility_is_not_won_later():
    plan = design(looks=[{"events": 60, "futility_hazard_ratio": 0.01}])
    (made,) = decide(trial(np.random.default_rng(2), ratio=0.3), plan)
    assert made.stops == "futility"
    assert not made.won


def test_conditional_power_stops_what_can_hardly_be_won():
    plan = design(**SPENDING, futility={"conditional_power": 0.2})
    rng = np.random.default_rng(4)
    made = [decide(trial(rng, ratio=1.3), plan)[-1].stops for _ in range(60)]
    assert made.count("futility") > 40
    row = planned(plan)[0]
    assert row.lower == pytest.approx(
        (planned(plan)[-1].upper - 0.8416212 * math.sqrt(2 / 3)) * math.sqrt(1 / 3),
        abs=1e-4,
    )


@pytest.mark.parametrize(
    ("rule", "events", "futility"),
    [
        ("obrien-fleming", (64, 310, 330), {"conditional_power": 0.35}),
        ("lan-demets-pocock", (78, 81, 82, 106), {"conditional_power": 0.57}),
        ("lan-demets-obrien-fleming", (100, 200), {"conditional_power": 0.5}),
        ("obrien-fleming", (33, 289, 291), {"spending": "lan-demets-pocock"}),
        ("pocock", (87, 361, 390), {"spending": "lan-demets-pocock", "beta": 0.1}),
    ],
)
def test_bounds_that_rely_on_much_futility_are_found(rule, events, futility):
    """Where by turns they would swing for ever: all of alpha is spent, once."""
    rules = Rules(
        alpha=0.025,
        sided=1,
        margin=1.0,
        looks=tuple(Look(events=count) for count in events[:-1]),
        final_events=events[-1],
        efficacy=Efficacy(rule=rule),
        futility=Futility(**futility, binding=True),
    )
    found = plan(rules, 0.025, 0.5)
    assert found[-1].spent == pytest.approx(0.025, abs=1e-7)
    last = found[-1].upper
    if "conditional_power" in futility:
        wanted = last + ndtri(futility["conditional_power"]) * math.sqrt(
            1 - events[0] / events[-1]
        )
        assert found[0].lower == pytest.approx(
            wanted * math.sqrt(events[0] / events[-1])
        )


def test_plans_are_of_the_margin_of_their_hypothesis():
    rest = {
        **SPENDING,
        "futility": {"conditional_power": 0.2, "assumed_hazard_ratio": 1.1},
    }
    one = {"arm": "A", "control": "B"}
    own = planned(design(**rest, hypotheses={"PFS": {**one, "margin": 1.3}}))
    assert own == planned(design(**rest, margin=1.3))
    last = own[-1]
    reach = 1.3 * math.exp(-last.upper / math.sqrt(180 / 4))
    assert last.hazard_ratio == pytest.approx(reach)


def test_conditional_power_looks_to_the_alpha_there_is():
    """Nothing is futile that has no alpha yet; what others passed on lowers the bar."""
    plan = design(
        **{**SPENDING, "looks": [{"events": 90}]},
        futility={"conditional_power": 0.5},
        secondary=["os"],
        hypotheses={
            "PFS": {"arm": "A", "control": "B", "weight": 0.0, "passes_to": {"OS": 1}},
            "OS": {
                "arm": "A",
                "control": "B",
                "endpoint": "os",
                "weight": 1.0,
                "passes_to": {"PFS": 1},
                "events": 90,
            },
        },
    )
    account = Account(plan)
    # Under the trend so far z at the end is 1.38 * sqrt(2) = 1.95, under the bound of
    # 1.97 of all of alpha; 1.40 leads over it.
    low, high = (Seen(events=90, z=z, ratio=0.75) for z in (1.38, 1.40))
    account.note(0, {"PFS": low})
    assert not account.futile(0, low)
    account.graph = account.graph.without("OS")
    assert account.futile(0, low)
    assert not account.futile(0, high)


def test_non_inferiority_is_shown_against_the_margin():
    plan = design(alpha=0.025, sided=1, margin=1.5)
    assert share(plan, 60, 3, ratio=1.0) > 0.7
    assert share(plan, 200, 3, ratio=1.5) < 0.06


def test_a_sequence_stops_at_the_first_that_is_not_rejected():
    plan = design(
        secondary=["os"],
        hypotheses={
            "PFS": {"arm": "A", "control": "B"},
            "OS": {"arm": "A", "control": "B", "endpoint": "os"},
        },
    )
    rng = np.random.default_rng(9)
    made = [decide(trial(rng, ratio=0.5, late=0.4), plan) for _ in range(40)]
    assert all("PFS" in d[-1].rejected for d in made)
    assert sum("OS" in d[-1].rejected for d in made) > 20
    null = [decide(trial(rng, ratio=1.0, late=0.4), plan) for _ in range(40)]
    assert sum("OS" in d[-1].rejected for d in null) <= 4
    verdict = summarize_tests(plan, made)
    assert verdict.rejected["PFS"].estimate == 1.0
    assert verdict.months["mean"] == pytest.approx(36, abs=0.01)


def test_the_graph_is_that_of_bretz_and_others():
    """Holm's procedure of three, and what is left of it after one."""
    names = ("a", "b", "c")
    graph = Graph(
        weight=dict.fromkeys(names, 1 / 3),
        passes={n: {m: 0.5 for m in names if m != n} for n in names},
    )
    after = graph.without("b")
    assert after.weight == pytest.approx({"a": 0.5, "c": 0.5})
    assert after.passes["a"] == pytest.approx({"c": 1.0})
    assert after.without("a").weight == pytest.approx({"c": 1.0})


def test_expected_events_months_and_patients():
    plan = design(**SPENDING)
    rng = np.random.default_rng(6)
    made = [decide(trial(rng, ratio=0.5), plan) for _ in range(40)]
    looks, verdict = summarize_looks(plan, made), summarize_tests(plan, made)
    assert [row.events for row in looks] == [60, 120, 180]
    assert looks[-1].final
    assert looks[0].z == pytest.approx(3.7103, abs=1e-3)
    assert 60 <= verdict.events["mean"] < 180
    assert verdict.months["mean"] < 36
    assert verdict.patients["mean"] <= 2 * SIZE
    assert verdict.events["monte_carlo_error"] > 0
    total = sum(row.efficacy_percent for row in looks)
    assert total == pytest.approx(100 * verdict.won.estimate)


def test_the_score_test_is_the_log_rank_test_with_its_sign():
    from oestra.survival.log_rank import log_rank  # noqa: PLC0415 - told beside

    table = trial(np.random.default_rng(8), ratio=0.7)
    day = np.ceil(table["pfs_day"].to_numpy() / 56)
    event, arm = table["pfs_event"].to_numpy(), (table["arm"] == "A").to_numpy()
    strata = np.arange(day.size) % 3
    test = log_rank(day, event, arm, strata)
    z = score_z(day, event, arm, strata)
    assert z**2 == pytest.approx(test.statistic)
    assert (z > 0) == (test.observed < test.expected)
    assert score_z(day, event, arm, strata, ratio=1.3) > z


@pytest.mark.parametrize(
    ("ratio", "stratified", "chi_square"),
    [
        (1.3, False, 0.0696879297683),
        (1.3, True, 2.15481227147e-06),
        (2.0, False, 1.172413755601),
        (2.0, True, 0.504156903209),
    ],
)
def test_the_margin_is_tested_by_the_score_of_efrons_likelihood(
    ratio, stratified, chi_square
):
    """R's ``coxph(init = log(ratio), control = coxph.control(iter.max = 0))``.

    Patients who are scanned on one day are tied, and by Breslow's likelihood arms at
    the margin look more alike than they are: 400 events eight-weekly err in 5 to 7 %.
    """
    day = np.repeat([1, 2, 3, 1, 2, 3, 4, 5], [4, 4, 4, 1, 2, 1, 3, 1]).astype(float)
    event = np.array(list("11011101101111011011")) == "1"
    arm = np.array(list("10101010101011001001")) == "1"
    strata = np.arange(20) % 2 if stratified else None
    z = score_z(day, event, arm, strata, ratio=ratio)
    assert z**2 == pytest.approx(chi_square, rel=1e-9)
    near = day + np.where(np.arange(20) % 3, 0.0, 1e-11)
    assert score_z(near, event, arm, strata, ratio=ratio) == pytest.approx(z)


def test_a_margin_is_kept_where_everybody_is_scanned_on_the_same_days():
    rng, rejected = np.random.default_rng(1), 0
    arm = np.arange(600) % 2 == 0
    for _ in range(600):
        time = rng.exponential(182 / np.log(2) / np.where(arm, 1.3, 1.0))
        day = 56 * np.ceil(time / 56)
        z = score_z(np.minimum(day, 728), day <= 728, arm, ratio=1.3)
        rejected += z >= 1.959964
    assert 4 <= rejected <= 28
