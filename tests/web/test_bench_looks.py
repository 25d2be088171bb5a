"""Power and looks on the bench: the form, the file, and the numbers of the command."""

import json
import re
from itertools import pairwise

import pytest

from oestra.cli import main
from oestra.core.library import SHIPPED
from oestra.trial.run import run_trial
from oestra.web.analysis_form import ANALYSIS_KEYS
from oestra.web.trial_form import edit, form, own_design, trial_text

LOOKS = [
    "analysis.alpha=0.025",
    "analysis.sided=1",
    "analysis.final_events=60",
    "analysis.looks=20, 66 %",
    "analysis.efficacy=lan-demets-obrien-fleming",
    "analysis.futility=conditional_power 0.3",
]


def planned_file(changes=LOOKS, name="BOLERO-2"):
    return edit(trial_text(name, SHIPPED), changes, SHIPPED)


def shown(text):
    return form(own_design(text, SHIPPED))["analysis"]


def run_on(page, text, **asked):
    body = {"yaml": text, "patients": 90, "replicates": 12, "seed": 3, **asked}
    job = page.post("/api/runs", json=body).json()["job"]
    while True:
        found = page.get(f"/api/runs/{job}").json()
        if found["state"] not in ("waiting", "running"):
            assert (found["state"], found["error"]) == ("done", "")
            return found["result"]


