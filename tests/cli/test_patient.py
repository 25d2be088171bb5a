"""``oestra patient``: one life, the same for the same seed."""

import pandas as pd
import pytest

from oestra.history.patient import follow_patient


@pytest.fixture(scope="module")
def courses():
    return [follow_patient(number, seed=7) for number in range(12)]


def test_a_life_runs_forward(courses):
    for course in courses:
        assert (course.days[1:] > course.days[:-1]).all()
        assert course.days[0] == 0
        days = [happening.day for happening in course.happenings]
        assert days == sorted(days)


def test_lines_follow_each_other_and_end_with_progression(courses):
    for course in courses:
        for before, after in zip(course.lines, course.lines[1:], strict=False):
            assert before.end_day <= after.start_day
        found = {h.day for h in course.happenings}
        metastatic = [line for line in course.lines if line.setting != "adjuvant"]
        for line in metastatic[:-1]:
            assert any(abs(line.end_day - day) < 1e-6 for day in found)


def test_patients_differ_and_each_is_herself(courses):
    assert len({len(course.days) for course in courses}) > 1
    again = follow_patient(3, seed=7)
    assert again.to_json_dict() == courses[3].to_json_dict()


def test_the_command_writes_text_and_figure(succeed, tmp_path, monkeypatch, manifest):
    monkeypatch.chdir(tmp_path)
    out = succeed("patient", "--seed", 7, "--number", 3)
    folder = tmp_path / "results" / "patient-3-seed7"
    assert "results/patient-3-seed7" in out
    assert "relapse" in out
    assert {path.name for path in folder.iterdir()} == {
        "cells.csv",
        "course.png",
        "course.svg",
        "manifest.json",
        "ro-crate-metadata.json",
    }
    table = pd.read_csv(folder / "cells.csv")
    assert list(table)[:2] == ["day", "parental"]
    assert manifest(folder)["seed"] == 7


def test_json_is_one_object_and_writes_nothing(succeed_json, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    record = succeed_json("patient", "--seed", 7, "--number", 2)
    assert record["patient"] == 2
    assert set(record) >= {"traits", "lines", "happenings", "visits", "cells"}
    assert list(tmp_path.iterdir()) == []
