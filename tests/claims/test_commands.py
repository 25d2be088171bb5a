"""``oestra claims`` and ``oestra review``: what they print and how they refuse."""

import json
from pathlib import Path

import pytest

from oestra.cli import main


def test_one_claim_as_json(capsys: pytest.CaptureFixture[str]):
    assert main(["claims", "C042", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["claims"]
    assert found["id"] == "C042"
    assert found["verdict"] in {"holds", "fails", "open"}
    assert found["origin"] == "emergent"


def test_one_claim_in_words(capsys: pytest.CaptureFixture[str]):
    assert main(["claims", "12", "--quiet"]) == 0
    shown = capsys.readouterr().out
    assert "C012" in shown
    assert "IMPACT" in shown
    assert "Open in part: C012." in shown


def test_a_claim_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    target = tmp_path / "claim.svg"
    assert main(["claims", "C063", "--plot", "--out", str(target), "--quiet"]) == 0
    assert target.read_text("utf-8").startswith("<svg")
    capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["claims", "C101"], "No claim 'C101'"),
        (["claims", "letrozole"], "No claim 'letrozole'"),
        (["claims", "--plot"], "Name the claim to draw"),
        (["claims", "--level", "organ"], "organ"),
        (["claims", "C042", "--replicates", "0"], "0"),
        (["review", "--treatment", "letrozol 2.5 mg daily"], "letrozole"),
        (["review", "--treatment", "letrozole -1 mg daily"], "letrozole"),
    ],
)
def test_bad_input_is_one_sentence(
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    refused = capsys.readouterr()
    assert message in refused.err
    assert len(refused.err.splitlines()) == 1
    assert not refused.out
    assert not list(tmp_path.iterdir())
