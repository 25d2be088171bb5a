"""The view of a life answers with what `oestra patient --json` prints."""

import json
import shlex

import pytest

from oestra.drugs.regimen import Regimen
from oestra.history.patient import follow_patient


def test_a_life_is_that_of_the_command(page):
    found = page.get("/api/patients/8?seed=7").json()
    assert found["command"] == "oestra patient --seed 7 --number 8"
    expected = json.loads(json.dumps(follow_patient(8, seed=7).to_json_dict()))
    assert {name: found[name] for name in expected} == expected
    assert found["clones"] == {
        "parental": "parental",
        "esr1_mutant": "ESR1 mutant",
        "rtk_high": "RTK high",
        "pten_lost": "PTEN lost",
        "autonomous": "autonomous",
        "ncor_low": "NCOR low",
    }


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api/patients/eight", "number is a whole number"),
        ("/api/patients/-1", "from 0 to"),
        ("/api/patients/1.5", "a whole number"),
        ("/api/patients/1?seed=1e99", "seed is a whole number"),
        ("/api/patients/1?number=2", "given twice"),
        ("/api/patients/1?drug=x", "No entry 'drug'"),
        ("/api/patients/9/lines/2?seed=7&regimen=letrozol 2.5 mg daily", "'letrozole'"),
        ("/api/patients/9/lines/5?seed=7", "line is a whole number from 1 to 4"),
        ("/api/patients/9/lines/4?seed=7", "Practice gives her nothing at line 4"),
        ("/api/patients/12/lines/1?seed=7", "has no metastases"),
        (
            "/api/patients/9/lines/1?seed=7&regimen=goserelin 3.6 mg every 28 days",
            "patients here are postmenopausal",
        ),
    ],
)
def test_a_patient_that_does_not_exist_is_told(page, path, told):
    answer = page.get(path)
    assert answer.status_code == 422
    assert told in answer.json()["error"]


def test_a_line_is_that_of_the_command(page, succeed_json):
    regimen = "exemestane 25 mg daily + everolimus 10 mg daily"
    query = {"seed": 7, "regimen": regimen}
    found = page.get("/api/patients/9/lines/1", params=query).json()
    told = succeed_json(*shlex.split(found["command"])[1:], "--json")
    assert {name: found[name] for name in told} == told
    assert told["regimen"] == regimen
    assert told["taken"] == "letrozole 2.5 mg daily"


def test_a_line_as_practice_gave_it_has_her_lesions(page, succeed_json):
    found = page.get("/api/patients/9/lines/2?seed=7").json()
    told = succeed_json(
        "patient", "--seed", "7", "--number", "9", "--line", "2", "--json"
    )
    assert found["regimen"] == found["taken"] == told["regimen"]
    assert found["lesions"] == told["lesions"]
    course = follow_patient(9, seed=7)
    assert found["taken"] == course.lines[1].regimen
    assert found["start_day"] == course.lines[1].start_day
    days = len(found["cells"]["day"])
    assert {len(one["diameter_mm"]) for one in found["lesions"]} == {days}


def test_every_regimen_that_is_offered_can_be_taken(page):
    offered = page.get("/api/regimens").json()["regimens"]
    assert "exemestane 25 mg daily + everolimus 10 mg daily" in offered
    assert [str(Regimen.parse(one)) for one in offered] == offered
