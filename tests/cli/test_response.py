"""``oestra response``: one history or several, tables and JSON, and what is refused."""

import json

import pytest

from oestra.cli.app import main

ONE = """
lesions:
  - {site: liver, sizes: [30, 15, 0, 0]}
  - {site: node, sizes: [13, 8, 8, 8]}
visits: [42, 84, {day: 126, new_lesion: no}]
"""


@pytest.fixture
def told(tmp_path, capsys):
    """Judge the histories of a text."""

    def run(text, *words):
        file = tmp_path / "histories.yaml"
        file.write_text(text, encoding="utf-8")
        status = main(["response", str(file), *words])
        return status, *capsys.readouterr()

    return run


def test_one_patient(told):
    status, out, _ = told(ONE)
    assert status == 0
    assert "Best response CR by RECIST-1.1" in out
    assert "Response from day 42" in out
    assert "Days of response 84+" in out


def test_one_patient_as_json(told):
    status, out, _ = told(ONE, "--json", "--criteria", "RECIST-1.0")
    found = json.loads(out)
    assert status == 0
    assert found["best"] == "PR"
    assert [visit["overall"] for visit in found["visits"]] == ["PR", "PR", "PR"]


def test_several_patients_and_rules(told):
    text = (
        "a: {visits: [{day: 42, response: PR}, {day: 63, response: PR}]}\n"
        "b: {visits: []}\n"
    )
    status, out, _ = told(text, "--json", "--confirm", "3")
    found = json.loads(out)["patients"]
    assert status == 0
    assert {name: one["best"] for name, one in found.items()} == {"a": "PR", "b": "NE"}
    status, out, _ = told(text)
    assert status == 0
    assert out.splitlines()[1].split() == ["a", "SD", "PR"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "holds a history"),
        ("visit: [42]", "nearest is 'visits'"),
        ("a: {visits: [42, 42]}", "patient a: Visit 2"),
        ("visits: ['day 4']", "Visit 1: day is a number"),
        ("visits: [42", "line 1: expected"),
        ("{lesions: {liver: [30, 20]}, visits: [0]}", "Visit 1: day 0 is that of the"),
        ("a: {visits: [1]}\nb: {lesions: {}}", "patient b: A history needs 'visits'"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_and_status_2(told, text, says):
    status, out, err = told(text)
    assert (status, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_every_patient_with_a_fault_is_named(told):
    text = "a: {visits: [0]}\nb: {visits: [7]}\nc: {visits: [x]}\n"
    status, out, err = told(text)
    assert (status, out) == (2, "")
    assert ["patient a" in err, "patient b" in err, "patient c" in err] == [1, 0, 1]


def test_a_fault_of_an_option_is_none_of_the_file(told):
    status, _, err = told(ONE, "--confirm", "-1")
    assert status == 2
    assert err.startswith("confirm is a number from 0 to 520")


def test_a_file_that_is_not_there(capsys):
    assert main(["response", "nowhere.yaml"]) == 2
    assert "Cannot read 'nowhere.yaml'" in capsys.readouterr().err
