"""A drug, cell, pathway, trial and claim of one's own, with nothing edited here."""

import importlib
import json
import sys

import pandas as pd
import pytest

import oestra
from oestra.cli import main
from oestra.core import library as libraries
from oestra.core.library import Library, library_of
from oestra.history.cohort import simulate_cohort
from oestra.history.store import cohort_key
from oestra.model.parameters import best_parameters
from oestra.network.cell_line import find_line

PATIENTS = 250


@pytest.fixture(scope="module")
def pool(example):
    """Return a few virtual patients of the example library."""
    return simulate_cohort(
        PATIENTS, best_parameters(example), seed=11, workers=2, enriched=True
    )


@pytest.fixture
def folder(example):
    """Return the folder of the example library."""
    return example.folders[0]


@pytest.fixture
def shallow(monkeypatch, pool):
    """Let commands recruit from the few patients."""
    monkeypatch.setattr("oestra.cli.recruit.stored_cohort", lambda *_a, **_k: pool)
    monkeypatch.setattr("oestra.cli.recruit.load_cohort", lambda *_a, **_k: pool)
    monkeypatch.setattr("oestra.claims.laboratory.load_cohort", lambda *_a, **_k: pool)


def test_cells_take_own_lines_drugs_and_readouts(folder, succeed_json):
    asked = ("--library", folder, "--drug", "examplestrant 100 nM")
    read = ("--readout", "ccnd1,tagged", "--days", "3")
    parent = succeed_json("cell", "MCF-7", *asked, *read)
    child = succeed_json("cell", "m7", *asked, *read)
    assert child["line"] == "M7"
    found = [one["readouts"]["ccnd1_tagged"]["treated"] for one in (parent, child)]
    tagged = [course[-1] for course in found]
    assert tagged[0] > 10 * tagged[1] > 0


@pytest.mark.parametrize("line", ["MCF-7", "T47D"])
def test_synergy_of_an_own_drug(line, folder, succeed_json):
    series = "examplestrant 1, 10 nM x everolimus 1, 10 nM"
    found = succeed_json("cell", line, "--library", folder, "--combine", series)
    assert found["line"] == line
    assert "examplestrant" in json.dumps(found)


def test_a_series_of_doses_of_an_own_drug(folder, succeed_json):
    # At 100 nM there is less cyclin D1 to be tagged.
    series = ("--dose-response", "examplestrant 0.1, 1, 10 nM")
    read = ("--readout", "tagged")
    found = succeed_json("cell", "MCF7", "--library", folder, *series, *read)
    levels = found["readouts"]["ccnd1_tagged"]["response"]
    assert levels == sorted(levels)


def test_own_media_dishes_and_amounts(folder, succeed_json):
    asked = ("cell", "MCF-7", "--library", folder, "--drug", "examplestrant 100 nM")
    read = ("--readout", "ccnd1_tagged,cell_number_fold", "--days", "5")

    def last(*words):
        found = succeed_json(*asked, *read, *words)["readouts"]
        return {k: (v["untreated"][-1], v["treated"][-1]) for k, v in found.items()}

    base = last()
    # The medium brings the blocker of tagging, at a fifth of its half-maximal dose.
    blocked = last("--medium", "EX-M")
    assert blocked["ccnd1_tagged"][1] < base["ccnd1_tagged"][1]
    serum = last("--medium", "example serum 5 %")
    assert serum["cell_number_fold"] != base["cell_number_fold"]
    lost = last("--knockdown", "example ligase 90 %")
    assert 0 < lost["ccnd1_tagged"][1] < 0.5 * base["ccnd1_tagged"][1]
    full = last("--confluence", "example flask")["cell_number_fold"]
    assert 1 < full[0] < min(10.0, base["cell_number_fold"][0])


def test_an_own_claim_holds(folder, succeed_json):
    (claim,) = succeed_json("claims", "OWN-1", "--library", folder)["claims"]
    assert claim["verdict"] == "holds"


def test_sheets_lists_and_designs_know_what_is_own(folder, succeed, succeed_json):
    own = ("--library", folder)
    assert succeed_json("drugs", "EX-101", *own)["drug"] == "examplestrant"
    listed = succeed_json("drugs", *own)["drugs"]
    assert "examplestrant" in {one["drug"] for one in listed}
    assert "EXAMPLE-1" in {t["id"] for t in succeed_json("trials", *own)["trials"]}
    assert succeed_json("design", "example trial", *own)["id"] == "EXAMPLE-1"
    assert "ktag_ccnd1" in succeed("parameters", "ktag_ccnd1", *own)
    assert "ccnd1_tagged" in succeed("export", "antimony", "--line", "M7", *own)


def test_archives_hold_the_own_cell(folder, tmp_path, succeed):
    for words in (("--claim", "OWN-1"), ("--line", "M7", "--readout", "tagged")):
        file = tmp_path / "own.omex"
        succeed("export", "omex", *words, "--library", folder, "--out", file)
        assert file.stat().st_size > 0


