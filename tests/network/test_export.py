"""What is exported is consistent, annotated, and the cell that was asked for."""

import re
from functools import cache

import libsbml
import pytest

from oestra.core.errors import InputError, OestraError
from oestra.culture.specimens import culture_specimens, reference_specimen
from oestra.model.parameters import best_parameters
from oestra.network import annotation
from oestra.network.compose import consistency_errors
from oestra.network.export import to_sbml
from oestra.network.specimen import Specimen

CULTURE = {
    "set": ["PIK3CA=H1047R"],
    "medium": "EGF 1 nM",
    "drug": "fulvestrant 100 nM + everolimus 20 nM",
}


@cache
def sbml(case):
    if case == "reference":
        return to_sbml(reference_specimen())
    return to_sbml(culture_specimens("MCF-7", **CULTURE)[1])


@pytest.mark.parametrize("case", ["reference", "culture"])
def test_consistent_with_matching_units(case):
    assert consistency_errors(sbml(case)) == []


@cache
def document(case):
    """Return a read document; it must live as long as anything of it is used."""
    return libsbml.readSBMLFromString(sbml(case))


def _terms(element):
    return {
        element.getCVTerm(i).getResourceURI(j)
        for i in range(element.getNumCVTerms())
        for j in range(element.getCVTerm(i).getNumResources())
    }


def test_values_are_those_of_the_best_set():
    model = document("reference").getModel()
    best = best_parameters()
    for parameter in model.getListOfParameters():
        name = parameter.getId()
        if parameter.getConstant():
            assert parameter.getValue() == pytest.approx(best[name], rel=1e-14), name


def test_a_culture_starts_where_its_treatment_does():
    untreated, treated = culture_specimens("MCF-7", drug="everolimus 20 nM")
    assert untreated.states == treated.states
    changed = {n for n, v in treated.values.items() if untreated.values[n] != v}
    assert changed == {"load_mtorc1_allosteric"}
    assert treated.drugs == {"load_mtorc1_allosteric": ("everolimus",)}


def test_line_lesions_and_drugs_are_told_and_annotated():
    model = document("culture").getModel()
    told = model.getName()
    for word in ("MCF-7", "PIK3CA H1047R", "EGF 1 nM", "fulvestrant 100 nM"):
        assert word in told
    assert told in model.getNotesString()
    address = annotation.IDENTIFIERS
    assert f"{address}cellosaurus/CVCL_0031" in _terms(model)
    load = _terms(model.getParameter("load_esr1_serd"))
    assert load == {f"{address}hgnc.symbol/ESR1", f"{address}chebi/CHEBI:31638"}


ACCESSIONS = {
    "uniprot": r"[OPQ][0-9][A-Z0-9]{3}[0-9]",
    "hgnc.symbol": r"[A-Z][A-Z0-9]+",
    "chebi": r"CHEBI:\d+",
    "go": r"GO:\d{7}",
    "cl": r"CL:\d{7}",
    "doid": r"DOID:\d+",
    "taxonomy": r"\d+",
    "cellosaurus": r"CVCL_[A-Z0-9]{4}",
}


def test_every_identifier_has_the_form_of_its_database():
    table = annotation.annotations()
    entries = [table["model"], *table["compartments"].values()]
    for kind in ("species", "parameters", "reactions"):
        entries += table[kind].values()
    found = [a for e in entries for q, v in e.items() if q != "sbo" for a in v]
    found += [a for kind in ("lines", "drugs") for v in table[kind].values() for a in v]
    assert len(found) > 100
    for address in found:
        database, _, accession = address.partition("/")
        assert re.fullmatch(ACCESSIONS[database], accession), address


def test_a_parameter_the_cell_lacks_is_refused():
    with pytest.raises(InputError, match="no parameter 'k_nothing'"):
        to_sbml(Specimen(title="x", values={"k_nothing": 1.0}))


def test_a_derived_quantity_is_no_parameter():
    with pytest.raises(InputError, match="no parameter 'growth_rate'"):
        to_sbml(Specimen(title="x", values={"growth_rate": 1.0}))


def test_an_annotation_of_nothing_is_noticed(monkeypatch):
    table = {**annotation.annotations(), "species": {"erx": {"sbo": "SBO:0000252"}}}
    monkeypatch.setattr(annotation, "annotations", lambda: table)
    with pytest.raises(OestraError, match=r"species: the cell has no 'erx'"):
        to_sbml(Specimen(title="x", values={}))


def test_titles_are_escaped():
    text = to_sbml(Specimen(title="a < b & c", values={}))
    read = libsbml.readSBMLFromString(text)
    assert read.getModel().getName() == "a < b & c"
