"""Rows of the review: their files, what a knock-out changes, and known answers."""

import csv
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from oestra.appraisal.row_check import try_row
from oestra.appraisal.row_table import row_record, row_table
from oestra.appraisal.row_verdict import Effect, count_rows
from oestra.claims.claim_expression import readouts_in
from oestra.claims.row import Basis, KnockOut, Row, RowCheck
from oestra.claims.row_library import find_row, read_row, rows
from oestra.claims.run import Run
from oestra.core.errors import InputError
from oestra.core.library import library_of
from oestra.model import parameters as model_parameters
from oestra.model.parameters import cell_parameters
from oestra.network.cell import cell

EVIDENCE = files("oestra.evidence")
TEXT = """\
number: 99
name: Tamoxifen and its receptor
section: Introduction
says: Tamoxifen needs a receptor.
runs:
  control: {line: MCF-7, days: 3}
  tamoxifen: {like: control, drug: 4-hydroxytamoxifen 1000 nM}
knockouts:
  binding: {cell: {kr_er_serm: 0}, means: tamoxifen does not bind}
checks:
  - {measure: divisions left, value: tamoxifen.division_rate / control.division_rate,
     expect: "< 0.9", why: it inhibits, basis: review, sources: [milani2014]}
"""


@cache
def known_sources():
    """Return keys of the bibliography, observations and measurements."""
    folder = EVIDENCE / "sources"
    bibliography = "".join(
        file.read_text("utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".bib")
    )
    keys = set(re.findall(r"@\w+\{([^,\s]+),", bibliography))
    keys |= set(re.findall(r"id: (IV\d+)", (EVIDENCE / "cell_facts.yaml").read_text()))
    for file in (EVIDENCE / "cell_measurements").iterdir():
        if file.name.endswith(".csv"):
            keys |= {row["id"] for row in csv.DictReader(file.read_text().splitlines())}
    return keys


@pytest.fixture(scope="module")
def tried():
    """Return a few rows as they were tried."""
    numbers = (2, 12, 19, 23)
    return {n: try_row(find_row(str(n)), cell_parameters()) for n in numbers}


def test_the_review_has_32_rows_in_order():
    assert [one.number for one in rows()] == list(range(1, 33))


@pytest.mark.parametrize("row", rows(), ids=lambda one: str(one.number))
def test_every_expectation_has_a_reason_and_a_known_source(row):
    for one in row.checks:
        assert len(one.why.split()) >= 3, one.measure
        assert set(one.sources) <= known_sources(), one.measure
        if one.basis is Basis.EVIDENCE:
            assert set(one.sources) - {"milani2014"}, one.measure
    assert len({one.measure for one in row.checks}) == len(row.checks)


@pytest.mark.parametrize("row", rows(), ids=lambda one: str(one.number))
def test_every_run_is_read_or_stood_upon(row):
    read = {run for one in row.checks for run, _ in readouts_in(one.value)}
    assert read | {one.like for one in row.runs.values()} >= row.runs.keys()


@pytest.mark.parametrize("row", rows(), ids=lambda one: str(one.number))
def test_every_knock_out_changes_a_run_its_checks_read(row):
    known = set(cell().parameters)
    for one in row.checks:
        knockout = row.knockout(one)
        assert knockout.cell.keys() <= known
        names = [run for run, _ in readouts_in(one.value)]
        assert any(knockout.of(row.run(n)) != row.run(n) for n in names), one.measure


def test_no_effect_is_told_where_there_is_none():
    told = {one.measure for row in rows() for one in row.checks if one.none}
    assert "pERK ten minutes after PDGF, of before, MCF-7" in told
    assert all(
        one.expect.low > -1 and one.expect.high < 3
        for row in rows()
        for one in row.checks
        if one.none
    )


def test_without_its_protein_a_rapalog_leaves_everything_as_it_was(tried):
    first, *_ = tried[12].numbers
    assert first.measured < 0.1
    assert first.without == pytest.approx(1, abs=1e-6)
    assert first.effect is Effect.CARRIES


def test_every_lesion_of_pi3k_is_undone_by_taking_it_away(tried):
    activity = [one for one in tried[19].numbers if "activity" in one.check.measure]
    assert len(activity) == 12
    for one in activity:
        assert one.without == pytest.approx(1, abs=1e-4)


def test_the_metabolizer_matters_to_tamoxifen_alone(tried):
    poor, intermediate, _, letrozole = tried[23].numbers
    assert poor.measured > intermediate.measured > 1
    assert poor.without == pytest.approx(1, abs=1e-6)
    assert letrozole.measured == pytest.approx(1, abs=1e-6)
    assert letrozole.effect is Effect.NOTHING


def test_without_coactivators_nothing_is_transcribed(tried):
    first, *_ = tried[2].numbers
    assert first.without == pytest.approx(0, abs=1e-6)


def test_a_row_of_ones_own_is_read_and_tried():
    result = try_row(read_row(TEXT, "own.yaml"), cell_parameters())
    (one,) = result.numbers
    assert one.measured < 0.9
    assert one.without == pytest.approx(1, abs=1e-6)
    assert result.holds
    assert result.acts


def test_what_cannot_be_estimated_is_no_number():
    text = TEXT.replace("tamoxifen.division_rate /", "0 * tamoxifen.pdgfr_p /")
    text = text.replace("control.division_rate", "control.pdgfr_p")
    (one,) = try_row(read_row(text, "own.yaml"), cell_parameters()).numbers
    assert one.measured is None
    assert one.reason == "not estimable"
    assert not one.holds
    assert one.effect is Effect.NOTHING
    json.dumps(one.to_json_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("why: it inhibits, ", "", "why"),
        ("sources: [milani2014]", "sources: []", "sources"),
        ("basis: review", "basis: hope", "basis"),
        ("cell: {kr_er_serm: 0}, ", "", "changes a parameter"),
        ("< 0.9", "about 1", "write '> 1'"),
        ("{like: control,", "{like: nobody,", "is like 'nobody'"),
        ("tamoxifen.division_rate", "fulvestrant.division_rate", "'fulvestrant'"),
        ("basis: review", "without: dimers, basis: review", "without 'dimers'"),
        ("says:", "sayz:", "sayz"),
    ],
)
def test_a_bad_file_is_one_sentence(old, new, message):
    with pytest.raises(InputError) as caught:
        read_row(TEXT.replace(old, new), "own.yaml")
    assert "own.yaml" in str(caught.value)
    assert message in str(caught.value)