def test_power_and_looks_are_those_of_the_commands(
    page, quick_trials, tmp_path, capsys
):
    cohort, follow = quick_trials
    text = planned_file()
    found = run_on(page, text)["analyses"]
    expected = run_trial(
        own_design(text, SHIPPED),
        cohort=cohort,
        follow=follow,
        patients=90,
        replicates=12,
        seed=3,
    ).to_json_dict()
    assert found["looks"] == expected["looks"]
    assert found["testing"] == expected["testing"]
    file = tmp_path / "trial.yaml"
    file.write_text(text)
    assert main(["design", str(file), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert found["planned"] == printed["planned_analyses"]
    won = sum(any(one["outcome"] == "won" for one in made) for made in found["seen"])
    assert won / 12 == expected["testing"]["won"]["estimate"]
    for number, look in enumerate(expected["looks"]):
        at = [one for made in found["seen"] for one in made if one["number"] == number]
        stops = sum(one["outcome"] == "futility" for one in at)
        assert 100 * len(at) / 12 == pytest.approx(look["reached_percent"])
        assert 100 * stops / 12 == pytest.approx(look["futility_percent"])


def test_a_trial_without_looks_has_a_power_too(page, quick_trials):
    found = run_on(page, planned_file(["data_cut_months=20"]), replicates=3)["analyses"]
    assert (found["looks"], found["planned"]) == ([], [])
    assert found["testing"]["won"]["low"] <= found["testing"]["won"]["estimate"]
    assert [len(made) for made in found["seen"]] == [1, 1, 1]


def test_a_look_beyond_the_patients_of_the_run_is_told(page, quick_trials):
    result = run_on(page, planned_file(), patients=30, replicates=1)
    told = "the look at 40 events cannot happen with 30 patients"
    assert result["analyses"]["idle"] == [told]


def test_form_and_file_hold_the_same_looks():
    text = planned_file()
    found = shown(text)
    assert [one["events"] for one in found["looks"]] == [20, 40]
    assert found["looks"][1]["share"] == pytest.approx(2 / 3)
    assert (found["alpha"], found["sided"], found["final_events"]) == (0.025, 1, 60)
    assert found["efficacy"] == "lan-demets-obrien-fleming"
    assert found["futility"] == "conditional_power 0.3"
    cleared = edit(
        text,
        [
            "analysis.efficacy=",
            "analysis.futility=",
            "analysis.looks=",
            "analysis.final_events=",
        ],
        SHIPPED,
    )
    assert shown(cleared)["looks"] == []
    assert "efficacy" not in cleared


def test_every_rule_and_way_is_written_and_read():
    rules = shown(planned_file())["rules"]
    for before, after in pairwise([*rules, rules[0]]):
        text = edit(
            planned_file(), [f"analysis.efficacy={r}" for r in (before, after)], SHIPPED
        )
        assert shown(text)["efficacy"] == after
    text = planned_file(
        [
            *LOOKS,
            "analysis.efficacy=hwang-shih-decani",
            "analysis.efficacy.gamma=-2",
            "analysis.futility=spending hwang-shih-decani",
            "analysis.futility.beta=0.1",
            "analysis.futility.gamma=-3",
            "analysis.futility.binding=yes",
        ]
    )
    found = shown(text)
    assert (found["efficacy_gamma"], found["futility_gamma"]) == (-2, -3)
    assert (found["futility_beta"], found["futility_binding"]) == (0.1, True)
    other = edit(text, ["analysis.futility=spending lan-demets-pocock"], SHIPPED)
    assert shown(other)["futility_gamma"] is None
    swapped = edit(text, ["analysis.futility=hazard_ratio 1"], SHIPPED)
    assert shown(swapped)["futility"] == "hazard_ratio 1"
    assert "beta" not in swapped


def test_a_look_that_moves_keeps_what_its_entry_says():
    text = trial_text("EXAMPLE-SERD", SHIPPED).replace(
        "looks: [{events: 90}]",
        "looks: [{events: 90, futility_hazard_ratio: 1.1}]  # mine",
    ).replace("id: EXAMPLE-SERD", "id: MINE")  # fmt: skip
    moved = edit(text, ["analysis.looks=100"], SHIPPED)
    assert "{events: 100, futility_hazard_ratio: 1.1}" in moved
    assert "# mine" in moved
    assert shown(moved)["looks"][0]["own"] == ["futility_hazard_ratio"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (["analysis.looks=50 %"], "needs final_events"),
        (["analysis.final_events=60", "analysis.looks=140 %"], "0 to 100 %"),
        (["analysis.final_events=60", "analysis.looks=40, 20"], "looks ascend"),
        (["analysis.looks=soon"], "is a number"),
        (["analysis.efficacy=pocok"], "nearest is 'pocock'"),
        (["analysis.efficacy.gamma=1"], "which this trial has not"),
        (["analysis.futility=power 0.2"], "No way 'power'"),
        (["analysis.alpha=2"], "alpha"),
        ([*LOOKS[:5], "analysis.sided=3"], "sided"),
        (["analysis.final_events=90000"], "cannot happen"),
        ([*LOOKS, "analysis.futility.binding=perhaps"], "yes or no"),
    ],
)
def test_looks_that_do_not_fit_are_told(page, changes, told):
    body = {"yaml": trial_text("BOLERO-2", SHIPPED), "set": changes}
    answer = page.post("/api/design", json=body)
    assert answer.status_code == 422
    assert told in answer.json()["error"]
    assert all(key.startswith("analysis.") for key in ANALYSIS_KEYS)


@pytest.mark.browser
def test_a_look_is_set_and_its_stops_are_those_of_the_command(visit, quick_trials):
    playwright = pytest.importorskip("playwright.sync_api")
    cohort, follow = quick_trials
    page = visit("bench?trial=BOLERO-2&patients=90&replicates=12&seed=3")
    page.locator("#alpha").fill("0.025")
    page.locator("#sided").select_option("1")
    page.locator("#final-events").fill("60")
    page.locator("#looks").fill("50 %")
    page.locator("#looks").press("Tab")
    playwright.expect(page.locator("#looks")).to_have_value("30")
    page.locator("#efficacy").select_option("lan-demets-pocock")
    playwright.expect(page.locator("#yaml")).to_have_value(
        re.compile("rule: lan-demets-pocock")
    )
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector('body[data-ready="2"]')
    design = own_design(page.locator("#yaml").input_value(), SHIPPED)
    expected = run_trial(
        design, cohort=cohort, follow=follow, patients=90, replicates=12, seed=3
    )
    rows = page.locator("#analyses tbody tr")
    playwright.expect(rows).to_have_count(2)
    cells = rows.nth(0).locator("td").all_text_contents()
    assert cells[0] == "30"
    assert cells[5] == f"{expected.looks[0].z:.3f}"
    assert cells[-2] == f"{expected.looks[0].efficacy_percent:.0f}"
    power = 100 * expected.verdict.won.estimate
    playwright.expect(page.locator("#power")).to_contain_text(f"Power {power:.0f} %")
    assert page.locator("#bounds circle.won").count() > 0
