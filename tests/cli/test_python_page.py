"""The page on Python names all that is public, and its lines run."""

import re
from pathlib import Path

import oestra

PAGE = Path(__file__).parents[2].joinpath("docs", "python.md").read_text("utf-8")


def test_every_public_name_is_used_and_the_lines_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
    exec(compile(code, "python.md", "exec"), {"__name__": "page"})  # noqa: S102
    out = capsys.readouterr().out
    assert "No trial 'BOLERO-22'" in out
    used = set(re.findall(r"oestra\.(\w+)", code))
    assert set(oestra.__all__) <= used
