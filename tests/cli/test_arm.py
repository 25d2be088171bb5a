"""``oestra arm``: what it prints and writes, what it refuses, and going on."""

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from oestra.cli import main

RUN = ("arm", "bolero 2", "EXE", "--patients", "30", "--seed", "3", "--quiet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("arm") / "out"
    assert main([*RUN, "--workers", "1", "--out", str(target)]) == 0
    return target


def test_the_folder_holds_patients_and_a_manifest(folder):
    table = pd.read_parquet(folder / "part-00000.parquet")
    assert len(table) == 30
    assert set(table["best_response"]) <= {
        "CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE",
    }  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {"part-00000.parquet", "run.json"} == set(manifest["files"])
    assert (folder / "ro-crate-metadata.json").is_file()


def test_the_same_command_finds_what_is_there(folder, capsys):
    assert main([*RUN, "--json", "--out", str(folder)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["patients_kept_from_before"] == 30
    table = pd.read_parquet(folder / "part-00000.parquet")
    assert printed["endpoints"]["orr_percent"] == pytest.approx(
        100 * table["best_response"].isin(["CR", "PR"]).mean()
    )


def test_another_run_is_refused_there(folder, capsys):
    words = [*RUN, "--out", str(folder)]
    words[words.index("3")] = "4"
    assert main(words) == 2
    assert "holds another run (BOLERO-2, arm EXE, seed 3)" in capsys.readouterr().err
    assert (folder / "manifest.json").exists()


def test_an_arm_that_is_not_there_is_refused(tmp_path, capsys):
    assert main(["arm", "BOLERO-2", "EXEE", "--out", str(tmp_path / "a")]) == 2
    assert "nearest is 'EXE'" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interrupt_keeps_what_is_done(tmp_path):
    target = tmp_path / "out"
    words = [sys.executable, "-m", "oestra.cli", *RUN[:3], "--patients", "25000"]
    words += ["--out", str(target), "--workers", "2", "--quiet"]
    run = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)  # noqa: S603
    while not list(target.glob("part-*.parquet")) and run.poll() is None:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=120)
    assert run.returncode == 130, told
    assert "25,000 patients are kept in" in told
    assert "the same command goes on" in told
    assert not [p for p in target.iterdir() if p.name.startswith(".")]
    for part in target.glob("part-*.parquet"):
        assert len(pd.read_parquet(part)) == 2500
