"""The bench: a trial as form and file, run in the background, refined, stopped."""

import time
from itertools import pairwise

import pytest

from oestra.core.library import SHIPPED
from oestra.trial.run import run_trial
from oestra.web.trial_form import edit, form, own_design, trial_text


def finished(page, job, seconds=60.0):
    end = time.monotonic() + seconds
    while True:
        found = page.get(f"/api/runs/{job}").json()
        if found["state"] not in ("waiting", "running"):
            return found
        assert time.monotonic() < end
        time.sleep(0.02)


def test_trials_are_listed_and_shown_as_form_and_file(page):
    listed = page.get("/api/trials").json()
    names = [one["id"] for one in listed["trials"]]
    assert "BOLERO-2" in names
    assert listed["opens_with"] in names
    found = page.get("/api/trials/bolero2").json()
    assert found["yaml"].startswith("id: BOLERO-2")
    assert found["form"]["arms"][0]["regimen"].startswith("exemestane 25 mg daily")
    assert found["form"]["interval_weeks"] == 6


def test_a_run_gives_the_numbers_of_the_command(page, quick_trials):
    cohort, follow = quick_trials
    asked = {"trial": "BOLERO-2", "patients": 90, "replicates": 6, "seed": 3}
    job = page.post("/api/runs", json=asked).json()["job"]
    found = finished(page, job)
    assert (found["state"], found["share"], found["error"]) == ("done", 1.0, "")
    result = found["result"]
    expected = run_trial(
        "BOLERO-2", cohort=cohort, follow=follow, patients=90, replicates=6, seed=3
    )
    ratio = expected.contrasts[0].hazard_ratio
    shown = next(one for one in result["rows"] if one["control"])
    assert (shown["estimate"], shown["low"], shown["high"]) == (
        ratio.estimate,
        ratio.low,
        ratio.high,
    )
    assert shown["published"].startswith("0.45")
    for row in (row for row in result["rows"] if row["published"]):
        told = page.get("/api/source", params={"id": row["source"]}).json()
        assert f"{told['published']:.{told['digits']}f}" in row["published"]
    assert result["screening"].items() <= expected.screening.items()
    assert "not her2_positive" in result["screening"]["excluded_percent"]
    assert result["command"] == (
        "oestra trial BOLERO-2 --parameters best --replicates 6 --seed 3 --patients 90"
    )
    for curve in result["curves"]:
        seen = [one for one in curve["mean"] if one is not None]
        assert seen[0] == 1.0
        assert all(a >= b for a, b in pairwise(seen))
    assert result["curves"][0]["published_median"] == pytest.approx(7.8)


def test_a_result_that_is_known_is_not_sent_again(page, quick_trials):
    asked = {"trial": "BOLERO-2", "patients": 60, "replicates": 1}
    job = page.post("/api/runs", json=asked).json()["job"]
    assert finished(page, job)["result"]["replicates"] == 1
    assert page.get(f"/api/runs/{job}?known=1").json()["result"] is None


def test_a_run_can_be_stopped(page, quick_trials):
    asked = {"trial": "BOLERO-2", "patients": 300, "replicates": 50}
    job = page.post("/api/runs", json=asked).json()["job"]
    assert page.delete(f"/api/runs/{job}").json()["state"] == "stopped"
    assert finished(page, job)["state"] == "stopped"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"trial": "BOLERO2x"}, "nearest is 'BOLERO-2'"),
        ({"trial": "../../etc/passwd"}, "No trial"),
        ({"trial": "trial.yaml"}, "No trial"),
        ({"trial": "BOLERO-2", "patients": 1}, "needs at least as many patients"),
        ({"trial": "BOLERO-2", "patients": 1e6}, "from 0 to 5000"),
        ({"trial": "BOLERO-2", "replicates": 2.5}, "a whole number"),
        ({"trial": "BOLERO-2", "seed": True}, "a whole number"),
        ({"trial": 7}, "trial is a text"),
        ({"yaml": "id: [1"}, "trial.yaml"),
        ({"yaml": "id: X\nzebra: 1\n"}, "trial.yaml"),
        ({"yaml": "!!python/object/apply:os.system [ls]"}, "trial.yaml"),
        ({"zebra": 1}, "No entry 'zebra'"),
        ([1], "one JSON object"),
    ],
)
def test_what_cannot_be_run_gets_one_sentence(page, body, told):
    answer = page.post("/api/runs", json=body)
    assert answer.status_code == 422
    assert told in answer.json()["error"]


