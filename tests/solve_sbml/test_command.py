"""``oestra simulate``: what it prints, what it writes, what it refuses."""

import json

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from oestra.cli.simulate import simulate_command
from oestra.core.errors import InputError

APP = typer.Typer()
APP.command()(simulate_command)
TEXT = "model decay; species A, B; A = 10; B = 0; k = 0.5; J: A -> B; k*A; end"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "decay.ant"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def run(*words):
    result = CliRunner().invoke(APP, [str(w) for w in words])
    if result.exception is not None:
        raise result.exception
    return result.stdout


def test_table(file):
    lines = run(file, "--until", 2, "--points", 4).splitlines()
    assert lines[0].split() == ["time", "A", "B"]
    assert [line.split()[0] for line in lines[1:6]] == ["0", "0.5", "1", "1.5", "2"]


def test_json(file):
    words = ("--until", 2, "--points", 4, "--set", "k=1", "--set", "A=4", "--json")
    record = json.loads(run(file, *words))
    assert record["outcomes"] == ["REACHED_END"]
    assert record["time"] == [0.0, 0.5, 1.0, 1.5, 2.0]
    exact = 4 * np.exp(-np.array(record["time"]))
    np.testing.assert_allclose(record["courses"]["A"], exact, rtol=1e-5)


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_ensemble(file, tmp_path, suffix):
    samples = pd.DataFrame({"k": [0.5, 1.0, np.nan]})
    table = tmp_path / f"samples.{suffix}"
    if suffix == "csv":
        samples.to_csv(table, index=False)
    else:
        samples.to_parquet(table)
    words = ("--until", 2, "--points", 4, "--ensemble", table)
    record = json.loads(run(file, *words, "--json", "--record", "A"))
    assert record["outcomes"] == ["REACHED_END", "REACHED_END", "NON_FINITE"]
    assert record["courses"]["A"][2][1:] == [None] * 4
    assert "1 ended with NON_FINITE" in run(file, *words)


def test_one_value_is_not_given_twice(file, tmp_path):
    table = tmp_path / "samples.csv"
    pd.DataFrame({"k": [0.5, 1.0]}).to_csv(table, index=False)
    with pytest.raises(InputError, match=r"'k' is set by --set and by samples\.csv"):
        run(file, "--ensemble", table, "--set", "k=2")


def test_folder(file, tmp_path):
    run(file, "--points", 4, "--out", tmp_path / "results")
    table = pd.read_parquet(tmp_path / "results" / "courses.parquet")
    assert list(table.columns) == ["lane", "time", "A", "B"]
    assert len(table) == 5
    manifest = json.loads(
        (tmp_path / "results" / "manifest.json").read_text(encoding="utf-8")
    )
    assert list(manifest["files"]) == ["courses.parquet"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--set", "k"], "--set takes NAME=VALUE"),
        (["--set", "k=fast"], "--set takes NAME=VALUE"),
        (["--set", "kk=1"], "No parameter or state 'kk'"),
        (["--record", "C"], "No output 'C'"),
        (["--ensemble", "missing.csv"], "no ensemble file 'missing.csv'"),
        (["--ensemble", "samples.txt"], r"must end in \.parquet or \.csv"),
        (["--until", "-1"], "end time must be positive"),
    ],
)
def test_refused(file, words, message):
    with pytest.raises(InputError, match=message):
        run(file, *words)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="Cannot read the model file"):
        run(tmp_path / "missing.xml")
