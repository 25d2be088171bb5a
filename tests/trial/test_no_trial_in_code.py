"""Which trials there are, files say: code that names one would treat it apart."""

import ast
import re
from pathlib import Path

import pytest

import oestra
from oestra.evidence.published import trials
from oestra.trial.designs import designs

ROOT = Path(oestra.__file__).parent
TOLD = {"help", "epilog"}
"""Arguments that hold words for people, where a trial may stand as an example."""


def spoken(tree):
    """Yield the strings of a module that are docstrings or help."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield node.value
        if isinstance(node, ast.keyword) and node.arg in TOLD:
            yield from ast.walk(node.value)


def named(source, names):
    tree = ast.parse(source)
    words = {id(node) for node in spoken(tree)}
    pattern = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, names))})(?![\w-])")
    return [
        found
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in words
        for found in pattern.findall(node.value)
    ]


@pytest.fixture(scope="module")
def names():
    return sorted({*trials(), *designs()}, key=len, reverse=True)


def test_no_code_names_a_trial(names):
    found = {
        str(path.relative_to(ROOT)): there
        for path in ROOT.rglob("*.py")
        if (there := named(path.read_text("utf-8"), names))
    }
    assert found == {}


def test_a_trial_in_code_would_be_found(names):
    assert named('if design.id == "BOLERO-2": pass', names) == ["BOLERO-2"]
    assert named('"""As in BOLERO-2."""\nx = dict(help="BOLERO-2")', names) == []
