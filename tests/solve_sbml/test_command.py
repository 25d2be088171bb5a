"""``oestra simulate``: what it prints, what it writes, what it refuses."""

import numpy as np
import pandas as pd
import pytest

TEXT = "model decay; species A, B; A = 10; B = 0; k = 0.5; J: A -> B; k*A; end"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "decay.ant"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_table(file, succeed):
    lines = succeed("simulate", file, "--until", 2, "--points", 4).splitlines()
    assert lines[0].split() == ["time", "A", "B"]
    assert [line.split()[0] for line in lines[1:6]] == ["0", "0.5", "1", "1.5", "2"]


def test_json(file, succeed_json):
    words = ("--until", 2, "--points", 4, "--set", "k=1", "--set", "A=4")
    record = succeed_json("simulate", file, *words)
    assert record["outcomes"] == ["REACHED_END"]
    assert record["time"] == [0.0, 0.5, 1.0, 1.5, 2.0]
    exact = 4 * np.exp(-np.array(record["time"]))
    np.testing.assert_allclose(record["courses"]["A"], exact, rtol=1e-5)


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_ensemble(file, tmp_path, suffix, succeed, succeed_json):
    samples = pd.DataFrame({"k": [0.5, 1.0, np.nan]})
    table = tmp_path / f"samples.{suffix}"
    if suffix == "csv":
        samples.to_csv(table, index=False)
    else:
        samples.to_parquet(table)
    words = ("simulate", file, "--until", 2, "--points", 4, "--ensemble", table)
    record = succeed_json(*words, "--record", "A")
    assert record["outcomes"] == ["REACHED_END", "REACHED_END", "NON_FINITE"]
    assert record["courses"]["A"][2][1:] == [None] * 4
    assert "1 ended with NON_FINITE" in succeed(*words)


def test_one_value_is_not_given_twice(file, tmp_path, fail):
    table = tmp_path / "samples.csv"
    pd.DataFrame({"k": [0.5, 1.0]}).to_csv(table, index=False)
    error = fail("simulate", file, "--ensemble", table, "--set", "k=2")
    assert "'k' is set by --set and by samples.csv" in error


def test_folder(file, tmp_path, succeed, manifest):
    succeed("simulate", file, "--points", 4, "--out", tmp_path / "results")
    table = pd.read_parquet(tmp_path / "results" / "courses.parquet")
    assert list(table.columns) == ["lane", "time", "A", "B"]
    assert len(table) == 5
    assert list(manifest(tmp_path / "results")["files"]) == ["courses.parquet"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--set", "k"], "--set takes NAME=VALUE"),
        (["--set", "k=fast"], "--set takes NAME=VALUE"),
        (["--set", "kk=1"], "No parameter or state 'kk'"),
        (["--record", "C"], "No output 'C'"),
        (["--ensemble", "missing.csv"], "no ensemble file 'missing.csv'"),
        (["--ensemble", "samples.txt"], "must end in .parquet or .csv"),
        (["--until", "-1"], "--until lies above 0"),
    ],
)
def test_refused(file, words, message, fail):
    assert message in fail("simulate", file, *words)


def test_a_missing_file_is_refused(tmp_path, fail):
    assert "Cannot read the model file" in fail("simulate", tmp_path / "missing.xml")
