"""``oestra simulate``: what it prints, what it writes, what it refuses."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

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
        (["--set", "k=inf"], "--set takes NAME=VALUE with a finite number"),
        (["--set", "k=1_0"], "--set takes NAME=VALUE with a finite number"),
        (["--set", "k=1", "--set", "k=2"], "--set names 'k' twice"),
        (["--rtol", "0.5"], "rtol lies between 1e-13 and 0.1, got 0.5"),
        (["--rtol", "nan"], "rtol lies between 1e-13 and 0.1, got nan"),
        (["--atol", "0"], "atol lies between 1e-100 and 1e+06, got 0.0"),
        (["--method", "radua"], "No method 'radua'; nearest is 'radau'"),
        (["--at", "1,2", "--until", "3"], "--at names the times to record; --until"),
        (["--at", "1,2", "--points", "3"], "--at names the times to record; --points"),
        (["--at", "1,x"], "1,2,5 or ranges START:END:STEP such as 0:24:0.5, got 'x'"),
        (["--at", "1:2"], "got '1:2'"),
        (["--at", "1:2:0"], "has a positive step, got '1:2:0'"),
        (["--at", "2:1:1"], "ends after its start"),
        (["--at", "2,1"], "ascend; 1 follows 2"),
        (["--at", "1,1"], "ascend; 1 follows 1"),
        (["--at", "-1,1"], "lie between 0 and 1e+12"),
        (["--at", "1,inf"], "got 'inf'"),
        (["--at", "0"], "The last time of --at lies above 0"),
        (["--at", "0:1:1e-9"], "more than 10,000,000 times"),
    ],
)
def test_refused(file, words, message, fail):
    assert message in fail("simulate", file, *words)


@pytest.mark.parametrize("method", ["rodas4", "rodas5p", "radau"])
@pytest.mark.parametrize(
    ("at", "times"), [("0.5,2", [0.5, 2.0]), ("0:1:0.5,3", [0.0, 0.5, 1.0, 3.0])]
)
def test_times_tolerances_and_methods(file, method, at, times, succeed_json):
    words = ("--at", at, "--method", method, "--rtol", 1e-9, "--atol", 1e-13)
    record = succeed_json("simulate", file, *words)
    assert record["time"] == times
    exact = 10 * np.exp(-0.5 * np.array(times))
    np.testing.assert_allclose(record["courses"]["A"], exact, rtol=1e-8)


def test_a_looser_tolerance_is_obeyed(file, succeed_json):
    exact = 10 * np.exp(-2.5)
    errors = [
        abs(
            succeed_json("simulate", file, "--at", 5, "--rtol", rtol)["courses"]["A"][0]
            / exact
            - 1
        )
        for rtol in (1e-2, 1e-10)
    ]
    assert errors[0] > 1e-9 > errors[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("k,A\n1,2\n3\n", "Row 2 of lanes.csv (line 3) has 1 value for 2 columns"),
        ("k,A\n1,2,3\n", "Row 1 of lanes.csv (line 2) has 3 values for 2 columns"),
        ("k,A\n1,2\n\n3,4\n", "Row 2 of lanes.csv (line 3) has 0 values"),
        ("k,k\n1,2\n", "lanes.csv has more than one column 'k'"),
        ("k,\n1,2\n", "Column 2 of lanes.csv has no name"),
        ("k\nfast\n", "Row 1 of lanes.csv: 'k' is 'fast', which is no number"),
        ("k\n1\n1_0\n", "Row 2 of lanes.csv: 'k' is '1_0', which is no number"),
        ("k\n1\ninf\n", "Row 2 of lanes.csv: 'k' is infinite"),
        ("k\n", "lanes.csv has no rows"),
        ("", "lanes.csv has no rows"),
        ("k;A\n1;2\n", "Row 1 of lanes.csv: 'k;A' is '1;2', which is no number"),
        ('k\n"1\n', "Cannot read the ensemble lanes.csv"),
    ],
)
def test_tables_are_read_strictly(file, tmp_path, text, message, fail):
    table = tmp_path / "lanes.csv"
    table.write_text(text, encoding="utf-8")
    assert message in fail("simulate", file, "--ensemble", table)


@pytest.mark.parametrize(
    ("names", "column", "message"),
    [
        (["k", "k"], [1.0], "lanes.parquet has more than one column 'k'"),
        (["k"], ["1"], "Column 'k' of lanes.parquet is no number"),
        (["k"], [1.0, float("inf")], "Row 2 of lanes.parquet: 'k' is infinite"),
    ],
)
def test_parquet_is_read_strictly(file, tmp_path, names, column, message, fail):
    arrays = [pa.array(column) for _ in names]
    parquet.write_table(pa.table(arrays, names=names), tmp_path / "lanes.parquet")
    words = ("--ensemble", tmp_path / "lanes.parquet")
    assert message in fail("simulate", file, *words)


def test_an_empty_line_at_the_end_is_no_row(file, tmp_path, succeed_json):
    table = tmp_path / "lanes.csv"
    table.write_text("k,A\n1,2\n3,4\n\n", encoding="utf-8")
    words = ("--at", "1", "--ensemble", table, "--record", "A")
    assert succeed_json("simulate", file, *words)["lanes"] == 2


def test_a_missing_file_is_refused(tmp_path, fail):
    assert "Cannot read the model file" in fail("simulate", tmp_path / "missing.xml")
