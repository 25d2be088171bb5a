"""``oestra trial``: what it prints, what it writes, and what it refuses."""

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from oestra.cli import app, main
from oestra.trial.design import TrialDesign

SMALL = ("--patients", "60", "--replicates", "2", "--seed", "3")


@pytest.fixture
def trial_file(tmp_path, trial_text):
    """Return a function that writes the file with something replaced."""

    def write(old="", new=""):
        assert old in trial_text
        file = tmp_path / "mine.yaml"
        file.write_text(trial_text.replace(old, new))
        return file

    return write


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a small trial once: its folder, and what it printed."""
    folder = tmp_path_factory.mktemp("trial") / "results"
    words = [sys.executable, "-m", "oestra.cli", "trial", "bolero 2", *SMALL]
    done = subprocess.run(  # noqa: S603
        [*words, "--out", str(folder)], capture_output=True, text=True, check=True
    )
    return folder, done


def test_the_table_sets_simulated_beside_published(run):
    _folder, done = run
    for words in (
        "median PFS, months",
        "hazard ratio, PFS",
        "trials won",
        "ORR",
        "CBR",
    ):
        assert words in done.stdout
    assert "0.45 (0.38 to 0.54)" in done.stdout
    assert "not for clinical decisions" in done.stdout
    assert " ".join(done.stdout.split()).count("weighted to practice up to 2010") == 1
    # A slow machine is told how far the run is.
    told = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert set(told) <= {"Following patients"}


def test_the_folder_is_whole(run, manifest):
    folder, _done = run
    figures = {
        f"{n}.{e}"
        for n in (
            *("km", "waterfall", "swimmer", "spider"),
            *("adverse_events", "consort"),
        )
        for e in ("png", "svg")
    }
    tables = {"patients.parquet", "responses.parquet", "table.csv", "summary.json"}
    tables |= {"adverse_events.csv", "adverse_events.parquet", "define.xml"}
    tables |= {f"ad{n}.parquet" for n in ("sl", "tte", "rs", "tr", "ae", "ex")}
    told = {"manifest.json", "ro-crate-metadata.json"}
    assert {p.name for p in folder.iterdir()} == figures | tables | told
    assert [p.name for p in folder.parent.iterdir()] == ["results"]
    patients = pd.read_parquet(folder / "patients.parquet")
    assert {"USUBJID", "PARAMCD", "AVAL", "CNSR", "TRTP"} <= set(patients.columns)
    found = manifest(folder)
    assert found["seed"] == 3
    assert set(found["hashes"]) == {"model", "parameters", "evidence"}


def test_json_is_one_object_and_repeats(run, capfd):
    folder, _done = run
    assert main(["trial", "NCT00863655", *SMALL, "--workers", "1", "--json"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    record = json.loads(out)
    assert record["trial"] == "BOLERO-2"
    assert (record["seed"], record["replicates"]) == (3, 2)
    assert set(record["arms"]) == {"EXE+EVE", "EXE"}
    assert out == (folder / "summary.json").read_text(encoding="utf-8")


def test_the_schema_is_that_of_the_design(succeed):
    assert json.loads(succeed("trial", "--schema")) == TrialDesign.model_json_schema()


def test_a_trial_must_be_named(fail):
    assert "oestra trials" in fail("trial")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--replicates", "0"), "--replicates must be from 1 to 10,000, got '0'"),
        (("--replicates", "20000"), "--replicates must be from 1 to 10,000"),
        (("--replicates", "many"), "--replicates must be a whole number, got 'many'"),
        (("--patients", "0"), "--patients must be from 1 to 100,000, got '0'"),
        (("--seed", "-1"), "--seed must be 0 or more, got '-1'"),
    ],
)
def test_numbers_out_of_range_are_told_with_their_range(fail, words, said):
    told = fail("trial", "BOLERO-2", *words)
    assert said in told
    assert "Input should" not in told


def test_an_unknown_trial_names_the_nearest(fail):
    assert "nearest is 'BOLERO-2'" in fail("trial", "BOLERO-3")


def test_a_format_of_tables_that_is_none_names_the_nearest(fail):
    said = fail("trial", "BOLERO-2", "--tables", "csv,sxp")
    assert "No format of tables 'sxp'; nearest is 'xpt'" in said
    said = fail("trial", "BOLERO-2", "--tables", "csv", "--json")
    assert "name a folder for them with --out" in said


def test_a_file_that_is_not_there(fail, tmp_path):
    assert "mine.yaml" in fail("trial", tmp_path / "mine.yaml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("everolimus 10 mg daily", "everolimus 10 mg evry day", "'evry'"),
        ("everolimus 10 mg daily", "everolimus -10 mg daily", "more than 0"),
        ("everolimus 10 mg daily", "everolimus 10 mgg daily", "'mgg'"),
        ("everolimus 10", "evrolimus 10", "nearest is 'everolimus'"),
        ("n: 9}\n  - {id: B", "}\n  - {id: B", "arms.0.n"),
        ("id: B", "id: A", "must differ"),
        ("criteria: RECIST-1.1", "criteria: RECIST-2", "RECIST-1.1"),
        ("prior_nonsteroidal_ai", "prior_nonsteroidal", "'prior_nonsteroidal_ai'"),
        ("visits:", "visit:", "nearest is 'visits'"),
        ("accrual_months: 12", "accrual_months: 30", "accrual_months"),
        ("[prior", "[[prior", "line"),
    ],
)
def test_a_trial_file_that_does_not_fit(fail, trial_file, tmp_path, old, new, said):
    error = fail("trial", trial_file(old, new), "--out", tmp_path / "new")
    assert said in error
    assert "mine.yaml" in error
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_a_trial_file_without_arms(fail, trial_file, trial_text):
    start, end = trial_text.index("arms:"), trial_text.index("eligibility")
    assert "'arms' is missing" in fail("trial", trial_file(trial_text[start:end]))


def test_a_contrast_with_an_arm_that_is_not_there(fail, trial_file):
    new = "analysis: {contrasts: [{arm: A, control: C}]}\ncriteria:"
    assert "no arm 'C'" in fail("trial", trial_file("criteria:", new))


def test_a_folder_that_cannot_be_written_is_found_before_the_work(fail, tmp_path):
    (tmp_path / "file").write_text("")
    error = fail("trial", "BOLERO-2", "--out", tmp_path / "file" / "results")
    assert "Cannot write" in error


def test_a_folder_of_somebody_else_is_kept(fail, tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    assert "thesis.tex" in fail("trial", "BOLERO-2", "--out", tmp_path)
    assert (tmp_path / "thesis.tex").read_text(encoding="utf-8") == "precious"


def test_fewer_patients_than_arms(fail, tmp_path):
    words = ("trial", "BOLERO-2", "--patients", "1", "--out", tmp_path / "new")
    assert "got 1" in fail(*words)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_is_one_whatever_becomes_of_it(monkeypatch, capsys):
    def load(_words):
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(10)
        except KeyboardInterrupt:
            raise ImportError("initialization failed") from None

    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(app, "_run", load)
    try:
        assert app.main(["trials"]) == 130
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
    assert "Interrupted" in capsys.readouterr().err


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing(tmp_path, sent):
    words = ["-m", "oestra.cli", "trial", "BOLERO-2", "--replicates", "2000"]
    words += ["--parameters", "best"]
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, *words, "--out", str(tmp_path / "new")],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    while child.poll() is None and not list(tmp_path.iterdir()):
        time.sleep(0.05)
    os.kill(child.pid, sent)
    out, err = child.communicate()
    assert child.returncode == 130
    assert out == ""
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []
