"""The network view answers with the numbers of the command line."""

import pytest

from oestra.culture.experiment import run_cell
from oestra.culture.readout import readouts
from oestra.network.contribution import named_quantities

STATE = {"line": "MCF7", "set": ["PTEN=loss"], "drug": "fulvestrant 100 nM"}


def test_the_same_cells_give_the_same_numbers_as_the_command(page):
    found = page.get("/api/network", params=STATE).json()
    assert found["line"] == "MCF-7"
    assert found["command"] == (
        "oestra cell MCF-7 --set PTEN=loss --drug 'fulvestrant 100 nM' "
        "--days DAYS --readout all"
    )
    at = found["days"].index(7)
    plain = [
        one
        for one in readouts().values()
        if len(one.symbols) == 1
        and one.symbols[0] in found["levels"]
        and not one.exponential
    ]
    assert len(plain) > 30
    result = run_cell(
        "MCF-7",
        set=["PTEN=loss"],
        drug="fulvestrant 100 nM",
        days=7,
        readouts=[one.name for one in plain],
    )
    for one in plain:
        shown = [one.scale * course[at] for course in found["levels"][one.symbols[0]]]
        assert shown == pytest.approx(result.final(one.name), rel=2e-4, abs=1e-6)


def test_the_same_question_gets_the_same_bytes(page):
    one, other = (page.get("/api/network", params=STATE).content for _ in range(2))
    assert one == other


def test_every_part_of_the_cell_is_shown_or_told_missing(page):
    known = page.get("/api/choices").json()
    parts = set(named_quantities())
    assert set(page.get("/api/network").json()["levels"]) == parts
    assert set(known["missing"]) == parts - known["map"]["nodes"].keys()


def test_untreated_cells_do_not_differ_from_their_reference(page):
    found = page.get("/api/network", params={"line": "T47D"}).json()
    for before, after in found["levels"].values():
        assert after == pytest.approx(before, rel=1e-4, abs=1e-6)
    assert found["held"] == []


def test_a_lesion_shows_against_the_bare_line(page):
    asked = {"line": "MCF-7", "set": "PTEN=loss", "against": "line"}
    before, after = page.get("/api/network", params=asked).json()["levels"]["pip3"]
    assert after[0] > 1.5 * before[0]


def test_a_drug_is_shown_with_the_share_of_its_target(page):
    (one,) = page.get("/api/network", params={"drug": "everolimus 20 nM"}).json()[
        "held"
    ]
    assert one["drugs"] == ["everolimus"]
    assert one["share"] == pytest.approx(40 / 41, abs=1e-3)


def test_a_tumor_takes_a_regimen(page):
    asked = {"line": "tumor", "drug": "letrozole 2.5 mg daily"}
    found = page.get("/api/network", params=asked).json()
    before, after = found["levels"]["e2"]
    assert after[-1] < 0.2 * before[-1]
    assert found["held"][0]["target"] == "CYP19A1:inhibitor"


def test_why_leads_from_a_change_back_to_the_drug(page):
    asked = {"drug": "everolimus 20 nM", "symbol": "akt", "day": 2}
    found = page.get("/api/why", params=asked).json()
    assert found["after"] > found["before"]
    assert found["trail"][-1]["name"] == "load_mtorc1_allosteric"
    assert found["causes"] == ["drugs on MTORC1:allosteric"]
    total = sum(one["effect"] for one in found["contributions"])
    assert total == pytest.approx(found["after"] - found["before"], rel=1e-4)


# Of each class of drugs the library has, one that acts in these cells or in a tumor.
@pytest.mark.parametrize(
    ("line", "drug", "cause"),
    [
        ("MCF-7", "paclitaxel 100 nM", "drugs on TUBB:stabilizer"),
        ("MCF-7", "trametinib 20 nM", "drugs on MEK:kinase inhibitor"),
        ("MCF-7", "onalespib 100 nM", "drugs on HSP90:inhibitor"),
        ("MCF-7", "venetoclax 100 nM", "drugs on BCL2:inhibitor"),
        ("T47D", "capivasertib 1000 nM", "drugs on AKT:kinase inhibitor"),
        ("tumor", "letrozole 2.5 mg daily", "drugs on CYP19A1:inhibitor"),
        ("tumor", "trastuzumab 2 mg/kg weekly", "drugs on ERBB2:antibody"),
    ],
)
def test_every_class_is_on_the_map_and_a_path_leads_from_growth_to_it(
    page, line, drug, cause
):
    asked = {"line": line, "drug": drug}
    held = page.get("/api/network", params=asked).json()["held"]
    targets = page.get("/api/choices").json()["map"]["targets"]
    assert {one["parameter"] for one in held} <= targets.keys()
    assert held
    why = page.get(
        "/api/why", params={**asked, "symbol": "growth_rate", "day": 28}
    ).json()
    assert cause in why["causes"]
    known = page.get("/api/choices").json()["map"]
    names = [one["name"] for one in why["trail"][:-1]]
    assert set(names) <= known["nodes"].keys() | known["names"].keys()
    assert len(set(names)) == len(names)


def test_sbml_is_that_of_the_command(page):
    found = page.get("/api/sbml", params=STATE).json()
    assert found["command"] == (
        "oestra export sbml --line MCF-7 --set PTEN=loss --drug 'fulvestrant 100 nM'"
    )
    told = page.get("/api/sbml", params={"line": "Tumor"})
    assert told.status_code == 422
    assert "Choose a cell line." in told.json()["error"]


def test_a_part_tells_its_equations_and_where_its_numbers_come_from(page):
    found = page.get("/api/symbols/erbb3").json()
    assert found["is_state"]
    assert found["readout"] == "her3"
    assert found["equations"][0]["file"] == "receptor_tyrosine_kinases.ant"
    numbers = {one["name"]: one for one in found["numbers"]}
    assert numbers["gain_foxo_erbb3"]["origin"] in ("assumed", "fitted")
    assert all(one["told"] for one in numbers.values())
    assert "C037" in [one["id"] for one in found["claims"]]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("line=MCF8", "nearest is 'MCF7'"),
        ("drug=everolimuss 20 nM", "nearest is 'everolimus'"),
        ("drug=everolimus 20 nN", "No unit of concentration 'nN'"),
        ("drug=everolimus", "a name, a number and a unit"),
        ("set=PTEN", "A lesion such as"),
        ("set=PTEN%3Dlost2", "No alteration"),
        ("against=nobody", "No reference 'nobody'"),
        ("lines=MCF-7", "nearest is 'line'"),
        ("line=MCF-7&line=T47D", "given twice"),
        ("line=tumor&drug=letrozole 2.5 nM", "letrozole"),
        ("line=" + "x" * 500, "at most 80 characters"),
    ],
)
def test_what_cannot_be_used_gets_one_sentence(page, query, told):
    answer = page.get(f"/api/network?{query}")
    assert answer.status_code == 422
    assert told in answer.json()["error"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api/why?symbol=aktt&day=2", "nearest is"),
        ("/api/why?symbol=akt&day=soon", "a number from 0 to 3653, got 'soon'"),
        ("/api/why?symbol=akt&day=nan", "got 'nan'"),
        ("/api/why?day=2", "must give symbol"),
        ("/api/symbols/..%2F..%2Fetc", None),
        ("/api/symbols/erbb9", "nearest is 'erbb3'"),
    ],
)
def test_unknown_parts_are_refused(page, path, told):
    answer = page.get(path)
    assert 400 <= answer.status_code < 500
    assert told is None or told in answer.json()["error"]
