"""The frame of the command line: help, version, and one sentence for each mistake."""

import subprocess
import sys

import pytest

from oestra.cli import main


def fails_with_one_sentence(capsys, *words):
    """Run a command that must fail; return the sentence it printed."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert err.count("\n") == 1
    assert err.endswith(".\n")
    return err


def test_help_lists_every_command(capsys):
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert "trial" in out
    assert "clinical" in out


def test_no_words_print_the_help(capsys):
    assert main([]) == 0
    assert "Usage: oestra" in capsys.readouterr().out


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("oestra 0.")


def test_unknown_command_names_the_nearest(capsys):
    assert "nearest is 'trial'" in fails_with_one_sentence(capsys, "trail")


def test_unknown_option_of_the_program(capsys):
    assert "nearest is '--version'" in fails_with_one_sentence(capsys, "--versoin")


def test_help_needs_no_numerical_library():
    code = (
        "import sys; from oestra.cli import main; main(['--help']); "
        "sys.exit(bool({'numpy', 'pandas', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code], capture_output=True, check=False
    )
    assert done.returncode == 0


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_both_spellings_of_help(capsys, word):
    assert main([word]) == 0
    assert "Options" in capsys.readouterr().out
