"""The composed cell is consistent, complete, and made of what ships."""

import hashlib
import json
from importlib.resources import files

import libsbml
import pytest

from oestra.core.errors import InputError, OestraError
from oestra.core.quantity import Origin
from oestra.network import cell as cell_module
from oestra.network import compose
from oestra.network.digest import source_digest
from oestra.network.parameter import parameter_table


@pytest.fixture(scope="module")
def composed():
    return compose.compose_sbml()


@pytest.fixture
def pathway(monkeypatch):
    """Replace the text of a pathway."""

    def change(name, edit):
        edited = compose.pathways()
        edited[name] = edit(edited[name])
        monkeypatch.setattr(compose, "pathways", lambda _: edited)
        return edited[name]

    return change


def test_no_error_and_no_unit_mismatch(composed):
    assert compose.consistency_errors(composed) == []


def test_a_unit_mismatch_is_found(pathway):
    law = "er_s118 -> ; kdephos_er * er_s118"
    text = pathway("estrogen_receptor", lambda text: text.replace(law, f"{law} * e2"))
    line = next(i for i, one in enumerate(text.splitlines(), 1) if f"{law} * e2" in one)
    problems = compose.consistency_errors(compose.compose_sbml())
    assert len(problems) == 1
    assert problems[0].startswith(f"estrogen_receptor.ant, line {line}: ")
    assert "dephosphorylate_er_s118" in problems[0]


def test_shipped_files_match_their_sources(composed):
    folder = files("oestra.network")
    record = json.loads(folder.joinpath("cell.json").read_text(encoding="utf-8"))
    text = folder.joinpath("cell.xml").read_text(encoding="utf-8")
    assert record["sources"] == source_digest()
    assert record["sbml"] == hashlib.sha256(text.encode()).hexdigest()
    assert text == composed
    assert cell_module.composed_sbml() == text


def test_edited_sources_are_noticed(monkeypatch):
    monkeypatch.setattr(cell_module, "source_digest", lambda: "other")
    with pytest.raises(OestraError, match=r"edited after cell\.xml was composed"):
        cell_module.composed_sbml()


def test_every_parameter_has_an_entry(composed):
    document = libsbml.readSBMLFromString(composed)
    model = document.getModel()
    table = parameter_table()
    ruled = {rule.getVariable() for rule in model.getListOfRules()}
    constants = {
        p.getId(): p.getValue()
        for p in model.getListOfParameters()
        if p.getId() not in ruled
    }
    assert constants == {name: item.value for name, item in table.items()}


def test_every_symbol_is_named_once_and_plainly(composed):
    document = libsbml.readSBMLFromString(composed)
    model = document.getModel()
    names = [species.getId() for species in model.getListOfSpecies()]
    names += [parameter.getId() for parameter in model.getListOfParameters()]
    names += [reaction.getId() for reaction in model.getListOfReactions()]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() for name in names)


def test_every_pathway_file_is_composed():
    found = {
        file.name.removesuffix(".ant")
        for file in files("oestra.network.pathways").iterdir()
        if file.name.endswith(".ant")
    }
    assert found == set(compose.pathways())


@pytest.mark.parametrize("number", ["0.5", ".5", "3", "1.0", "1e2", "2.5e-1", "12."])
def test_a_number_in_a_pathway_is_refused(pathway, number):
    text = pathway("growth", lambda text: f"// first\n{text}\nx := {number} * rb_p;\n")
    line = text.splitlines().index(f"x := {number} * rb_p;")
    with pytest.raises(InputError) as error:
        compose.compose_sbml()
    said = str(error.value)
    assert said.startswith(f"growth.ant, line {line + 1}: number {number}")
    assert "parameters/growth.yaml" in said


@pytest.mark.parametrize("text", ["x1 := 2 * rb_p;", "// 37 degrees\n", "y_0a := 0;"])
def test_names_with_digits_comments_and_stoichiometry_are_no_numbers(text):
    compose._check_numberless("growth", text)


def test_an_undeclared_symbol_is_refused(pathway):
    pathway(
        "growth",
        lambda text: text.replace("k_division * dividing", "k_divsion * dividing"),
    )
    with pytest.raises(
        InputError, match=r"growth\.ant, line \d+: 'k_divsion'"
    ) as error:
        compose.compose_sbml()
    assert "parameters/growth.yaml" in str(error.value)


def test_a_pathway_that_does_not_parse_is_refused(pathway):
    text = pathway("growth", lambda text: text + "\nx := (rb_p;\n")
    line = len(text.splitlines())
    with pytest.raises(InputError, match=rf"growth\.ant, line {line}: "):
        compose.compose_sbml()


def test_units_and_origins_of_the_table():
    table = parameter_table()
    assert {item.unit for item in table.values()} <= {"1", "1/day", "day", "nM"}
    for name, item in table.items():
        low, high = item.interval
        assert high > low, name
        if item.origin is Origin.ASSUMED and low > 0:
            assert high / low > 1.2, f"{name} is assumed, yet nearly certain"
