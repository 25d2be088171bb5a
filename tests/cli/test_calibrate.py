"""Fits that cannot be begun or found are explained in one sentence."""

import pytest


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["calibrate", "--start", "bets"], "nearest is 'best'"),
        (["calibrate", "--cells", "--start", "best"], "--start cannot be given with"),
        (["calibrate", "--variants"], "add --cells"),
        (["validate", "--checkpoint", "none.npz"], "No fit at none.npz"),
        (["validate", "--checkpoint", "bad.npz"], "bad.npz is damaged"),
        (["calibrate", "--cells", "--checkpoint", "x.npz"], "cannot be given with"),
    ],
)
def test_bad_input_is_explained(words, reason, tmp_path, monkeypatch, fail):
    monkeypatch.chdir(tmp_path)
    for name in ("bad.npz", "bad.1.npz"):
        (tmp_path / name).write_text("garbage")
    assert reason in fail(*words)
