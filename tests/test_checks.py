"""The checks before a commit are those of `.ci/run`, word for word."""

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
