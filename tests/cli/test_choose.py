"""``oestra choose``: regimens for patients of a profile."""

import json

import pandas as pd
import pytest

WORDS = (
    *("choose", "--profile", "prior AI", "--patients", 50, "--sets", 2),
    *("--parameters", "best"),
    *("--regimen", "exemestane 25 mg daily"),
    *("--regimen", "exemestane 25 mg daily + everolimus 10 mg daily"),
)


def test_regimens_come_best_first_in_json_and_csv(succeed, tmp_path):
    said = json.loads(succeed(*WORDS, "--json"))
    months = [one["free_months"] for one in said["regimens"]]
    assert months == sorted(months, reverse=True)
    assert said["profile"]["criteria"] == ["prior_nonsteroidal_ai"]
    assert said["parameter_sets"] == 1
    succeed(*WORDS, "--out", tmp_path / "chosen.csv")
    table = pd.read_csv(tmp_path / "chosen.csv")
    assert table["free_months"].tolist() == pytest.approx(months)
    assert table["fitted_trials"].str.contains("BOLERO-2").all()


def test_who_was_asked_for_and_what_it_means_is_printed(succeed):
    said = succeed(*WORDS)
    assert "not her2_positive and prior_nonsteroidal_ai" in said
    assert "not told apart" in said


def test_two_alleles_are_answered_by_allele_whichever_way_they_are_written(succeed):
    def answer(profile):
        words = list(WORDS)
        words[words.index("prior AI")] = profile
        return json.loads(succeed(*words, "--json"))

    said = answer("ESR1=Y537S+D538G, prior AI")
    grows = said["regimens"][0]["grows_percent"]
    assert {"ESR1 Y537S", "ESR1 D538G"} <= set(grows)
    assert "ESR1 mutants" not in grows
    assert grows["ESR1 Y537N"] == 0
    assert sum(grows.values()) == pytest.approx(100.0)
    other = answer("ESR1=Y537S, ESR1=D538G, prior AI")
    assert other["regimens"] == said["regimens"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("choose",), "--profile"),
        (("choose", "--profile", "prior elacestrant"), "No simulated history"),
        (("choose", "--profile", "ESR1=Y573S"), "Y537S"),
        (("choose", "--profile", "ESR1=Y537S+D538G+Y537N"), "two alleles of ESR1"),
        (("choose", "--profile", "ESR1=Y537S+Y537S"), "names an allele twice"),
        (("choose", "--profile", "ESR1=Y537S+D538H"), "nearest is 'D538G'"),
        (("choose", "--profile", "age_years >= 124", "--parameters", "best"), "Nobody"),
    ],
)
def test_what_cannot_be_answered_is_said(fail, words, says):
    assert says in fail(*words)


def test_a_folder_is_no_file(fail, tmp_path):
    assert "it is a folder" in fail(*WORDS, "--out", tmp_path)
    assert not list(tmp_path.iterdir())
