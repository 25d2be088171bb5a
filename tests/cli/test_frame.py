"""The frame of the command line: help, version, and one sentence for each mistake."""

import subprocess
import sys

import pytest

from oestra.cli import app, main


@pytest.mark.parametrize("words", [["--help"], ["-h"], []])
def test_help_lists_every_command(succeed, words):
    out = succeed(*words)
    assert out.startswith("Usage: oestra")
    assert "clinical" in out
    for name in app.COMMANDS:
        assert f"\n  {name} " in out


@pytest.mark.parametrize("name", app.COMMANDS)
def test_every_command_explains_itself(succeed, name):
    out = succeed(name, "--help")
    assert f"Usage: oestra {name}" in out
    assert "--json" in out


@pytest.mark.parametrize("words", [["trials"], ["drugs", "everolimus"], ["export"]])
def test_every_command_accepts_the_common_options(succeed, words):
    common = ["--seed", "3", "--workers", "2", "--quiet", "--json"]
    assert succeed(*words, *common) == succeed(*words, "--json")


def test_common_options_are_checked_where_they_are_unused(fail):
    assert "--workers" in fail("trials", "--workers", "0")


def test_version(succeed):
    assert succeed("--version").startswith("oestra 0.")


def test_unknown_command_names_the_nearest(fail):
    assert "nearest is 'trial'" in fail("trail", "BOLERO-2")


def test_unknown_option_of_the_program(fail):
    assert "nearest is '--version'" in fail("--versoin")


def test_unknown_option_of_a_command(fail):
    error = fail("drugs", "--jsn")
    assert "No option '--jsn' in 'oestra drugs'; nearest is '--json'." in error


def test_a_value_out_of_range(fail):
    assert "--patients" in fail("population", "--patients", "0")


def test_a_missing_value(fail):
    assert "--seed" in fail("population", "--seed")


def test_a_word_where_a_number_belongs(fail):
    assert "'many'" in fail("population", "--patients", "many")


def test_an_interrupt_is_said_and_leaves_130(monkeypatch, capsys):
    def interrupted(_name, _words):
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "_run_one", interrupted)
    assert main(["drugs"]) == 130
    assert "Interrupted" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["oestra", "oestra.cli"])
def test_python_runs_it_as_a_module(module):
    words = [sys.executable, "-m", module, "trial", "--nope"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 2
    assert done.stderr == "No option '--nope' in 'oestra trial'; see --help.\n"


def test_only_options_are_named_as_the_nearest(fail):
    assert "'name'" not in fail("trial", "--nme")


def test_a_closed_pipe_is_no_error():
    code = "import sys; from oestra.cli import main; sys.exit(main(['export', 'sbml']))"
    words = f'{sys.executable} -c "{code}" | head -c 10; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(  # noqa: S603
        ["/bin/bash", "-c", words], capture_output=True, check=False
    )
    assert done.stderr == b""
    assert done.returncode == 0
