"""An exported model holds what a public archive asks for."""

import re
from functools import cache
from pathlib import Path

import libsbml
import pytest

from oestra.core.read_yaml import read_yaml
from oestra.culture.specimens import culture_specimens, reference_specimen
from oestra.model.parameters import cell_parameters
from oestra.network.annotation import annotations
from oestra.network.export import to_antimony, to_sbml

ROOT = Path(__file__).parents[2]


@cache
def sbml(case):
    parameters = cell_parameters()
    if case == "reference":
        return to_sbml(reference_specimen(parameters=parameters))
    drug = "fulvestrant 100 nM + everolimus 20 nM"
    return to_sbml(culture_specimens("T47D", drug=drug, parameters=parameters)[1])


@cache
def document(case="reference"):
    """Return a read document; it must live as long as anything of it is used."""
    return libsbml.readSBMLFromString(sbml(case))


def bare(elements):
    return [
        one.getId()
        for one in elements
        if not one.getNumCVTerms() or not one.isSetSBOTerm()
    ]


@pytest.mark.parametrize("case", ["reference", "culture"])
def test_every_species_and_reaction_has_an_annotation_and_a_term(case):
    model = document(case).getModel()
    assert bare(model.getListOfSpecies()) == []
    assert bare(model.getListOfReactions()) == []
    assert bare(model.getListOfCompartments()) == []


def test_every_symbol_has_units_and_every_parameter_a_term():
    model = document().getModel()
    for one in model.getListOfParameters():
        assert one.isSetUnits(), one.getId()
        assert one.isSetSBOTerm(), one.getId()
    for one in model.getListOfSpecies():
        assert one.getSubstanceUnits() == "dimensionless"
    units = {one.getId(): one.getUnits() for one in model.getListOfParameters()}
    assert units["growth_rate"] == "per_day"
    assert units["e2_near"] == "nM"
    assert units["rb_kinase"] == "dimensionless"


@pytest.mark.parametrize("case", ["reference", "culture"])
def test_libsbml_has_no_remark_not_even_a_warning(case):
    read = document(case)
    for category in range(libsbml.LIBSBML_CAT_MODELING_PRACTICE + 1):
        read.setConsistencyChecks(category, True)  # noqa: FBT003
    read.checkConsistency()
    found = [read.getError(i).getMessage() for i in range(read.getNumErrors())]
    assert found == []


def test_a_unit_that_does_not_match_would_be_seen():
    spoiled = re.sub(
        r'(<parameter[^>]*id="kdeg_er"[^>]*)units="per_day"',
        r'\1units="nM"',
        sbml("reference"),
    )
    assert spoiled != sbml("reference")
    read = libsbml.readSBMLFromString(spoiled)
    read.checkConsistency()
    assert read.getNumErrors() > 0


@pytest.mark.parametrize(
    ("kind", "name", "term"),
    [
        ("Reaction", "degrade_er", "SBO:0000179"),
        ("Reaction", "phosphorylate_er_s118", "SBO:0000216"),
        ("Reaction", "dephosphorylate_er_s118", "SBO:0000330"),
        ("Reaction", "bind_er_e2", "SBO:0000177"),
        ("Reaction", "palmitoylate_er", "SBO:0000218"),
        ("Species", "cdk2", "SBO:0000252"),
        ("Parameter", "kdeg_er", "SBO:0000356"),
        ("Parameter", "kd_egf", "SBO:0000282"),
        ("Parameter", "n_rb", "SBO:0000190"),
        ("Parameter", "tau_cdk", "SBO:0000348"),
        ("Parameter", "share_pace", "SBO:0000002"),
        ("Parameter", "egf", "SBO:0000196"),
    ],
)
def test_terms_are_of_the_kind_of_symbol(kind, name, term):
    element = getattr(document().getModel(), f"get{kind}")(name)
    assert element.getSBOTermID() == term


def test_creators_are_those_of_the_citation_and_the_date_is_no_later():
    citation = read_yaml((ROOT / "CITATION.cff").read_text("utf-8"))
    told = annotations()["history"]
    assert told["creators"] == [one["name"] for one in citation["authors"]]
    assert told["created"] <= str(citation["date-released"])
    history = document().getModel().getModelHistory()
    assert history.getNumCreators() == len(told["creators"])
    assert history.getCreator(0).getName() == told["creators"][0]
    day = f"{told['created']}T00:00:00Z"
    assert history.getCreatedDate().getDateAsString() == day
    assert history.getModifiedDate(0).getDateAsString() == day


def test_the_review_is_named_by_its_key():
    notes = document().getModel().getNotesString()
    assert "milani2014" in notes
    assert "World J Clin Oncol, 2014;5:990-1001" in notes


def test_the_same_bytes_twice():
    again = to_sbml(reference_specimen(parameters=cell_parameters()))
    assert again == sbml("reference")


def test_numbers_with_units_are_still_antimony():
    text = to_antimony(sbml("reference"))
    assert "kdeg_er" in text
