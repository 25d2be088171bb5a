"""The checks before a commit are those of `.ci/run`, word for word."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
CHECKS = ROOT / ".ci" / "run"


def entries():
    file = ROOT / ".pre-commit-config.yaml"
    config = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return [hook["entry"] for part in config["repos"] for hook in part["hooks"]]


def commands():
    lines = CHECKS.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line.startswith("uv ")} - {"uv sync --locked"}


@pytest.mark.skipif(not CHECKS.is_file(), reason="not a checkout")
def test_hooks_and_ci_run_the_same_commands():
    assert set(entries()) == commands()
    assert len(entries()) == len(set(entries()))


@pytest.mark.skipif(not CHECKS.is_file(), reason="not a checkout")
def test_the_page_on_checks_names_every_long_step_in_order():
    script = CHECKS.with_name("full").read_text(encoding="utf-8")
    (steps,) = re.findall(r"^all=\((.*)\)$", script, re.MULTILINE)
    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    above = page.split("## Mutants", maxsplit=1)[0]
    assert re.findall(r"^\| `(\w+)`", above, re.MULTILINE) == steps.split()