def test_an_own_trial_runs_by_name_and_from_a_file(
    folder, tmp_path, shallow, succeed, succeed_json
):
    own = ("--library", folder, "--parameters", "best", "--replicates", "2")
    named = succeed_json("trial", "EXAMPLE-1", *own)
    assert set(named["arms"]) == {"EX", "FUL"}
    assert len(named["published"]) == 2
    text = (folder / "trials" / "EXAMPLE-1.yaml").read_text("utf-8")
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace("id: EXAMPLE-1", "id: MINE").replace("n: 100", "n: 9"))
    out = succeed("trial", file, *own, "--out", tmp_path / "out")
    assert "MINE" in out
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["settings"]["library"] == [str(folder)]


def test_published_results_of_ones_own_stand_beside_the_trial(
    folder, tmp_path, shallow, succeed
):
    words = ("--parameters", "best", "--replicates", "2", "--out", tmp_path / "out")
    succeed("trial", "EXAMPLE-1", "--library", folder, *words)
    table = pd.read_csv(tmp_path / "out" / "table.csv").dropna(
        subset="published_estimate"
    )
    assert sorted(table["published_estimate"]) == [0.7, 4.6]
    assert (table["use"] == "check").all()


def test_patients_live_with_own_practice(pool, example):
    assert "oral_serd" in set(pool.decisions["last_therapy"])
    mine = cohort_key(4000, best_parameters(example), 1)
    assert mine != cohort_key(4000, best_parameters(Library()), 1)


def test_everything_works_from_python(pool, example):
    assert oestra.find_drug("EX-101", library=example).id == "examplestrant"
    design = oestra.find_design("EXAMPLE-1", library=example)
    result = oestra.run_trial(design, cohort=pool, library=example, replicates=2)
    assert set(result.arms) == {"EX", "FUL"}
    asked = ["ccnd1_tagged"]
    cells = oestra.run_cell(
        "M7", drug="examplestrant 100 nM", readouts=asked, library=example
    )
    assert cells.final("tagged")[1] > 0
    course = oestra.follow_patient(3, library=example)
    assert course.patient == 3
    assert oestra.Library is Library
    assert oestra.library_of is library_of


def test_a_cohort_of_another_library_is_refused(pool):
    with pytest.raises(oestra.InputError, match="another library"):
        oestra.run_trial("BOLERO-2", cohort=pool, library=Library(), replicates=1)


def test_names_are_found_through_the_environment(folder, monkeypatch, succeed_json):
    monkeypatch.setenv("OESTRA_LIBRARY", str(folder))
    assert oestra.find_drug("examplestrant").id == "examplestrant"
    assert oestra.find_design("EXAMPLE-1").id == "EXAMPLE-1"
    found = succeed_json("library")
    assert found["folders"] == [str(folder)]
    assert found["added"]["drugs"] == ["examplestrant"]


def test_an_installed_package_brings_a_library(folder, tmp_path, monkeypatch):
    package = tmp_path / "their_package"
    package.mkdir()
    (package / "__init__.py").write_text('"""A package with a library."""\n')
    for kind in ("drugs", "targets", "pathways", "parameters"):
        (package / kind).mkdir()
        for file in (folder / kind).iterdir():
            (package / kind / file.name).write_bytes(file.read_bytes())
    info = tmp_path / "their_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: their-package\nVersion: 1.0\n"
    )
    (info / "entry_points.txt").write_text("[oestra.library]\ntheirs = their_package\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    libraries._installed.cache_clear()
    try:
        assert library_of().folders == (package,)
        assert oestra.find_drug("EX-101").id == "examplestrant"
    finally:
        libraries._installed.cache_clear()
        sys.modules.pop("their_package", None)


def test_a_child_may_have_a_shorter_name_than_its_parent(mine):
    (mine / "cell_lines" / "A.yaml").write_text(
        "id: A\ndescription: A clone of a clone.\nparent: M7\n"
    )
    line = find_line("A", Library((mine,)))
    assert (line.parent.id, line.parent.parent.id) == ("M7", "MCF-7")
    assert line.alterations["CCND1"] == "T286A"


def test_a_unit_fault_of_a_pathway_is_told_when_the_cell_is_used(mine, edit, capsys):
    name = "cyclin_degrader.ant"
    edit(
        mine / "pathways" / name,
        ("ktag_ccnd1 * ccnd1_held", "tau_quiescence * ccnd1_held"),
    )
    assert main(["cell", "MCF-7", "--library", str(mine)]) == 2
    err = capsys.readouterr().err
    line = (mine / "pathways" / name).read_text("utf-8").splitlines()
    assert (
        f"{name}, line {1 + line.index(next(x for x in line if x[:4] == 'tag_'))}"
        in err
    )
    assert err.count("\n") == 1


def test_a_potency_in_another_unit_is_refused(mine, edit, fail):
    drug = mine / "drugs" / "examplestrant.yaml"
    edit(drug, ("unit: nM, interval: [0.2", "unit: uM, interval: [0.2"))
    told = fail("drugs", "examplestrant", "--library", mine)
    assert "must be in nM, got 'uM'" in told
