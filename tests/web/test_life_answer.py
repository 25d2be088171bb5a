"""The view of a life answers with what `oestra patient --json` prints."""

import json

import pytest

from oestra.history.patient import follow_patient


def test_a_life_is_that_of_the_command(page):
    found = page.get("/api/patients/8?seed=7").json()
    assert found["command"] == "oestra patient --seed 7 --number 8"
    expected = json.loads(json.dumps(follow_patient(8, seed=7).to_json_dict()))
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api/patients/eight", "number is a whole number"),
        ("/api/patients/-1", "from 0 to"),
        ("/api/patients/1.5", "a whole number"),
        ("/api/patients/1?seed=1e99", "seed is a whole number"),
        ("/api/patients/1?number=2", "given twice"),
        ("/api/patients/1?drug=x", "No entry 'drug'"),
    ],
)
def test_a_patient_that_does_not_exist_is_told(page, path, told):
    answer = page.get(path)
    assert answer.status_code == 422
    assert told in answer.json()["error"]
