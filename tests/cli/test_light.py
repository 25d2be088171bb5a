"""What is asked often answers at once: nothing heavy is loaded for it."""

import json
import os
import subprocess
import sys

import pytest

from oestra.cli.app import COMMANDS

HEAVY = (
    "antimony",
    "libsbml",
    "lifelines",
    "llvmlite",
    "matplotlib",
    "numpy",
    "pandas",
    "pint",
    "pyarrow",
    "SALib",
    "scipy",
)
SLOW = (*HEAVY, "pydantic", "rich", "ruamel")


def loaded(*words, **environment):
    """Return what a fresh process has loaded after a command, and its status."""
    code = (
        "import contextlib, io, json, sys\n"
        "from oestra.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    status = main({list(words)!r})\n"
        "print(json.dumps([status, sorted(sys.modules)]))"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )
    status, modules = json.loads(done.stdout)
    return status, set(modules)


@pytest.mark.parametrize("words", [["--help"], ["no-such-command"], ["--no-such"]])
def test_the_program_loads_no_command(words):
    _, modules = loaded(*words)
    assert not modules & set(SLOW)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_loads_nothing_heavy(name):
    status, modules = loaded(name, "--help")
    assert status == 0
    assert not modules & set(SLOW)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_wrong_option_loads_nothing_heavy(name):
    status, modules = loaded(name, "--no-such-option")
    assert status == 2
    assert not modules & set(SLOW)


@pytest.mark.parametrize("words", [["trials"], ["drugs"], ["drugs", "no-such-drug"]])
def test_a_list_loads_nothing_heavy_and_no_reader_the_second_time(words, tmp_path):
    _, first = loaded(*words, OESTRA_CACHE=str(tmp_path))
    assert not first & {*HEAVY, "pydantic"}
    assert "ruamel" in first
    _, second = loaded(*words, OESTRA_CACHE=str(tmp_path))
    assert not second & {*HEAVY, "pydantic", "ruamel"}


def test_a_drug_is_described_once(tmp_path):
    _, first = loaded("drugs", "RAD001", OESTRA_CACHE=str(tmp_path))
    assert "numpy" in first
    status, second = loaded("drugs", "everolimus", OESTRA_CACHE=str(tmp_path))
    assert status == 0
    assert not second & {*HEAVY, "pydantic", "ruamel"}


@pytest.mark.parametrize("words", [["trials"], ["drugs"], ["drugs", "everolimus"]])
def test_a_list_without_options_says_the_same_as_with_one(words, succeed):
    assert succeed(*words) == succeed(*words, "--quiet")


@pytest.mark.parametrize("words", [["trials"], ["drugs"], ["drugs", "everolimus"]])
def test_a_list_without_options_sees_the_library_of_the_environment(
    words, fail, tmp_path, monkeypatch
):
    monkeypatch.setenv("OESTRA_LIBRARY", str(tmp_path / "none"))
    assert "none" in fail(*words)
