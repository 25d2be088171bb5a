"""Scenarios side by side: run in the background, with the numbers of the command."""

import time

import numpy as np
import pytest

from oestra.appraisal.between_arms import arm_times
from oestra.appraisal.scenarios import compare_scenarios
from oestra.core.library import SHIPPED
from oestra.report.expected_curve import expected_curve
from oestra.trial.design_file import parse_designs
from oestra.trial.designs import find_design
from oestra.trial.run import run_trial
from oestra.web.page_data import examples

(EXAMPLE,) = examples()


def asked(page, **body):
    job = page.post("/api/comparisons", json=body).json()["job"]
    end = time.monotonic() + 120
    while time.monotonic() < end:
        found = page.get(f"/api/runs/{job}").json()
        if found["state"] not in {"waiting", "running"}:
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def test_the_example_gives_the_numbers_of_the_command(page, quick_trials):
    cohort, follow = quick_trials
    found = asked(
        page,
        scenario=EXAMPLE["scenarios"],
        yaml=EXAMPLE["yaml"],
        patients=60,
        replicates=2,
        seed=3,
    )
    assert (found["state"], found["error"]) == ("done", "")
    result = found["result"]
    # The first look comes scenario by scenario, the second whole.
    assert (result["part"], result["replicates"]) == (6 + 1, 2)
    designs = [
        find_design("HORIZON"),
        *parse_designs(EXAMPLE["yaml"], "x.yaml", SHIPPED),
        find_design("BOLERO-2"),
    ]
    alone = [
        run_trial(one, cohort=cohort, follow=follow, patients=60, replicates=2, seed=3)
        for one in designs
    ]
    expected = compare_scenarios(alone, designs)
    assert [one["id"] for one in result["steps"]] == [one.id for one in designs]
    for step, (trial, ratio) in zip(result["steps"], expected.contrasts, strict=True):
        assert step["id"] == trial
        assert step["hazard_ratio"]["estimate"] == ratio.hazard_ratio.estimate
        assert step["hazard_ratio"]["low"] == ratio.hazard_ratio.low
    for step, design, one in zip(result["steps"], designs, alone, strict=True):
        found_one = {
            arm.id: expected_curve(arm_times(one, "pfs", arm.id)) for arm in design.arms
        }
        # The page rounds months, and curves are steep at visits.
        last = max(float(curve.times[-1]) for curve in found_one.values())
        months = np.linspace(0.0, last, len(step["months"]))
        assert step["months"] == pytest.approx(months.tolist(), abs=1e-3)
        for arm, curve in found_one.items():
            drawn = next(c for c in step["curves"] if c["id"] == arm)
            seen = [i for i, value in enumerate(drawn["mean"]) if value is not None]
            for name in ("mean", "low", "high"):
                values = np.interp(months, curve.times, getattr(curve, name))
                assert [drawn[name][i] for i in seen] == pytest.approx(
                    values[seen].tolist(), abs=1e-3
                )
    known = [
        one["published"] and one["published"]["estimate"] for one in result["steps"]
    ]
    assert known == [0.9, None, None, None, None, 0.45]
    leads = [one["published"] and one["published"]["source"] for one in result["steps"]]
    for source, trial in ((leads[0], "HORIZON"), (leads[-1], "BOLERO-2")):
        told = page.get("/api/source", params={"id": source}).json()
        assert (told["trial"], told["kind"]) == (trial, "hazard_ratio")
    assert [one["changes"] == [] for one in result["steps"]] == [True, *5 * [False]]
    assert result["command"] == (
        "oestra trial HORIZON scenarios.yaml BOLERO-2 --parameters best "
        "--replicates 2 --seed 3 --patients 60"
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"scenario": ["BOLERO-2"]}, "Between 2 and 8 scenarios"),
        ({"scenario": ["BOLERO-2"] * 9}, "Between 2 and 8 scenarios"),
        ({"scenario": ["BOLERO-2", "BOLERO-2"]}, "given more than once"),
        ({"scenario": ["BOLERO-2", "BOLERO2x"]}, "nearest is 'BOLERO-2'"),
        ({"scenario": ["BOLERO-2", "/etc/passwd"]}, "No trial"),
        ({"scenario": ["BOLERO-2", "mine.yaml"]}, "No trial"),
        ({"scenario": ["BOLERO-2", "file"], "yaml": "id: [1"}, "scenarios.yaml"),
        ({"scenario": ["BOLERO-2", "file"]}, "scenarios.yaml"),
        ({"scenario": ["BOLERO-2", "TAMRAD"], "patients": 1}, "at least as many"),
        ({"scenario": "BOLERO-2"}, "Between 2 and 8 scenarios"),
        (
            {"scenario": ["BOLERO-2", "TAMRAD"], "patients": 5000, "replicates": 26},
            "These are 260,000 patients in all, and a run takes 250,000;",
        ),
        (
            {"scenario": ["BOLERO-2", "TAMRAD"], "parameters": "bets"},
            "nearest is 'best'",
        ),
    ],
)
def test_what_cannot_be_compared_gets_one_sentence(page, body, told):
    answer = page.post("/api/comparisons", json=body)
    assert answer.status_code == 422
    assert told in answer.json()["error"]


def test_a_changed_trial_may_not_go_by_a_name_of_the_library(page):
    text = EXAMPLE["yaml"].replace("id: HORIZON-everolimus", "id: HORIZON")
    answer = page.post(
        "/api/comparisons", json={"scenario": ["BOLERO-2", "file"], "yaml": text}
    )
    assert "give it an id such as 'HORIZON-changed'" in answer.json()["error"]
