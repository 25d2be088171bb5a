"""Survival looks beyond the trial's therapy, and nothing else does."""

import json

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters
from oestra.trial.assumption import assumptions
from oestra.trial.case_mix import weigh
from oestra.trial.censoring import Censoring
from oestra.trial.conduct import Setting, conduct
from oestra.trial.design import Crossover, TrialDesign
from oestra.trial.designs import find_design
from oestra.trial.eligibility import screen
from oestra.trial.outcomes import Fate, Timed
from oestra.trial.run import run_trial
from oestra.trial.survive import after_therapy

DESIGN = TrialDesign.model_validate(
    {
        "id": "later",
        "title": "Everolimus",
        "arms": [
            {"id": "A", "label": "A", "n": 20,
             "regimen": "exemestane 25 mg daily + everolimus 10 mg daily"},
            {"id": "B", "label": "B", "n": 20, "regimen": "exemestane 25 mg daily",
             "crossover": {"regimen": "everolimus 10 mg daily", "percent": 50}},
        ],
        "eligibility": ["setting != 'primary'"],
        "visits": {"interval_weeks": 8},
        "criteria": "RECIST-1.1",
        "accrual_months": 6,
        "data_cut_months": 48,
        "analysis": {"secondary": ["os"]},
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def real():
    return simulate_cohort(40, prior_parameters(), seed=3, workers=1)


def test_therapy_ends_with_progression_or_leaving():
    ttp = Timed(
        day=np.array([50.0, 90.0, 300.0]),
        event_observed=np.array([True, False, False]),
        reason=np.array(["", "", ""]),
    )
    fate = Fate(
        symptom_day=np.full(3, np.inf),
        death_day=np.full(3, np.inf),
        last_day=np.array([100.0, 100.0, np.inf]),
        cut_day=np.full(3, 300.0),
    )
    after = after_therapy(DESIGN.arms[1], ttp, fate, 2010.0)
    assert after.day.tolist() == [50.0, 100.0, np.inf]
    assert after.regimen.drugs == ("exemestane",)
    assert after.crossing is not None
    assert after.year == 2010.0
    assert after.crossing.share == 0.5
    assert after_therapy(DESIGN.arms[0], ttp, fate, 2010.0).crossing is None


def conducted(design, cohort, follow, live_on):
    """Return the patients of a trial."""
    rows = screen(design, cohort.decisions).rows
    setting = Setting(
        decisions=cohort.decisions,
        weighted=weigh(design, cohort.decisions, rows),
        follow=follow,
        assumptions=assumptions(),
        live_on=live_on,
    )
    return conduct(design, setting, Streams(1)).patients


def test_only_survival_changes(cohort, follow):
    design = find_design("TAnDEM")
    asked = []

    def live_on(rows, followed, after, *, streams, log_growth_effect):
        asked.append((after, streams, log_growth_effect))
        return np.full(len(rows), 77.0)

    plain = conducted(design, cohort, follow, None)
    beyond = conducted(design, cohort, follow, live_on)
    assert len(asked) == 2
    assert asked[0][0].crossing is None
    assert asked[1][0].crossing.share == 0.7
    assert (beyond["os_day"] == np.minimum(77.0, beyond["cut_day"])).all()
    assert not plain["os_day"].equals(beyond["os_day"])
    same = [name for name in plain if not name.startswith("os_")]
    assert plain[same].equals(beyond[same])


def test_a_death_under_another_therapy_is_one_death(cohort, follow):
    """EMA 2012, appendix 1: deaths count, whatever patients take by then."""
    shipped = find_design("TAnDEM")

    def live_on(rows, followed, after, *, streams, log_growth_effect):
        return np.where(np.isfinite(after.day), after.day + 1.0, followed.death_day)

    def run(rule, beyond):
        design = shipped.model_copy(update={"censoring": Censoring(rule=rule)})
        return conducted(design, cohort, follow, beyond)

    found, plain = run("EMA", live_on), run("EMA", None)
    died = found[found["pfs_event"] & (found["pfs_reason"] == "death")]
    assert len(died) > 10
    assert (died["pfs_day"] == died["os_day"]).all()
    assert not found["pfs_day"].equals(plain["pfs_day"])
    other = run("FDA-2018", live_on), run("FDA-2018", None)
    assert other[0]["pfs_day"].equals(other[1]["pfs_day"])


def test_workers_do_not_change_survival(real):
    one, two = (
        json.dumps(
            run_trial(DESIGN, cohort=real, replicates=2, workers=workers).to_json_dict()
        )
        for workers in (1, 2)
    )
    assert one == two


def test_later_lines_are_followed_only_where_survival_is_asked_for(real, monkeypatch):
    def never(*_, **__):
        raise AssertionError("nobody asked")

    whole = run_trial(DESIGN, cohort=real, replicates=1)
    monkeypatch.setattr("oestra.trial.treated.live_on", never)
    with pytest.raises(AssertionError, match="nobody asked"):
        run_trial(DESIGN, cohort=real, replicates=1)
    analysis = DESIGN.analysis.model_copy(update={"secondary": ()})
    plain = run_trial(
        DESIGN.model_copy(update={"analysis": analysis}), cohort=real, replicates=1
    )
    pfs = whole.patients[whole.patients["PARAMCD"] == "PFS"].reset_index(drop=True)
    assert pfs.equals(plain.patients)
    assert whole.responses.equals(plain.responses)


def test_crossovers_of_the_library():
    found = {
        name: [arm.crossover for arm in find_design(name).arms]
        for name in ("TAnDEM", "S0226_MEHTA", "BOLERO-2")
    }
    assert [c and c.percent for c in found["TAnDEM"]] == [None, 70]
    assert [c and c.percent for c in found["S0226_MEHTA"]] == [None, 41]
    assert found["BOLERO-2"] == [None, None]
    assert isinstance(found["TAnDEM"][1], Crossover)
