"""The explorer of resistance says what the command line says."""

from urllib.parse import parse_qsl

import pytest

from oestra.appraisal.mechanism import mechanisms
from oestra.appraisal.row_check import try_row
from oestra.claims.row_library import find_row
from oestra.culture.experiment import run_cell
from oestra.model.parameters import best_parameters
from oestra.web.resistance_answer import _given


def asked(page, name, variant=""):
    return page.get(f"/api/resistance/{name}", params={"variant": variant}).json()


def test_every_mechanism_is_there_under_every_strategy(page):
    found = page.get("/api/resistance").json()
    assert [one["mechanism"] for one in found["mechanisms"]] == [
        one.id for one in mechanisms().mechanisms
    ]
    strategies = {one["id"] for one in found["strategies"]}
    for one in found["mechanisms"]:
        assert set(one["strategies"]) == strategies
        assert one["says"]


def test_numbers_and_row_are_those_of_the_commands(page):
    found = asked(page, "esr1", "d538g")
    expected = run_cell(
        "MCF-7",
        set=["ESR1=D538G"],
        medium="estradiol 1 nM",
        drug="fulvestrant 100 nM",
        days=7,
        readouts=["growth_rate"],
    ).final("growth_rate")[1]
    shown = found["strategies"]["fulvestrant"]["with"]["growth_per_day"]
    assert shown == pytest.approx(expected, rel=1e-4)
    assert found["commands"][1] == (
        "oestra cell MCF-7 --set ESR1=D538G --medium 'estradiol 1 nM' "
        "--drug '4-hydroxytamoxifen 100 nM' --days 7"
    )
    assert found["row"] == 22
    row = try_row(find_row("22"), best_parameters()).to_json_dict()
    assert page.get("/api/rows/22").json()["checks"] == row["checks"]
    assert found["names"]["erk_p"] == "ERK"


@pytest.mark.parametrize("name", [one.id for one in mechanisms().mechanisms])
def test_links_show_the_same_cells_in_the_network(page, name):
    found = asked(page, name)
    for strategy, query in found["network"].items():
        pairs = parse_qsl(query)
        for prefix, side in (("", "with"), ("b_", "without")):
            keys = {f"{prefix}{key}": key for key in ("line", "set", "drug")}
            state = [(keys[key], value) for key, value in pairs if key in keys]
            if not state:
                continue
            course = page.get("/api/network", params=state).json()
            at = course["days"].index(7)
            expected = found["strategies"][strategy][side]["signals"]
            for symbol in ("erk_p", "ere_output", "s6k_p"):
                level = course["levels"][symbol][1][at]
                assert level == pytest.approx(expected[symbol], rel=1e-3, abs=1e-6)


def test_a_hormone_that_is_taken_away_is_not_given_as_well():
    deprivation = mechanisms().strategies[2]
    egfr = mechanisms().find("egfr")
    run = egfr.with_it(egfr.variant(), deprivation)
    assert _given(run) == "EGF 1 nM + estradiol 0 nM"


def test_failures_of_a_trial_are_those_of_the_command(page, succeed_json):
    body = {"trial": "BOLERO-2", "seed": 2}
    job = page.post("/api/failures", json=body).json()["job"]
    while True:
        found = page.get(f"/api/runs/{job}").json()
        if found["state"] not in {"waiting", "running"}:
            break
    assert (found["state"], found["error"]) == ("done", "")
    result = found["result"]
    assert result["command"] == "oestra resistance --trial BOLERO-2 --seed 2"
    told = succeed_json("resistance", "--trial", "BOLERO-2", "--seed", "2")
    assert result["arms"] == told["arms"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api/resistance/her3", "nearest is 'her2'"),
        ("/api/resistance/esr1?variant=y573s", "nearest is 'y537s'"),
        ("/api/resistance/..%2f..", "No mechanism"),
    ],
)
def test_what_is_not_there_gets_one_sentence(page, path, told):
    answer = page.get(path)
    assert answer.status_code in {404, 422}
    if answer.status_code == 422:
        assert told in answer.json()["error"]
