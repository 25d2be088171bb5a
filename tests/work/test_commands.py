"""Whoever does the work of a command, what it prints is the same to the last byte."""

import json
import os
import signal
import subprocess
import sys
import time

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
