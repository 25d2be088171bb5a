"""``oestra claims`` and ``oestra review``: what they print and how they refuse."""

import pytest


def test_one_claim_as_json(succeed_json):
    (found,) = succeed_json("claims", "C042")["claims"]
    assert found["id"] == "C042"
    assert found["verdict"] in {"holds", "fails", "open"}
    assert found["origin"] == "emergent"


def test_one_claim_in_words(succeed):
    shown = succeed("claims", "12", "--quiet")
    assert "C012" in shown
    assert "IMPACT" in shown
    assert "Open in part: C012." in shown


def test_a_claim_is_drawn(tmp_path, succeed):
    target = tmp_path / "claim.svg"
    succeed("claims", "C063", "--plot", "--out", target, "--quiet")
    assert target.read_text("utf-8").startswith("<svg")


def test_claims_about_cells_are_tried_in_every_set(succeed_json, succeed):
    words = ("claims", "C042", "--parameters", "ensemble")
    (found,) = succeed_json(*words)["claims"]
    assert found["sets"]["of"] == 20
    assert 0 <= found["sets"]["hold"] <= 20
    assert f"in {found['sets']['hold']} of 20 sets" in succeed(*words, "--quiet")
    assert "sets" not in succeed_json("claims", "C042")["claims"][0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["claims", "C101"], "No claim 'C101'"),
        (["claims", "letrozole"], "No claim 'letrozole'"),
        (["claims", "--plot"], "Name the claim to draw"),
        (["claims", "C063", "--plot", "--out", "x.png"], "does not end in .svg"),
        (["claims", "--level", "organ"], "organ"),
        (["claims", "C042", "--replicates", "0"], "0"),
        (["review", "--treatment", "letrozol 2.5 mg daily"], "letrozole"),
        (["review", "--treatment", "letrozole -1 mg daily"], "letrozole"),
    ],
)
def test_bad_input_is_one_sentence(words, message, tmp_path, monkeypatch, fail):
    monkeypatch.chdir(tmp_path)
    assert message in fail(*words)
    assert not list(tmp_path.iterdir())
