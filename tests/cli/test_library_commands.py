"""Commands that show what the libraries hold."""

import libsbml
import pandas as pd
import pytest


def test_trials_lists_bolero_2(succeed, succeed_json):
    (trial,) = [t for t in succeed_json("trials")["trials"] if t["id"] == "BOLERO-2"]
    assert "NCT00863655" in trial["aliases"]
    assert trial["arms"]["EXE+EVE"]["n"] == 485
    assert "BOLERO-2" in succeed("trials")


def test_drugs_lists_what_can_be_given(succeed, succeed_json):
    found = {drug["drug"] for drug in succeed_json("drugs")["drugs"]}
    assert {
        "exemestane",
        "anastrozole",
        "letrozole",
        "tamoxifen",
        "everolimus",
    } <= found
    assert "endoxifen" not in found
    assert "everolimus 10 mg daily" in succeed("drugs")


def test_a_drug_shows_every_number_with_its_origin(succeed, succeed_json):
    record = succeed_json("drugs", "RAD-001")
    assert record["drug"] == "everolimus"
    for row in record["quantities"]:
        assert row["low"] <= row["value"] <= row["high"]
        assert row["origin"] in {"measured", "derived", "fitted", "assumed"}
        assert row["source"]
    assert "not for clinical decisions" in succeed("drugs", "endoxifen")


def test_a_drug_is_drawn(succeed, tmp_path, manifest):
    folder = tmp_path / "everolimus"
    assert str(folder) in succeed("drugs", "everolimus", "--out", folder)
    assert {path.name for path in folder.iterdir()} == {
        "concentration.png",
        "concentration.svg",
        "quantities.csv",
        "manifest.json",
        "ro-crate-metadata.json",
    }
    assert manifest(folder)["settings"] == {"regimen": "everolimus 10 mg daily"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["evrolimus"], "nearest is 'everolimus'"),
        (["everolimus", "--regimen", "everolimus 10 mg evry day"], "'evry'"),
        (["everolimus", "--regimen", "everolimus -5 mg daily"], "more than 0"),
        (["everolimus", "--regimen", "everolimus 10 mgg daily"], "'mgg'"),
    ],
)
def test_a_drug_that_cannot_be_shown(fail, tmp_path, words, said):
    assert said in fail("drugs", *words, "--out", tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_population_is_the_same_for_the_same_seed(succeed):
    words = ("population", "--patients", 300, "--seed", 5, "--json")
    assert succeed(*words) == succeed(*words)


def test_population_is_written(succeed, tmp_path):
    succeed("population", "--patients", 50, "--out", tmp_path / "people")
    table = pd.read_parquet(tmp_path / "people" / "population.parquet")
    assert len(table) == 50
    assert table["her2_positive"].dtype == bool


def test_population_in_a_place_that_cannot_be_written(fail, tmp_path):
    (tmp_path / "file").write_text("")
    words = ("population", "--patients", 50, "--out", tmp_path / "file" / "people")
    assert "Cannot write" in fail(*words)


def test_export_writes_valid_sbml(succeed, succeed_json, tmp_path):
    text = succeed("export", "sbml")
    assert libsbml.readSBMLFromString(text).getNumErrors() == 0
    file = tmp_path / "cell.xml"
    record = succeed_json("export", "sbml", "--out", file)
    assert file.read_text(encoding="utf-8") == text
    assert record["species"] > 20
    assert sum(record["origin"].values()) == record["parameters"]


def test_export_of_an_unknown_format(fail):
    assert "nearest is 'sbml'" in fail("export", "sbm")
