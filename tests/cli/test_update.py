"""Learning from a trial of one's own, and running with what was learned."""

import json

import numpy as np
import pytest

from oestra.calibration.free import free_parameters
from oestra.calibration.standardize import standardize
from oestra.calibration.updating import update
from oestra.calibration.updating.simulate import Predicted
from oestra.core.library import SHIPPED
from oestra.model.parameters import ensemble_parameters
from oestra.model.updated import read_updated

DATA = """\
trial: trial.yaml
results:
- {endpoint: hazard_ratio, arm: A, control: B, estimate: %s, low: %s, high: %s}
"""


@pytest.fixture
def data(tmp_path, monkeypatch, trial_text):
    """Return a function that writes a data file; a line stands for simulation."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    free = free_parameters()

    def predict(_design, sets, data, **_rest):
        z = np.array([standardize(one, free)[0] for one in sets])
        mean = np.outer(0.5 * (z - z.mean()), np.ones(len(data.items)))
        size = len(data.items)
        return Predicted(index=np.arange(len(sets)), mean=mean, noise=np.eye(size) / 99)

    monkeypatch.setattr(update, "predict_sets", predict)
    monkeypatch.setattr(update, "slopes", lambda *_, **__: np.zeros(1))
    (tmp_path / "trial.yaml").write_text(trial_text.replace("n: 9", "n: 150"))

    def write(value):
        file = tmp_path / "mine.yaml"
        file.write_text(DATA % (value, 0.8 * value, 1.25 * value))
        return file

    return write


def test_it_prints_before_and_after_and_writes_the_parameters(succeed, data):
    out = succeed("update", "--data", data(0.7), "--workers", "1", "--sets", "12")
    assert "PFS hazard ratio" in out
    assert "12 sets are worth" in out
    assert "none was moved" in out
    assert "Nothing seen contradicts" in out
    assert "--parameters mine" in out
    found = read_updated("mine", SHIPPED)
    assert found.trial == "MINE"
    assert len(found.sets) == 21


def test_far_data_are_a_conflict_and_move_the_sets(succeed, data):
    words = ("--workers", "1", "--sets", "30", "--name", "far")
    out = succeed("update", "--data", data(7.0), *words)
    assert "standard errors above what" in out
    assert "all were moved toward it" in out
    assert len(read_updated("far", SHIPPED).sets) == 30


def test_json_is_one_object(succeed_json, data, tmp_path):
    file = tmp_path / "here.json"
    record = succeed_json(
        "update", "--data", data(0.7), "--workers", "1", "--sets", "12", "--out", file
    )
    assert record["parameters"] == record["file"] == str(file)
    assert record["method"] == "reweighted"
    assert len(record["weights"]) == 12
    (number,) = record["numbers"]
    assert number["estimate"] == pytest.approx(0.7)
    assert {"before", "after", "z_before", "z_after", "conflict"} <= number.keys()
    kept = json.loads(file.read_text())
    assert kept["belongs_to"].keys() == {"fit", "equations", "data"}


def test_a_trial_of_the_fit_is_told_to_count_twice(succeed, data, tmp_path):
    file = data(0.7)
    text = file.read_text().replace("control: B", "control: EXE")
    text = text.replace("arm: A", "arm: EXE+EVE")
    file.write_text(text.replace("trial.yaml", "BOLERO-2"))
    out = succeed("update", "--data", file, "--workers", "1", "--sets", "8")
    assert "counts twice" in " ".join(out.split())


def test_commands_take_the_parameters(succeed_json, data, tmp_path):
    succeed_json("update", "--data", data(0.7), "--workers", "1", "--sets", "8")
    plain = succeed_json("patient", "--number", "3")
    mine = succeed_json("patient", "--number", "3", "--parameters", "mine")
    assert (
        plain != mine
        or ensemble_parameters()[0] == read_updated("mine", SHIPPED).sets[0]
    )
    words = ("cell", "MCF7", "--days", "1", "--points", "2", "--readout", "er_total")
    assert succeed_json(*words, "--parameters", "mine") != succeed_json(*words)


def test_replicates_take_the_updated_sets_in_turn(succeed_json, data):
    from oestra.cli.recruit import chosen_sets  # noqa: PLC0415 - slow to load

    succeed_json("update", "--data", data(0.7), "--workers", "1", "--sets", "8")
    own = read_updated("mine", SHIPPED).sets
    assert chosen_sets("mine", 20) == own[:10]
    assert chosen_sets("mine", 200) == own[:20]
    changed = chosen_sets("mine", 2, settings={"doubling_time_days": 50.0})
    assert [one["doubling_time_days"] for one in changed] == [50.0]


def test_commands_know_no_other_names(fail, data):
    for words in (
        ("trial", "TAMRAD"),
        ("patient",),
        ("cell", "MCF7"),
        ("design", "TAMRAD", "--power"),
        ("predict", "TAMRAD"),
        ("choose", "--profile", "prior AI"),
    ):
        said = fail(*words, "--parameters", "ensembel", "--json")
        assert "nearest is 'ensemble'" in said


def test_one_patient_has_one_set(fail):
    assert "One set" in fail("patient", "--parameters", "ensemble", "--json")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--name", "best"), "is taken"),
        (("--out", "mine.txt"), "end in .json"),
    ],
)
def test_a_place_that_cannot_be(fail, data, words, said, tmp_path):
    assert said in fail("update", "--data", data(0.7), *words)
    assert not (tmp_path / "data").exists()


def test_nothing_is_written_where_data_cannot_be_used(fail, data, tmp_path):
    file = data(0.7)
    file.write_text(file.read_text().replace("high: 0.875", "high: 0.6"))
    before = sorted(tmp_path.rglob("*"))
    assert "must lie between" in fail("update", "--data", file)
    file.write_text(
        "trial: trial.yaml\ncurves: [{arm: A, points: [[0, 1], [3, 0.5], [6, 0.7]], "
        "at_risk: [[0, 9]]}]\n"
    )
    assert "never rises" in fail("update", "--data", file)
    assert sorted(tmp_path.rglob("*")) == before
