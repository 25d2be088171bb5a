"""Whoever does the work of a command, what it prints is the same to the last byte."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from oestra.cli import main

pytest.importorskip("distributed", reason="needs Dask: pip install oestra[cluster]")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SMALL = ("--replicates", "4", "--seed", "3", "--json")
COMMANDS = {
    "trial": ("trial", "BOLERO-2", "--patients", "60", *SMALL),
    "claims": ("claims", "C018", "--json"),
    "design": ("design", "BOLERO-2", "--power", "--patients-list", "40,60", *SMALL),
}
LONG = {
    "calibrate": (
        *("calibrate", "--warm", "--rounds", "1", "--hours", "0.05", "--json"),
        *("--patients", "100", "--most", "50", "--cohorts", "2", "--pairs", "4"),
    ),
    # No trial of which a fit that is interim would register nothing.
    "predict": (
        *("predict", "EXAMPLE-TWO-ALLELES", "--replicates", "2"),
        *("--date", "2026-01-01"),
    ),
    "review": ("review", "--replicates", "2", "--json"),
    "sensitivity": (
        *("validate", "--sensitivity", "--sets", "20", "--json"),
        *("--patients", "100", "--most", "50", "--cohorts", "1"),
    ),
    "validate": ("validate", "--json"),
}
"""Minutes each; OESTRA_LONG has them run."""


@pytest.fixture(scope="module")
def cluster():
    """The address of a scheduler with two worker processes."""
    from distributed import LocalCluster  # noqa: PLC0415 - an extra

    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    ) as found:
        yield found.scheduler_address


@pytest.fixture
def printed(capsys):
    """Return a function that runs a command and returns what it printed."""

    def run(*words):
        assert main(list(map(str, words))) == 0
        return capsys.readouterr().out

    return run


TOLD = ("manifest.json", "ro-crate-metadata.json")
"""Files that hold the time of the run."""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_the_same_bytes(name, printed, cluster, tmp_path):
    words = COMMANDS[name]
    alone = printed(*words, "--workers", 1)
    assert printed(*words, "--cluster", cluster) == alone
    kept = ("--workers", 2, "--store", tmp_path)
    assert printed(*words, *kept) == alone
    tasks = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert tasks
    assert printed(*words, *kept) == alone


@pytest.mark.parametrize("name", LONG)
def test_a_long_command_prints_and_writes_the_same_bytes(name, printed, tmp_path):
    if not os.environ.get("OESTRA_LONG"):
        pytest.skip("takes minutes; set OESTRA_LONG to have it run")
    found = []
    for who in (("--workers", 1), ("--workers", 2), ("--cluster", "local:2")):
        folder = tmp_path / f"{len(found)}"
        folder.mkdir()
        place = ("--out", folder / "out")
        if name == "calibrate":
            place = ("--out", folder / "fit.json", "--checkpoint", folder / "c.npz")
        text = printed(*LONG[name], *who, *place)
        made = {
            file.relative_to(folder): file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file() and file.name not in TOLD
        }
        found.append((text.replace(str(folder), ""), made))
    assert found[0][1]
    assert found[1] == found[0]
    assert found[2] == found[0]


ANTIMONY = """
S = 1; k = 0.3; A = 0; B = 0; S -> ; k*S
at S < 0.5, priority = 1, fromTrigger = false: S = S + 1, A = B + 1
at S < 0.5, priority = 1, fromTrigger = false: B = A + 2
"""


def test_an_ensemble_prints_the_same_bytes(printed, cluster, tmp_path):
    model, table = tmp_path / "model.ant", tmp_path / "table.csv"
    model.write_text(ANTIMONY)
    chance = np.random.default_rng(1)
    rows = chance.uniform((0.1, 0.6), (1, 2), (2100, 2))
    table.write_text("k,S\n" + "\n".join(f"{k},{s}" for k, s in rows))
    words = ("simulate", model, "--ensemble", table, "--points", 20, "--json")
    alone = printed(*words, "--seed", 4, "--workers", 1)
    assert printed(*words, "--seed", 4, "--workers", 2) == alone
    assert printed(*words, "--seed", 4, "--cluster", cluster) == alone
    kept = ("--seed", 4, "--store", tmp_path / "store")
    assert printed(*words, *kept) == alone
    assert len([f for f in (tmp_path / "store").rglob("*") if f.is_file()]) == 3
    assert printed(*words, *kept) == alone
    assert printed(*words, "--seed", 5, "--workers", 1) != alone


def test_a_run_that_was_killed_goes_on_where_it_was(printed, tmp_path):
    words = ["trial", "BOLERO-2", "--patients", "60", "--replicates", "40", "--json"]
    words += ["--parameters", "best", "--workers", "2", "--store", str(tmp_path)]
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "oestra.cli", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def kept():
        return {f for f in tmp_path.rglob("*") if f.is_file() and f.suffix != ".part"}

    while child.poll() is None and len(kept()) < 3:
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    before = {file: file.stat().st_mtime_ns for file in kept()}
    assert 3 <= len(before) < 40
    again = printed(*words)
    assert {file: file.stat().st_mtime_ns for file in kept() & before.keys()} == before
    assert again == printed(*words[:-2], "--workers", 1)
    assert json.loads(again)["replicates"] == 40


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--cluster", "tcp://127.0.0.1:1"), "No Dask scheduler answers"),
        (("--cluster", "local:many"), "local:N"),
        (("--slurm", "partition"), "NAME=VALUE"),
        (("--store", "/proc/none"), "cannot be written"),
        (("--workers", "2", "--cluster", "local:2"), "cannot be given together"),
    ],
)
def test_who_cannot_work_is_told_in_a_sentence(words, told, capsys, tmp_path):
    place = tmp_path / "out"
    assert main(["trial", "BOLERO-2", *words, "--out", str(place)]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
