"""The example of the documentation is a valid trial, and its code runs."""

import re
from pathlib import Path

from ruamel.yaml import YAML

from oestra.evidence.published import find_trial
from oestra.evidence.trial_evidence import TrialEvidence

PAGE = Path(__file__).parents[2] / "docs" / "evidence.md"


def _blocks(language):
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_example_is_a_part_of_the_real_file():
    (block,) = _blocks("yaml")
    example = TrialEvidence.model_validate(YAML(typ="safe", pure=True).load(block))
    real = find_trial(example.id)
    assert example.arms == real.arms
    assert set(example.results) <= set(real.results)
    assert set(example.baseline) <= set(real.baseline)


def test_the_code_runs(capsys):
    (block,) = _blocks("python")
    exec(block, {})  # noqa: S102 - the page is ours
    printed = capsys.readouterr().out
    assert printed.startswith("BOLERO-2 ['exemestane 25 mg daily + everolimus")
    assert "hazard_ratio EXE+EVE 0.45 0.38 0.54" in printed
