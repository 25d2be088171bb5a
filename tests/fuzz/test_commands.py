"""Command lines, made up: done, or explained, and nothing left behind."""

import pytest

from oestra.cli import main

WORDS = {
    "design": ["BOLERO-2", "mine.yaml", "--json", "--target", "0.9", "--enrich",
               "--interval-weeks", "8,12", "--regimen", "A=none", "--quiet", "--seed"],
    "drugs": ["everolimus", "4-hydroxytamoxifen", "--json", "--regimen", "--workers",
              "2", "everolimus 10 mg daily", "--quiet", "--seed", "3"],
    "trials": ["--json", "--quiet", "--workers", "2", "--seed", "3", "x"],
    "predict": ["--check", "kept", "mine.yaml", "--json", "--all", "--date"],
    "population": ["--patients", "20", "--json", "--seed", "7", "--out", "new"],
    "simulate": ["absent.ant", "mine.yaml", "--until", "5", "--set", "k=1", "--points",
                 "--at", "0:2:0.5", "--rtol", "--atol", "--method", "radau"],
    "export": ["sbml", "omex", "--line", "MCF-8", "--days", "3", "--claim", "X"],
}  # fmt: skip
"""Commands that simulate no trial, and words they know."""
ODD = ["-1", "0", "9" * 30, "9" * 5000, "nan", "inf", "1e308", "\x00", "[/]", "", "--",
       "é", "../x", "--no-such", "a" * 300, "/proc/self/mem", "/dev/zero",
       "x/" * 200]  # fmt: skip


@pytest.mark.parametrize("command", WORDS)
def test_command_lines_are_done_or_explained(
    make, tmp_path, monkeypatch, capsys, trial_text, command
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(trial_text)
    for _ in range(40):
        words = [
            make.chance.choice(ODD if make.chance.random() < 0.2 else WORDS[command])
            for _ in range(make.chance.randint(0, 6))
        ]
        if command == "predict" and "--check" not in words:
            words = ["--check", "absent", *words]
        status = main([command, *words])
        out, err = capsys.readouterr()
        assert status in (0, 2), words
        assert "Traceback" not in err
        if status == 2:
            assert out == ""
            assert err.rstrip().endswith(".")
            assert len(err) < 4000
    left = {path.name for path in tmp_path.iterdir()} - {"mine.yaml", "new"}
    assert not any(name.startswith(".") for name in left)
