"""A folder of predictions: whatever was done to it is found."""

import json

import pytest

from oestra.appraisal.prediction import Identity, content_hash
from oestra.report.prediction_index import prediction_index

NUMBER = {"estimate": 0.5, "low": 0.4, "high": 0.6}


def record(trial, title="A trial", date="2026-01-01"):
    """Return a prediction as it is registered, and the name of its file."""
    parts = ("model", "parameters", "evidence", "design", "code")
    hashes = dict.fromkeys(parts, "0" * 64)
    identity = Identity(trial=trial, seed=1, replicates=2, **hashes)
    made = {
        "kind": "Oestra prediction",
        "trial": trial,
        "title": title,
        "date": date,
        "hashes": hashes,
        "seed": 1,
        "replicates": 2,
        "calibration": "c",
        "primary": "pfs",
        "arms": {"A": {"pfs_median_months": NUMBER}},
        "contrasts": [
            {"endpoint": "pfs", "arm": "A", "control": "B", "hazard_ratio": NUMBER}
        ],
    }
    return identity.file_name, {**made, "sha256": content_hash(made)}


@pytest.fixture
def kept(tmp_path):
    """Return a folder of two predictions and their table."""
    found = dict([record("ONE"), record("TWO")])
    for name, made in found.items():
        (tmp_path / name).write_text(json.dumps(made, indent=1))
    (tmp_path / "README.md").write_text(prediction_index(found))
    return tmp_path


def one(folder):
    """Return the file of the first prediction."""
    return min(folder.glob("ONE-*.json"))


def swap(path, old, new):
    """Replace a text in a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_what_nobody_touched_is_unaltered(kept, succeed):
    assert "2 predictions are as they were" in succeed("predict", "--check", kept)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda f: one(f).unlink(), "which is no longer there"),
        (lambda f: one(f).rename(f / "x.json"), "renamed or copied"),
        (
            lambda f: (f / "x.json").write_bytes(one(f).read_bytes()),
            "renamed or copied",
        ),
        (lambda f: swap(one(f), "0.5", "0.6"), "was altered"),
        (lambda f: swap(one(f), "{", '{"seed": 9,'), "the key 'seed' twice"),
        (lambda f: swap(one(f), '"seed": 1', '"seed": NaN'), "holds NaN"),
        (lambda f: swap(one(f), '"seed": 1', '"seed": 1e999'), "not finite"),
        (lambda f: one(f).write_text("[" * 9999), "levels are nested"),
        (lambda f: one(f).write_text('{"a":' * 9999), "levels are nested"),
        (lambda f: one(f).write_bytes(b"\xff"), "not UTF-8"),
        (lambda f: swap(f / "README.md", "0.50", "0.60"), "README.md was altered"),
        (lambda f: swap(f / "README.md", "TWO-", "TOW-"), "was altered"),
        (lambda f: (f / "README.md").unlink(), "Cannot read"),
    ],
)
def test_harm_is_found(kept, capsys, harm, said):
    from oestra.cli import main  # noqa: PLC0415 - beside the capture

    harm(kept)
    assert main(["predict", "--check", str(kept)]) == 2
    out, told = capsys.readouterr()
    assert out == ""
    assert said in told


def test_all_harm_is_told_at_once(kept, capsys):
    from oestra.cli import main  # noqa: PLC0415 - beside the capture

    for path in kept.glob("*.json"):
        swap(path, "0.5", "0.6")
    assert main(["predict", "--check", str(kept)]) == 2
    assert capsys.readouterr().err.count("was altered") == 2


def test_titles_cannot_mark_up_the_table():
    found = dict([record("ONE", title="a | <script>x</script>\n# b", date="<b>")])
    text = prediction_index(found)
    assert "<script>" not in text
    assert "<b>" not in text
    assert "\n# b" not in text
