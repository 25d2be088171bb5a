"""Regimens and doses that practice, trials and drugs of the library name."""

from oestra.appraisal.known_regimens import known_doses, known_regimens
from oestra.core.library import SHIPPED
from oestra.drugs.listing import list_drugs
from oestra.drugs.regimen import Regimen


def test_every_drug_that_is_taken_is_known_as_it_is_given():
    doses = known_doses(SHIPPED)
    texts = [one.text for one in doses]
    assert len(set(texts)) == len(texts)
    assert [str(Regimen.parse(text)) for text in texts] == texts
    given = {one.id for one in list_drugs(SHIPPED) if one.regimens}
    assert {one.drug for one in doses} == given
    parts = {part for one in known_regimens(SHIPPED) for part in one.split(" + ")}
    assert parts <= set(texts)


def test_the_usual_dose_stands_first_and_other_names_are_told():
    found = [one for one in known_doses(SHIPPED) if one.drug == "everolimus"]
    assert found[0].text == "everolimus 10 mg daily"
    assert "RAD001" in found[0].aliases


def test_drugs_that_silence_ovaries_are_told_and_in_no_regimen_here():
    silencing = {one.drug for one in known_doses(SHIPPED) if one.silences_ovaries}
    assert silencing == {"goserelin", "leuprolide"}
    assert not any("goserelin" in one for one in known_regimens(SHIPPED))
