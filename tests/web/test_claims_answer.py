"""The view of the claims says what `oestra claims` says."""

from urllib.parse import parse_qsl

import pytest

from oestra.appraisal.claim_check import check
from oestra.claims.claim_library import claims, find_claim
from oestra.claims.laboratory import Laboratory
from oestra.model.parameters import best_parameters


@pytest.fixture(scope="module")
def listed(page):
    return {one["id"]: one for one in page.get("/api/claims").json()["claims"]}


def test_every_claim_is_listed_and_those_about_cells_are_tried(listed):
    assert set(listed) == set(claims())
    tried = {name for name, one in listed.items() if one["verdict"]}
    assert tried == {one.id for one in claims().values() if one.level.value == "cell"}


@pytest.mark.parametrize("name", ["C037", "C005", "C100"])
def test_a_verdict_is_that_of_the_command(listed, name):
    result = check(find_claim(name), Laboratory(parameters=best_parameters()))
    expected = result.to_json_dict()
    assert listed[name]["verdict"] == expected["verdict"]
    assert listed[name]["checks"] == expected["checks"]


def test_runs_lead_to_the_network(page, listed):
    shown = 0
    for one in listed.values():
        for run in one["runs"][:1]:
            query = [pair for pair in parse_qsl(run["query"]) if pair[0] != "day"]
            answer = page.get("/api/network", params=query)
            assert answer.status_code == 200, (one["id"], answer.text)
            shown += 1
    assert shown > 20
