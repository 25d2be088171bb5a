"""``oestra design``: what it prints, what it writes, and what it refuses."""

import json

import pandas as pd
import pytest

from oestra.model import parameters

SMALL = ("--patients-list", "40,80", "--replicates", "2", "--seed", "3")
MUTANT = 'pik3ca != "wild type"'


def test_a_design_is_checked_without_simulation(succeed, succeed_json):
    out = succeed("design", "bolero 2")
    assert "everolimus 10 mg daily" in out
    assert "RECIST-1.0" in out
    told = (
        "Randomized 2:1, in blocks of 6 within strata (endocrine_sensitive; visceral)"
    )
    assert told in out
    assert succeed_json("design", "BOLERO-2")["id"] == "BOLERO-2"


def test_power_leaves_a_whole_folder(tmp_path, succeed):
    folder = tmp_path / "power"
    words = ("design", "TAMRAD", "--power", *SMALL, "--enrich", MUTANT)
    out = succeed(*words, "--parameters", "best", "--out", folder)
    assert "as designed" in out
    assert f"only {MUTANT}" in out
    assert "80 % power" in out
    assert {path.name for path in folder.iterdir()} == {
        "power.png",
        "power.svg",
        "table.csv",
        "summary.json",
        "manifest.json",
        "ro-crate-metadata.json",
    }
    table = pd.read_csv(folder / "table.csv")
    assert list(table["patients"]) == [40, 80, 40, 80]
    assert (table["power_low"] <= table["power"]).all()
    assert (table["power"] <= table["power_high"]).all()
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    everyone, mutant = (level["eligible_percent"] for level in summary["levels"])
    assert everyone == 100.0
    assert 5 < mutant < 95


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--target", "1.2"], "got 1.2"),
        (["--patients-list", "200,many"], "'many'"),
        (["--interval-weeks", "-8"], "'-8'"),
        (["--enrich", "pik3a == 1"], "nearest is 'pik3ca'"),
        (["--regimen", "exemestane 25 mg daily"], "ARM=REGIMEN"),
        (["--regimen", "TAM=tamoxifn 20 mg daily"], "nearest is 'tamoxifen'"),
    ],
)
def test_what_does_not_fit_is_found_before_the_work(fail, words, said):
    assert said in fail("design", "TAMRAD", "--power", *words)


def test_a_design_without_a_control(fail):
    words = ("design", "T1_BYL719_LET", "--power", *SMALL, "--json")
    assert "compares no arms" in fail(*words)


def test_an_ensemble_that_does_not_ship(fail, monkeypatch):
    monkeypatch.setattr("oestra.model.sets.shipped_fit", lambda: None)
    assert "--parameters best" in fail("trial", "TAMRAD", "--parameters", "ensemble")


def test_few_replicates_use_few_sets(monkeypatch):
    from oestra.cli.recruit import chosen_sets  # noqa: PLC0415 - after the patch

    sets = (parameters.best_parameters(),) * 30
    monkeypatch.setattr("oestra.model.sets.shipped_fit", object)
    monkeypatch.setattr("oestra.model.sets.ensemble_parameters", lambda _: sets)
    assert [len(chosen_sets(None, n)) for n in (1, 3, 20, 200)] == [1, 1, 10, 20]
