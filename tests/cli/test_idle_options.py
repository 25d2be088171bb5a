"""Options that do nothing say so or are refused; streams may be closed or full."""

import subprocess
import sys

import pytest

from oestra.cli import main

CODE = "import sys; from oestra.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["trials", "--seed", "4"], "--seed changes nothing here"),
        (["drugs", "everolimus", "--workers", "2"], "--workers changes nothing here"),
        (["drugs", "everolimus", "--seed", "2"], "only the figure of --out draws"),
        (["design", "TAMRAD", "--seed", "2"], "only --power simulates"),
        (["trial", "--schema", "--patients", "9"], "--schema runs nothing"),
    ],
)
def test_an_option_that_does_nothing_says_so(capsys, words, said):
    assert main([*words, "--json"]) == 0
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert main([*words[:-2], "--json"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["design", "TAMRAD", "--enrich", "bone"], "--enrich belongs to --power"),
        (["design", "TAMRAD", "--interval-weeks", "8"], "belongs to --power"),
        (["design", "TAMRAD", "--out", "x"], "--out belongs to --power"),
        (["design", "TAMRAD", "--power", "--target", "1"], "between 0 and 1"),
        (["design", "TAMRAD", "--power", "--enrich", "sites > 99"], "can never hold"),
        (["design", "TAMRAD", "--power", "--interval-weeks", "8,8"], "twice"),
        (["design", "TAMRAD", "--power", "--patients-list", "40.5"], "whole numbers"),
        (["design", "TAMRAD", "--power", "--patients-list", "9" * 9], "whole numbers"),
        (["drugs", "--regimen", "everolimus 10 mg daily"], "the name of a drug"),
        (["drugs", "everolimus", "--regimen", "none", "--out", "x"], "does not give"),
        (["cell", "--days", "3"], "--days belongs to a cell line"),
        (
            ["cell", "MCF7", "--combine", "everolimus 1..9 in 1 nM x letrozole 1 nM"],
            "2 to",
        ),
        (["patient", "--number", "9" * 30], "--number"),
        (["population", "--seed", "9" * 30], "--seed"),
        (["population", "--patients", "9" * 30], "--patients"),
        (["trial", "TAMRAD", "--replicates", "10001"], "--replicates"),
        (["claims", "C001", "--out", "x"], "--out belongs to --plot"),
        (["validate", "--sets", "30"], "--sets belongs to --sensitivity"),
        (["trials", "a\0b"], "NUL"),
        (["trials", "8" * 4000], "8..."),
    ],
)
def test_an_option_of_another_or_out_of_bounds_is_refused(
    fail, tmp_path, monkeypatch, words, said
):
    monkeypatch.chdir(tmp_path)
    error = fail(*words)
    assert said in error
    assert len(error) < 500
    assert list(tmp_path.iterdir()) == []


def test_set_names_a_parameter_once(fail, tmp_path):
    model = tmp_path / "m.ant"
    model.write_text("model m; k = 1; S = 1; J: S -> ; k*S; end")
    words = ["simulate", model, "--set", "k=1"]
    assert "twice" in fail(*words, "--set", " k = 2")
    assert "finite" in fail("simulate", model, "--set", "k=nan")
    assert "--until" in fail("simulate", model, "--until", "1e300")


@pytest.mark.parametrize("redirection", [">&-", ">/dev/full"])
def test_an_output_that_takes_nothing_is_told_in_a_sentence(redirection):
    words = f'{sys.executable} -c "{CODE}" trials {redirection}'
    done = subprocess.run(  # noqa: S603
        ["/bin/bash", "-c", words], capture_output=True, check=False, text=True
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith(".\n")


@pytest.mark.parametrize("redirection", ["2>&-", "<&-", "2>/dev/full"])
def test_other_streams_do_not_matter(redirection):
    words = f'{sys.executable} -c "{CODE}" trials {redirection}'
    done = subprocess.run(  # noqa: S603
        ["/bin/bash", "-c", words], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0
    assert "BOLERO-2" in done.stdout


def test_markup_in_a_file_is_printed_as_it_stands(succeed, tmp_path, trial_text):
    path = tmp_path / "mine.yaml"
    title = "'[/] [bold]x[/bold] :smile: </script>'"
    path.write_text(trial_text.replace("A trial of mine", title))
    assert "[/] [bold]x[/bold] :smile: </script>" in succeed("design", path)