def test_a_body_that_is_no_json_is_told(page):
    headers = {"Content-Type": "application/json"}
    answer = page.post("/api/runs", content=b"{" * 50_000, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (
        422,
        "The body of this request is no JSON.",
    )
    assert page.post("/api/runs", content=b"x=1").status_code == 422
    long = page.post("/api/runs", content=b"x" * 300_000, headers=headers)
    assert long.status_code == 413
    assert long.json()["error"] == "A request has at most 200,000 bytes."


def test_a_change_keeps_comments_and_gives_an_id_of_its_own():
    text = "# mine\n" + trial_text("BOLERO-2", SHIPPED)
    changed = edit(
        text, ["arms.0.regimen=letrozole 2.5 mg daily", "data_cut_months=24"], SHIPPED
    )
    design = own_design(changed, SHIPPED)
    assert changed.startswith("# mine\n")
    assert design.id == "BOLERO-2-changed"
    assert design.chance_id == "BOLERO-2"
    assert design.arms[0].regimen == "letrozole 2.5 mg daily"
    assert design.data_cut_months == 24
    assert "Campone 2013" in changed


def test_form_and_file_agree_after_every_change():
    text = trial_text("BOLERO-2", SHIPPED)
    changes = [
        "arms.0.n=200",
        "arms.1.n=100",
        "arms.0.label=both",
        "visits.interval_weeks=8",
        "accrual_months=12",
        "eligibility=not her2_positive\nprior_nonsteroidal_ai",
        "title=<script>alert(1)</script>",
    ]
    shown = form(own_design(edit(text, changes, SHIPPED), SHIPPED))
    assert shown["arms"][1]["n"] == 100
    assert shown["arms"][0]["label"] == "both"
    assert shown["interval_weeks"] == 8
    assert shown["accrual_months"] == 12
    assert shown["eligibility"] == ["not her2_positive", "prior_nonsteroidal_ai"]
    assert shown["title"] == "<script>alert(1)</script>"


def test_no_change_keeps_the_trial_of_the_library(page):
    text = trial_text("BOLERO-2", SHIPPED)
    found = page.post(
        "/api/design", json={"yaml": text, "set": ["data_cut_months=30.4"]}
    )
    assert found.json()["form"]["id"] == "BOLERO-2"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("arms.0.regimen=letrozol 2.5 mg daily", "nearest is 'letrozole'"),
        ("arms.7.n=3", "There is no arm '7'"),
        ("arms.0.n=many", "arms.0.n is a number"),
        ("arms.0.n=2.5", "a whole number"),
        ("data_cut_months=soon", "is a number"),
        ("data_cut_months=-3", "data_cut_months"),
        ("eligibility=ecgo < 2", "nearest is 'ecog'"),
        ("eligibility=__import__('os')", "line"),
        ("same_chance_as=x", "No entry 'same_chance_as'"),
        ("data_cut_months", "is needed"),
    ],
)
def test_a_change_that_does_not_fit_is_told(page, change, told):
    text = trial_text("BOLERO-2", SHIPPED)
    answer = page.post("/api/design", json={"yaml": text, "set": [change]})
    assert answer.status_code == 422
    assert told in answer.json()["error"]


def test_a_changed_trial_may_not_borrow_published_results(page):
    text = trial_text("BOLERO-2", SHIPPED).replace(
        "everolimus 10 mg", "everolimus 5 mg"
    )
    answer = page.post("/api/runs", json={"yaml": text})
    assert "give it an id such as 'BOLERO-2-changed'" in answer.json()["error"]
