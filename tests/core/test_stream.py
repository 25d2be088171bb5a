"""Names of streams: one list, and no draw under a name that is not in it."""

import ast
from importlib.resources import files
from pathlib import Path

import pytest

from oestra.core.stream import Stream

DRAWS = {"uniform", "normal", "exponential", "poisson", "permutation", "spawn"}
MODULES = sorted(Path(str(files("oestra"))).rglob("*.py"))


def written_names(tree):
    """Yield the names of streams that code writes out, with their lines."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = ast.unparse(node.func.value)
        drawn = node.func.attr in DRAWS and (
            "stream" in owner.casefold() or owner in {"luck", "chance"}
        )
        for argument in node.args[:1] if drawn else ():
            if isinstance(argument, ast.JoinedStr) or (
                isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ):
                yield node.lineno, ast.unparse(argument)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_every_stream_is_named_in_the_list(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert list(written_names(tree)) == []


def test_no_two_streams_share_a_name():
    assert len({one.value for one in Stream}) == len(Stream.__members__)


def test_a_part_makes_a_name_of_its_own():
    assert Stream.LINE.of(2) == "line 2"
    assert Stream.LINE.of(1) != Stream.LINE.of(2)


def test_the_test_finds_a_written_name():
    tree = ast.parse('streams.uniform("dice", ids)')
    assert [name for _, name in written_names(tree)] == ["'dice'"]
