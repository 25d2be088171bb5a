"""Every fault of a library, with file and line, at once."""

import json

import pytest

from oestra.cli import main
from oestra.core.library import Kind
from oestra.own_library.check import check_library


def faults(folder):
    """Return the faults of a folder as (kind/file, line, problem)."""
    found = check_library([folder]).faults
    return [
        (fault.file.removeprefix(f"{folder}/"), fault.line, fault.problem)
        for fault in found
    ]


def line_with(file, text):
    """Return the line of a file that holds a text."""
    lines = file.read_text("utf-8").splitlines()
    return next(i for i, line in enumerate(lines, start=1) if text in line)


def test_the_example_has_no_fault_and_a_file_of_each_kind(mine, succeed_json):
    found = succeed_json("library", "check", mine)
    assert found["faults"] == []
    assert set(found["found"]) == {kind.value for kind in Kind}


FAULTS = {
    "a substance of a medium": (
        "media/example_medium.yaml", "    ligase blocker:", "    ligase blocke:",
        "nearest is 'ligase blocker'",
    ),
    "a unit of a medium": (
        "media/example_medium.yaml", "value: 0.1, unit: nM", "value: 0.1, unit: mg",
        "must be in 'nM'",
    ),
    "more percent than all": (
        "media/example_medium.yaml", "percent: 10", "percent: 1000",
        "more than 0 % to 100 %",
    ),
    "a name that another medium has": (
        "media/example_medium.yaml", "aliases: [EX-M]", "aliases: [FBS]",
        "is a name of 'fetal bovine serum' already",
    ),
    "more cells than have room": (
        "dishes/flask.yaml", "value: 250000, unit: \"1\", interval: [100000, 500000]",
        "value: 1e7, unit: \"1\", interval: [1, 1e9]", "more cells than are seeded",
    ),
    "cells in another unit": (
        "dishes/flask.yaml", "value: 2500000, unit: \"1\"", "value: 2500000, unit: nM",
        "must be in '1'",
    ),
    "a parameter of an amount": (
        "amounts/ligase.yaml", "{ktag_ccnd1: 1}", "{ktag_ccnd7: 1}",
        "nearest is 'ktag_ccnd1'",
    ),
    "an amount of nothing": (
        "amounts/ligase.yaml", "scale: {ktag_ccnd1: 1}", "scale: {}",
        "names no parameter",
    ),
    "a value outside its interval": (
        "parameters/cyclin_degrader.yaml", "value: 8.0", "value: 80.0",
        "outside its interval",
    ),
    "a unit that is none": (
        "parameters/cyclin_degrader.yaml", "unit: 1/day, interval: [10",
        "unit: 1/dai, interval: [10", "no unit '1/dai'",
    ),
    "a unit the cell is not written in": (
        "parameters/cyclin_degrader.yaml", "unit: nM, interval: [30",
        "unit: mg, interval: [30", "has unit 'mg'",
    ),
    "a measured number without source": (
        "parameters/cyclin_degrader.yaml", "interval: [30, 300], origin: assumed",
        "interval: [30, 300], origin: measured", "needs a source",
    ),
    "an origin that is none": (
        "alterations/cyclin_degrader.yaml", "origin: assumed", "origin: guessed",
        "got 'guessed'",
    ),
    "a key of a target": (
        "targets/cyclin_degrader.yaml", "  maximum: cell\n", "  maximmum: cell\n",
        "nearest is 'maximum'",
    ),
    "a parameter of a target": (
        "targets/cyclin_degrader.yaml", "parameter: load_ccnd1",
        "parameter: load_ccnd7", "No parameter of the cell 'load_ccnd7'",
    ),
    "a parameter that is another target's": (
        "targets/cyclin_degrader.yaml", "parameter: load_ccnd1",
        "parameter: load_mtorc1_allosteric",
        "load_mtorc1_allosteric is what MTORC1:allosteric acts on; a drug can name",
    ),
    "a symbol of a readout": (
        "readouts/cyclin_degrader.yaml", "symbols: [ccnd1_tagged]",
        "symbols: [ccnd1_taged]", "nearest is 'ccnd1_tagged'",
    ),
    "a unit of a readout": (
        "readouts/cyclin_degrader.yaml", 'unit: "%"', "unit: furlong/glass",
        "no unit 'furlong/glass'",
    ),
    "a parameter of a substance": (
        "substances/ligase_blocker.yaml", "parameter: ligase_blocker",
        "parameter: ligase_bloker", "nearest is 'ligase_blocker'",
    ),
    "a mass in another unit": (
        "substances/ligase_blocker.yaml", "g/mol", "day", "Cannot convert",
    ),
    "a parameter of an alteration": (
        "alterations/cyclin_degrader.yaml", "ktag_ccnd1: 0.05", "ktag_ccnd2: 0.05",
        "nearest is 'ktag_ccnd1'",
    ),
    "a parent": ("cell_lines/M7.yaml", "parent: MCF-7", "parent: MCF-8", "'MCF-7'"),
    "a trait": (
        "cell_lines/M7.yaml", "parameter: egfr_level", "parameter: egfr_levle",
        "nearest is 'egfr_level'",
    ),
    "an alteration of a line": (
        "cell_lines/M7.yaml", "{CCND1: T286A}", "{CCND1: T287A}", "T286A",
    ),
    "a medium in another unit": (
        "cell_lines/M7.yaml", "unit: nM", "unit: uM", "must be in nM",
    ),
    "a kinetic parameter": (
        "drugs/examplestrant.yaml", "    volume:", "    volumme:",
        "nearest is 'volume'",
    ),
    "a potency in another unit": (
        "drugs/examplestrant.yaml", "unit: nM, interval: [0.2", "unit: uM, interval: "
        "[0.2", "must be in nM",
    ),
    "a target of a drug": (
        "drugs/examplestrant.yaml", '"CCND1:degrader"', '"CCND1:degradr"',
        "No target 'CCND1:degradr'",
    ),
    "a regimen of a drug": (
        "drugs/examplestrant.yaml", "examplestrant 200 mg daily",
        "examplestrant 200 mg dayly", "dayly",
    ),
    "a regimen of practice": (
        "practice/examplestrant.yaml", "regimen: examplestrant 200",
        "regimen: exemplestrant 200", "nearest is 'examplestrant'",
    ),
    "a key of practice": (
        "practice/examplestrant.yaml", "  class: oral", "  klass: oral",
        "nearest is 'class'",
    ),
    "a criterion": (
        "trials/EXAMPLE-1.yaml", "- prior_nonsteroidal_ai",
        "- prior_nonsteroidal_aii", "nearest is 'prior_nonsteroidal_ai'",
    ),
    "a word of a criterion": (
        "trials/EXAMPLE-1.yaml", '"oral_serd"', '"oral_sord"', "oral_serd",
    ),
    "a regimen of a trial": (
        "trials/EXAMPLE-1.yaml", "fulvestrant 500 mg on", "fulvestant 500 mg on",
        "nearest is 'fulvestrant'",
    ),
    "a number of a result": (
        "evidence/EXAMPLE-1.yaml", "n: 100", "n: many", "got 'many'",
    ),
    "an arm of a result": (
        "evidence/EXAMPLE-1.yaml", "arm: EX\n", "arm: EXX\n", "No arm 'EXX'",
    ),
    "a line of a claim": (
        "claims/OWN-1.yaml", "line: MCF-7", "line: MCF-77", "No cell line 'MCF-77'",
    ),
    "a run of a claim": (
        "claims/OWN-1.yaml", "value: degraded.ccnd1 /", "value: degrade.ccnd1 /",
        "nearest is 'degraded'",
    ),
    "a readout of a claim": (
        "claims/OWN-1.yaml", "blocked.ccnd1_tagged /", "blocked.ccnd1_taged /",
        "ccnd1_tagged",
    ),
    "an expectation": (
        "claims/OWN-1.yaml", '"< 0.9"', '"about 1"', "got 'about 1'",
    ),
    "a number in a pathway": (
        "pathways/cyclin_degrader.ant", "ktag_ccnd1 * ccnd1_held", "3.5 * ccnd1_held",
        "number 3.5 in a pathway",
    ),
    "a symbol nobody declares": (
        "pathways/cyclin_degrader.ant", "ktag_ccnd1 * ccnd1_held", "ktag_x * "
        "ccnd1_held", "'ktag_x' is not declared",
    ),
    "units that do not match": (
        "pathways/cyclin_degrader.ant", "ktag_ccnd1 * ccnd1_held",
        "tau_quiescence * ccnd1_held", "units",
    ),
    "what does not parse": (
        "pathways/cyclin_degrader.ant", "ktag_ccnd1 * ccnd1_held",
        "ktag_ccnd1 * * ccnd1_held", "syntax error",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_told_with_file_line_and_what_is_near(kind, mine, edit):
    name, old, new, told = FAULTS[kind]
    edit(mine / name, (old, new))
    line = line_with(mine / name, new.splitlines()[0])
    found = faults(mine)
    assert any(
        (file, at) == (name, line) and told in problem for file, at, problem in found
    ), found
    assert {file for file, _, _ in found} == {name}


NEGATIVE = {
    "practice/examplestrant.yaml": [("value: 0.5", "value: -0.5"), ("[0.1,", "[-1,")],
    "cell_lines/M7.yaml": [("value: 0.5", "value: -0.5"), ("[0.1,", "[-1,")],
    "parameters/cyclin_degrader.yaml": [("value: 8", "value: -8"), ("[2,", "[-9,")],
    "readouts/cyclin_degrader.yaml": [("scale: 100", "scale: -100")],
    "media/example_medium.yaml": [("value: 20", "value: -20"), ("[10,", "[-30,")],
    "alterations/cyclin_degrader.yaml": [("0.05", "-0.05")],
    "drugs/examplestrant.yaml": [("value: 0.02", "value: 1.02"), ("0.04]", "2]")],
}
"""Edits that leave each number within its interval."""


@pytest.mark.parametrize("name", NEGATIVE)
def test_numbers_that_can_mean_nothing_do_not_run_in_silence(name, mine, edit):
    edit(mine / name, *NEGATIVE[name])
    found = faults(mine)
    assert [file for file, _, _ in found] == [name]


def test_faults_of_all_files_are_told_at_once(mine, edit, capsys):
    one_each: dict[str, tuple[str, str]] = {}
    for name, old, new, _ in FAULTS.values():
        one_each.setdefault(name, (old, new))
    for name, pair in one_each.items():
        edit(mine / name, pair)
    assert main(["library", "check", str(mine), "--json"]) == 2
    record = json.loads(capsys.readouterr().out)
    files = {fault["file"].removeprefix(f"{mine}/") for fault in record["faults"]}
    assert files == set(one_each)


def test_several_faults_of_one_file_are_told_at_once(mine, edit):
    name = "drugs/examplestrant.yaml"
    edit(
        mine / name,
        ("value: 500, unit: g/mol", "value: 50, unit: g/mol"),
        ("    volume:", "    volumme:"),
        ("unit: nM, interval: [5", "unit: mM, interval: [5"),
        ("class: SERD", "class: SORD"),
        ("washout:", "wash_out:"),
    )
    told = " ".join(problem for _, _, problem in faults(mine))
    for part in ("outside its interval", "volumme", "'SORD'", "wash_out", "'washout'"):
        assert part in told


def test_what_nothing_would_read_is_told(mine):
    (mine / "drug").mkdir()
    (mine / "drugs" / "other.yml").write_text("id: other\n")
    (mine / "pathways" / "notes.yaml").write_text("a: 1\n")
    told = {file: problem for file, _, problem in faults(mine)}
    assert "nearest is 'drugs'" in told["drug"]
    assert "end in .yaml" in told["drugs/other.yml"]
    assert "end in .ant" in told["pathways/notes.yaml"]


def test_files_that_are_no_text_or_no_yaml_do_not_hide_others(mine, edit):
    (mine / "drugs" / "a.yaml").write_bytes(b"id: \xff\n")
    (mine / "drugs" / "b.yaml").write_text("id: b\n  c: [\n")
    (mine / "claims" / "c.yaml").write_text("[]\n")
    edit(mine / "cell_lines" / "M7.yaml", ("parent: MCF-7", "parent: MCF-8"))
    assert {file for file, _, _ in faults(mine)} == {
        "drugs/a.yaml", "drugs/b.yaml", "claims/c.yaml", "cell_lines/M7.yaml",
    }  # fmt: skip


CLASHES = {
    "a drug": ("drugs/examplestrant.yaml", "[EX-101]", "[RAD001]", "everolimus"),
    "a target": (
        "targets/cyclin_degrader.yaml", '"CCND1:degrader"', '"ESR1:serd"', "ESR1:serd",
    ),
    "a readout": ("readouts/cyclin_degrader.yaml", "ccnd1_tagged:", "ki67:", "ki67"),
    "a parameter": (
        "parameters/cyclin_degrader.yaml", "kdeg_ccnd1_tagged:", "kdeg_ccnd1:",
        "kdeg_ccnd1",
    ),
    "a substance": (
        "substances/ligase_blocker.yaml", "id: ligase blocker", "id: EGF", "EGF",
    ),
    "an alteration": (
        "alterations/cyclin_degrader.yaml", "name: T286A", "name: amplification",
        "CCND1 amplification",
    ),
    "a therapy": (
        "practice/examplestrant.yaml", "\nexamplestrant:", "\ntamoxifen:", "tamoxifen",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CLASHES)
def test_a_name_that_is_taken_is_told(kind, mine, edit):
    name, old, new, told = CLASHES[kind]
    edit(mine / name, (old, new))
    problems = [problem for file, _, problem in faults(mine) if file == name]
    assert any(told in problem for problem in problems), problems


def test_a_line_and_a_trial_that_ship_are_not_replaced(mine, edit):
    edit(mine / "cell_lines" / "M7.yaml", ("id: M7", "id: T47D"))
    trial = mine / "trials" / "EXAMPLE-1.yaml"
    edit(trial, ("id: EXAMPLE-1", "id: BOLERO-2"))
    trial.rename(trial.with_name("BOLERO-2.yaml"))
    found = faults(mine)
    assert any(f == "cell_lines/M7.yaml" and "T47D" in p for f, _, p in found)
    assert any(f == "trials/BOLERO-2.yaml" and "BOLERO-2" in p for f, _, p in found)


def test_two_folders_with_one_drug_are_one_clear_sentence(mine, tmp_path, fail):
    other = tmp_path / "other"
    (other / "drugs").mkdir(parents=True)
    drug = "drugs/examplestrant.yaml"
    (other / drug).write_bytes((mine / drug).read_bytes())
    told = fail("drugs", "examplestrant", "--library", mine, "--library", other)
    assert str(mine / drug) in told
    assert str(other / drug) in told
    assert "choose another name" in told


def test_check_needs_a_folder_that_is_a_library(tmp_path, fail):
    assert "Name a folder" in fail("library", "check")
    assert "is no folder" in fail("library", "check", tmp_path / "none")
    assert "has none of the folders" in fail("library", "check", tmp_path)
    assert "nearest is 'check'" in fail("library", "chek", tmp_path)


def test_new_refuses_a_folder_that_holds_anything(mine, tmp_path, fail):
    assert "is not empty" in fail("library", "new", mine)
    file = tmp_path / "file"
    file.write_text("kept")
    assert "is a file" in fail("library", "new", file)
    assert file.read_text() == "kept"
    assert "Name one folder" in fail("library", "new")
