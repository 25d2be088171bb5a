"""``oestra sequence``: orders of therapies for patients of a profile."""

import json

import pandas as pd
import pytest

ORDERS = (
    *("--order", "fulvestrant > chemotherapy"),
    *("--order", "chemotherapy > fulvestrant"),
)
WHO = ("sequence", "--profile", "prior AI", "--parameters", "best")
WORDS = (*WHO, "--patients", 50, "--months", 18, "--sets", 2, *ORDERS)


def test_orders_stand_side_by_side_in_json_tables_and_a_figure(
    succeed, manifest, tmp_path
):
    said = json.loads(succeed(*WORDS, "--json", "--out", tmp_path / "orders"))
    first, second = said["orders"]
    assert first["order"] == "fulvestrant > chemotherapy"
    late, early = (
        one["months_until_chemotherapy"]["middle"] for one in (first, second)
    )
    assert late > early == 0.0
    (apart,) = said["against_the_first"]
    assert apart["until_chemotherapy_months"]["middle"] == pytest.approx(-late)
    assert apart["until_chemotherapy_months"]["better_percent"] < 1.0
    assert any("extrapolation" in text for text in said["trust"])
    folder = tmp_path / "orders"
    wrote = {"sequence.json", "orders.csv", "lines.csv", "sequence.png", "sequence.svg"}
    assert wrote == set(manifest(folder)["files"])
    assert json.loads((folder / "sequence.json").read_text()) == said
    lines = pd.read_csv(folder / "lines.csv")
    assert lines["chemotherapy"].tolist() == [False, True, True, False]
    drawn = (folder / "sequence.svg").read_text("utf-8")
    assert "1. fulvestrant &gt; chemotherapy" in drawn
    assert "untreated" in drawn


def test_how_far_to_trust_it_is_printed(succeed):
    said = " ".join(succeed(*WORDS).split())
    assert "not her2_positive and prior_nonsteroidal_ai" in said
    assert "No trial of the fit gave chemotherapy" in said
    assert "every difference here is an extrapolation" in said
    assert "Survival after progression is the weakest part" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((*WHO,), "--order"),
        ((*WHO, "--order", " > "), "is empty"),
        ((*WHO, "--order", "fulvestrant > capecitabine"), "'capecitabine'"),
        ((*WHO, "--order", " > ".join(["fulvestrant"] * 9)), "at most 8 lines"),
        ((*WHO, *ORDERS, "--months", "nan"), "between 6 and 240"),
        (("sequence", "--profile", "ESR1=Y573S", *ORDERS), "Y537S"),
        (("sequence", "--profile", "age_years >= 124", *WHO[3:], *ORDERS), "Nobody"),
    ],
)
def test_what_cannot_be_answered_is_said_and_nothing_is_written(
    fail, tmp_path, words, says
):
    assert says in fail(*words, "--out", tmp_path / "none", "--quiet")
    assert not list(tmp_path.iterdir())


def test_a_file_is_no_folder(fail, tmp_path):
    (tmp_path / "taken").write_text("mine")
    assert "it is a file" in fail(*WORDS, "--out", tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"