def test_two_knock_outs_must_be_told_apart():
    text = TEXT.replace(
        "checks:", "  other: {cell: {ncor_level: 0}, means: x}\nchecks:"
    )
    with pytest.raises(InputError, match="does not say without which"):
        read_row(text, "own.yaml")


def test_a_knock_out_keeps_the_other_edits_of_a_run():
    row = read_row(TEXT, "own.yaml")
    run = Run(line="MCF-7", cell={"ncor_level": 2.0})
    assert row.knockout(row.checks[0]).of(run).cell == {
        "ncor_level": 2.0,
        "kr_er_serm": 0.0,
    }


def test_table_and_record_say_the_same(tried):
    results = tuple(tried.values())
    table, record = row_table(results), row_record(results)
    assert len(table) == record["summary"]["checks"] == count_rows(results)["checks"]
    assert int(table["holds"].sum()) == record["summary"]["checks_hold"]
    assert len(record["missed"]) == int((~table["holds"]).sum())
    assert set(table["knockout"]).isdisjoint({""})
    json.dumps(record, allow_nan=False)


@pytest.fixture
def cells_alone(monkeypatch):
    """Let the command take the set of the cell's own fit.

    What is imported for the first time meanwhile must not keep it, so what was read is
    replaced, not the reader.
    """
    library = library_of()
    monkeypatch.setitem(library._read, model_parameters._best, cell_parameters(library))


@pytest.mark.usefixtures("cells_alone")
def test_the_command_prints_misses_first_and_what_is_gone(succeed):
    shown = succeed("claims", "23", "--rows", "--quiet", "--workers", "1")
    assert shown.startswith("Numbers that lie elsewhere than expected:")
    assert "carries 2 of them" in shown
    assert "3 of 4 numbers" in shown


@pytest.mark.usefixtures("cells_alone")
def test_the_command_leaves_table_figure_and_record(tmp_path, succeed_json):
    target = tmp_path / "rows"
    words = ("claims", "31", "--rows", "--out", target, "--workers", "1")
    record = succeed_json(*words)
    assert record["rows"][0]["number"] == 31
    assert {file.name for file in target.iterdir()} == {
        *("rows.csv", "rows.json", "rows.png", "rows.svg"),
        *("manifest.json", "ro-crate-metadata.json"),
    }
    assert json.loads((target / "rows.json").read_text("utf-8")) == record
    kept = list(csv.DictReader((target / "rows.csv").read_text("utf-8").splitlines()))
    assert [one["knockout"] for one in kept] == ["fkbp1a_level=0.0"] * len(kept)


@pytest.mark.usefixtures("cells_alone")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["40"], "No row '40'"),
        (["C042"], "from 1 to 32"),
        (["nowhere.yaml"], "Cannot read 'nowhere.yaml'"),
        (["1", "--plot"], "leave it or --rows out"),
    ],
)
def test_bad_input_is_one_sentence(words, message, fail):
    assert message in fail("claims", *words, "--rows")


@pytest.mark.usefixtures("cells_alone")
def test_a_file_of_ones_own_is_tried(tmp_path, succeed_json):
    file = tmp_path / "own.yaml"
    file.write_text(TEXT, "utf-8")
    record = succeed_json("claims", file, "--rows", "--workers", "1")
    assert record["summary"]["rows_hold"] == 1
    assert record["rows"][0]["number"] == 99


@pytest.mark.usefixtures("cells_alone")
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kr_er_serm", "kr_er_surm", "kr_er_serm"),
        ("tamoxifen.division_rate", "tamoxifen.division_rat", "division_rate"),
        ("line: MCF-7", "line: MCF-8", "No cell line"),
        ("4-hydroxytamoxifen 1000", "4-hydroxytamoxifin 1000", "4-hydroxytamoxifen"),
        ("tamoxifen.division_rate", "twice(tamoxifen.division_rate)", "twice"),
    ],
)
def test_what_does_not_exist_is_one_sentence(old, new, message, tmp_path, fail):
    file = tmp_path / "own.yaml"
    file.write_text(TEXT.replace(old, new), "utf-8")
    out = tmp_path / "out"
    words = ("claims", file, "--rows", "--out", out, "--workers", "1")
    assert message in fail(*words)
    assert not out.exists()


def test_the_page_names_every_key():
    page = (Path(__file__).parents[2] / "docs" / "rows.md").read_text("utf-8")
    for record in (Row, RowCheck, KnockOut):
        for name in record.model_fields:
            assert f"`{name}`" in page, name
