"""``oestra predict``: registered once, confirmed afterwards, never written over."""

import json
from dataclasses import replace

import pytest

from oestra.appraisal.prediction import has_results
from oestra.cli import main
from oestra.evidence.published import digest as evidence_digest
from oestra.model import fit
from oestra.network.digest import source_digest
from oestra.trial.designs import designs


@pytest.fixture(scope="module")
def place(tmp_path_factory, trial_text):
    """Register a small trial once: its file, and the folder of predictions."""
    root = tmp_path_factory.mktemp("predict")
    (root / "mine.yaml").write_text(trial_text)
    predict(root, "--date", "2026-03-01")
    return root


def predict(root, *words):
    given = ["predict", str(root / "mine.yaml"), "--out", str(root / "kept"), "--quiet"]
    return main([*given, "--replicates", "2", *words])


def one_file(root):
    (path,) = (root / "kept").glob("*.json")
    return path


def test_a_prediction_says_what_it_follows_from(place, capsys):
    record = json.loads(one_file(place).read_text(encoding="utf-8"))
    assert record["trial"] == "MINE"
    assert record["date"] == "2026-03-01"
    assert record["hashes"]["model"] == source_digest()
    assert record["hashes"]["evidence"] == evidence_digest()
    assert (record["seed"], record["replicates"]) == (1, 2)
    ratio = record["contrasts"][0]["hazard_ratio"]
    assert 0 < ratio["estimate"] < 2
    assert ratio["low"] is ratio["high"] is None
    assert "2 of the at least 5 replicates" in ratio["reason"]
    assert set(record["arms"]) == {"A", "B"}
    assert source_digest()[:8] in one_file(place).name


def test_the_folder_has_a_table(place):
    text = (place / "kept" / "README.md").read_text(encoding="utf-8")
    assert "hazard ratio, PFS, A : B" in text
    assert f"]({one_file(place).name})" in text
    assert "not for clinical decisions" in text


def test_the_same_again_is_confirmed_and_not_written(place, capsys):
    before = one_file(place).read_bytes()
    assert predict(place, "--date", "2027-01-01", "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)["predictions"]
    assert (found["status"], found["date"]) == ("confirmed", "2026-03-01")
    assert one_file(place).read_bytes() == before


def test_another_design_is_kept_beside_the_first(place, trial_text, tmp_path, capsys):
    (tmp_path / "kept").mkdir()
    first = one_file(place)
    (tmp_path / "kept" / first.name).write_bytes(first.read_bytes())
    (tmp_path / "mine.yaml").write_text(trial_text.replace("n: 9", "n: 12"))
    assert predict(tmp_path) == 0
    assert "registered" in capsys.readouterr().out
    assert len(list((tmp_path / "kept").glob("MINE-*.json"))) == 2
    text = (tmp_path / "kept" / "README.md").read_text(encoding="utf-8")
    assert text.count("| MINE:") == 2


def test_unaltered_predictions_pass_the_check(place, succeed, succeed_json):
    assert "unaltered" in succeed("predict", "--check", place / "kept")
    assert succeed_json("predict", "--check", place / "kept")["unaltered"] is True


def test_an_altered_prediction_is_found(place, tmp_path, fail):
    text = one_file(place).read_text(encoding="utf-8")
    (tmp_path / one_file(place).name).write_text(text.replace("2026-03", "2025-03"))
    assert "was altered" in fail("predict", "--check", tmp_path)


def test_what_is_no_prediction_is_found(tmp_path, fail):
    assert "no prediction" in fail("predict", "--check", tmp_path)
    (tmp_path / "x.json").write_text("{}")
    assert "is no prediction" in fail("predict", "--check", tmp_path)
    assert "no folder" in fail("predict", "--check", tmp_path / "none")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name a trial"),
        (["BOLERO-2"], "are published"),
        (["T1_BYL719_LET"], "are published"),
        (["FERGY"], "No trial 'FERGY'"),
        (["T1_FERGI", "--all"], "not both"),
        (["T1_FERGI", "--date", "1 March"], "YYYY-MM-DD"),
    ],
)
def test_bad_input_is_explained_and_leaves_nothing(
    words, said, fail, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert said in fail("predict", *words)
    assert list(tmp_path.iterdir()) == []


def test_a_readme_of_someone_else_is_not_written_over(tmp_path, fail):
    (tmp_path / "README.md").write_text("# Mine")
    assert "not written by Oestra" in fail("predict", "T1_FERGI", "--out", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_a_folder_with_other_json_is_refused_before_the_work(tmp_path, fail):
    (tmp_path / "other.json").write_text("{}")
    assert "is no prediction" in fail("predict", "T1_FERGI", "--out", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["other.json"]


def test_what_the_library_calls_a_prediction_has_no_result():
    chosen = [one for one in designs().values() if one.prediction]
    assert chosen
    assert not any(has_results(one) for one in chosen)


def test_an_interim_fit_registers_no_trial_of_the_library(fail, tmp_path, monkeypatch):
    shipped = fit.shipped_fit()
    monkeypatch.setattr(fit, "shipped_fit", lambda: replace(shipped, interim=True))
    told = fail("predict", "--all", "--out", tmp_path / "kept")
    assert "interim" in told
    assert not (tmp_path / "kept").exists()
