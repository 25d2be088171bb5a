"""What is asked often answers at once: nothing heavy is loaded for it."""

import json
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


def loaded(*words):
    """Return what a fresh process has loaded after a command, and its status."""
    code = (
        "import contextlib, io, json, sys\n"
        "from oestra.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    status = main({list(words)!r})\n"
        "print(json.dumps([status, sorted(sys.modules)]))"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
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
