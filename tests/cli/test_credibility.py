"""``oestra review --credibility`` and ``oestra validate --sensitivity``."""

import json

import numpy as np
import pytest

from oestra.appraisal import credibility_evidence
from oestra.calibration.objective import Evaluation, Objective
from oestra.calibration.sensitivity import Sweep
from oestra.cli import credibility
from oestra.cli import sensitivity as sensitivity_command
from oestra.core.errors import InputError


@pytest.fixture
def quick(monkeypatch):
    """Leave out what takes minutes: trying claims, predicting trials."""

    def refuse():
        raise InputError("The fit that ships is of other parameters.")

    monkeypatch.setattr(credibility_evidence, "shipped_problem", refuse)
    monkeypatch.setattr(credibility_evidence, "_try_claims", lambda _progress: ())
    assert credibility.gather is credibility_evidence.gather


def test_the_page_is_written_and_summed_up(quick, succeed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = succeed("review", "--credibility", "--quiet")
    assert "not shown" in out
    assert "Written to credibility.html" in out
    text = (tmp_path / "credibility.html").read_text(encoding="utf-8")
    assert "Credibility factors, misses first" in text


def test_json_is_the_same_and_writes_nothing(
    quick, succeed_json, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    record = succeed_json("review", "--credibility")
    assert record["validation"]["reason"].startswith("The fit that ships")
    assert {one["risk"] for one in record["contexts"]} <= {"low", "medium", "high"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["review", "--sensitivity", "x"], "belongs to --credibility"),
        (["review", "--site", "x", "--out", "y"], "cannot be given with --site"),
        (["review", "--credibility", "--sensitivity", "none"], "no sensitivity"),
        (["validate", "--sensitivity", "--sets", "5"], "--sets"),
        (["validate", "--sensitivity", "--checkpoint", "none.npz"], "No fit at"),
    ],
)
def test_bad_input_is_explained_and_leaves_nothing(
    words, said, fail, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert said in fail(*words)
    assert list(tmp_path.iterdir()) == []


def test_sensitivity_leaves_a_whole_folder(succeed, tmp_path, monkeypatch):
    def evaluate(self, z, **_):
        names = tuple(row.id for row in self.rows)
        residual = np.full(len(names), 3.0) * z[0]
        normal = np.zeros(len(names), dtype=bool)
        return Evaluation(
            z=z, names=names, residual=residual, value=residual, normal=normal
        )

    def sweep_here(objective, sets, *, workers, progress):
        found = [objective.evaluate(z) for z in sets]
        return Sweep(
            z=sets,
            residual=np.array([one.residual for one in found]),
            endpoints=found[0].names,
            skipped=1,
        )

    monkeypatch.setattr(Objective, "evaluate", evaluate)
    monkeypatch.setattr(sensitivity_command, "sweep", sweep_here)
    folder = tmp_path / "sensitivity"
    out = succeed("validate", "--sensitivity", "--sets", 60, "--out", folder)
    assert "1 more" in out.replace("\n", " ")
    record = json.loads((folder / "sensitivity.json").read_text(encoding="utf-8"))
    assert record["sets"] == 60
    first, second = record["parameters"][:2]
    assert first["endpoints"] == len(record["endpoints"])
    assert first["largest"] > second["largest"]
    assert credibility_evidence.read_sensitivity(folder)["sets"] == 60
