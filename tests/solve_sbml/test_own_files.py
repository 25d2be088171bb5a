"""Files that people bring: odd ones are read, refused or told of, never half used."""

import gzip
import zipfile

import numpy as np
import pandas as pd
import pytest

from oestra.core.errors import InputError
from oestra.solve.outcome import Outcome
from oestra.solve.sbml import read_model, read_sbml, sbml_of_antimony
from oestra.solve.sbml.setters import left_out
from oestra.solve.simulation import simulate

MATH = 'xmlns="http://www.w3.org/1998/Math/MathML"'
RATE = f"<math {MATH}><apply><times/><ci>k</ci><ci>S</ci></apply></math>"
LEVEL_3 = f"""<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">
<model id="m">
<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
<listOfSpecies><species id="S" compartment="c" initialConcentration="8"
 hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/>
</listOfSpecies>
<listOfParameters><parameter id="k" value="0.5" constant="false"/></listOfParameters>
<listOfReactions><reaction id="r" reversible="false" fast="false"><listOfReactants>
<speciesReference species="S" stoichiometry="1" constant="true"/></listOfReactants>
<kineticLaw>{RATE}</kineticLaw></reaction></listOfReactions>
</model></sbml>
"""
LEVEL_1 = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level1" level="1" version="2"><model name="m">
<listOfCompartments><compartment name="c"/></listOfCompartments>
<listOfSpecies><species name="S" compartment="c" initialAmount="8"/></listOfSpecies>
<listOfParameters><parameter name="k" value="0.5"/></listOfParameters>
<listOfReactions><reaction name="r" reversible="false"><listOfReactants>
<speciesReference species="S"/></listOfReactants>
<kineticLaw formula="k*S"/></reaction></listOfReactions></model></sbml>
"""


def changed(*pairs, text=LEVEL_3):
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def with_part(part, before="<listOfReactions>"):
    return changed((before, part + before))


def rule(kind, target, formula):
    inside = f"<math {MATH}>{formula}</math>" if formula else ""
    one = f'<{kind} variable="{target}">{inside}</{kind}>'
    return f"<listOfRules>{one}</listOfRules>"


def event(name="e", delay="", news=("S",)):
    wait = f"<delay><math {MATH}>{delay}</math></delay>" if delay else ""
    sets = "".join(
        f'<eventAssignment variable="{one}"><math {MATH}><cn>1</cn></math>'
        "</eventAssignment>"
        for one in news
    )
    return (
        f'<event id="{name}" useValuesFromTriggerTime="true">'
        '<trigger initialValue="true" persistent="true">'
        f"<math {MATH}><apply><lt/><ci>S</ci><cn>2</cn></apply></math></trigger>"
        f"{wait}<listOfEventAssignments>{sets}</listOfEventAssignments></event>"
    )


def events(*every):
    joined = "".join(every)
    return changed(("</model>", f"<listOfEvents>{joined}</listOfEvents></model>"))


LEVEL_2 = LEVEL_3.replace("level3/version1/core", "level2/version4").replace(
    'level="3" version="1"',
    """level="2" version="4" layout:required="false"
 xmlns:layout="http://www.sbml.org/sbml/level3/version1/layout/version1\"""",
)


def test_a_faulty_drawing_is_no_fault_of_the_model():
    strict = LEVEL_2.replace(
        ' constant="true"/></listOfReactants>', "/></listOfReactants>"
    )
    found = simulate(read_sbml(strict), at=[0.0, 1.0])
    assert found.courses[0, -1, found.names.index("S")] == pytest.approx(
        8 * np.exp(-0.5)
    )


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>'])
def test_a_declaration_may_leave_out_the_encoding(declaration):
    text = changed(('<?xml version="1.0" encoding="UTF-8"?>\n', declaration))
    course = simulate(read_sbml(text), until=1.0, points=1)["S"][0]
    assert course[-1] == pytest.approx(8 * np.exp(-0.5), rel=1e-5)


REFUSED = {
    "an attribute that is misspelt": (
        changed(("initialConcentration", "initialConcentation")),
        r"line 5: Attribute 'initialConcentation' .*nearest is 'initialConcentration'",
    ),
    "an element of no list": (
        with_part("<listOfFoo/>"), "Element 'listOfFoo' is not part",
    ),
    "an operator of no formula": (
        with_part(rule("rateRule", "k", "<apply><diff/><ci>S</ci></apply>")),
        "<diff> is not valid",
    ),
    "a level to come": (
        changed(('level="3" version="1"', 'level="4" version="1"')),
        "Level '4'; Levels 1 to 3 are read",
    ),
    "a formula of Level 1 that is none": (
        changed(("k*S", "k**S"), text=LEVEL_1),
        r"'k\*\*S' of the rate of 'r' .*pow\(x, y\)",
    ),
    "two initial values": (
        changed(("initialConc", 'initialAmount="3" initialConc')),
        "'S' .*an initial amount and an initial concentration",
    ),
    "a rule and a reaction": (
        with_part(rule("rateRule", "S", "<cn>1</cn>")),
        "'r' .*changes 'S', which a rule sets",
    ),
    "a constant that reacts": (
        changed(('boundaryCondition="false" constant="false"',
                 'boundaryCondition="false" constant="true"')),
        "'r' .*changes 'S', which is constant",
    ),
    "a rule and an initial assignment": (
        with_part(
            f'<listOfInitialAssignments><initialAssignment symbol="k"><math {MATH}>'
            "<cn>1</cn></math></initialAssignment></listOfInitialAssignments>"
            + rule("assignmentRule", "k", "<cn>3</cn>")
        ),
        "'k' .*an initial assignment and an assignment rule",
    ),
    "two events of one name": (events(event(), event()), "'e' more than once"),
    "an event of a taken name": (events(event("k")), "'k' more than once"),
    "an event that sets twice": (
        events(event(news=("S", "S"))), "Event 'e' sets 'S' more than once",
    ),
    "a delay below zero": (
        events(event(delay="<cn>-1</cn>")), "delay of event 'e' is -1; it is 0 or more",
    ),
    "a delay that is no number": (
        events(event(delay="<notanumber/>")), "delay of event 'e' is nan",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_what_would_be_ignored_is_refused(text, message):
    with pytest.raises(InputError, match=message) as caught:
        read_sbml(text)
    assert "\n" not in str(caught.value)


def test_what_stands_in_for_them_is_read():
    for text in (LEVEL_3, LEVEL_1, events(event()), events(event(delay="<cn>1</cn>"))):
        assert read_sbml(text).ode.states


TOLD = {
    "a constraint": (
        with_part(
            f"<listOfConstraints><constraint><math {MATH}><apply><gt/><ci>S</ci>"
            "<cn>1</cn></apply></math></constraint></listOfConstraints>"
        ),
        "1 constraint of the model is not watched.",
    ),
    "a reaction without rate": (
        changed((f"<kineticLaw>{RATE}</kineticLaw>", "")),
        "Reaction 'r' has no rate and changes nothing.",
    ),
    "a rule without formula": (
        with_part(rule("rateRule", "k", "")),
        "The rule of 'k' has no formula and sets nothing.",
    ),
    "an event without trigger": (
        changed(("</model>", '<listOfEvents><event id="e" '
                 'useValuesFromTriggerTime="true"/></listOfEvents></model>')),
        "Event 'e' has no trigger and never happens.",
    ),
    "a size below zero": (
        changed(('size="1"', 'size="-2"')), "Compartment 'c' has the negative size -2.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), TOLD.values(), ids=TOLD)
def test_what_a_simulation_does_without_is_told(text, sentence):
    assert simulate(read_sbml(text), until=1.0, points=1).warnings == (sentence,)
    assert read_sbml(LEVEL_3).warnings == ()


def test_nothing_is_left_out_of_what_has_all():
    import libsbml  # noqa: PLC0415

    assert not list(left_out(libsbml.readSBMLFromString(LEVEL_3).getModel()))


def test_packed_files_are_named(tmp_path, fail):
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(LEVEL_3.encode()))
    assert "compressed by gzip; unpack" in fail("simulate", tmp_path / "a.xml.gz")
    with zipfile.ZipFile(tmp_path / "a.omex", "w") as archive:
        archive.writestr("model.xml", LEVEL_3)
    assert "a zip archive, as OMEX is" in fail("simulate", tmp_path / "a.omex")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.xml", "S = 1; S' = -S", "Antimony is read from files whose name ends in"),
        ("a.ant", LEVEL_3, "holds XML and not Antimony"),
        ("a.ant", "µ = 1; µ' = -µ", "names are of the letters a to z"),
    ],
)
def test_text_under_the_wrong_name_or_in_other_letters(
    tmp_path, fail, name, text, message
):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert message in fail("simulate", tmp_path / name)


def test_an_address_is_no_file(fail):
    told = fail("simulate", "https://example.org/model.xml")
    assert "download 'https://example.org/model.xml'" in told


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "m.ant"
    path.write_text(
        "species A, B; A = 8; B = 0; k = 0.5; J: A -> B; k*A; twice := 2*A; "
        "lane = 3; lane' = -lane",
        encoding="utf-8",
    )
    return path


def test_a_symbol_called_like_a_column_overwrites_none(
    model, tmp_path, succeed, succeed_json
):
    out = tmp_path / "out"
    words = ("simulate", model, "--at", "1,2")
    assert "lane of the model" in succeed(*words, "--out", out)
    table = pd.read_parquet(out / "courses.parquet")
    assert table["lane"].tolist() == [0, 0]
    courses = succeed_json(*words)["courses"]
    assert table["lane of the model"].tolist() == courses["lane"]
    text = changed(('"S"', '"time"'), ('"S"', '"time"'), ("<ci>S<", "<ci>time<"))
    table = simulate(read_sbml(text), until=2.0, points=2).table()
    assert table["time"].tolist() == [0.0, 1.0, 2.0]
    assert table["time of the model"].tolist()[0] == 8.0


def test_names_to_record_stand_apart_by_commas(model, succeed_json):
    words = ("simulate", model, "--at", "1", "--record", "A, J", "--record", "k")
    assert list(succeed_json(*words)["courses"]) == ["A", "J", "k"]


@pytest.mark.parametrize("name", ["twice", "J", "amount(A)"])
def test_what_follows_from_others_cannot_be_set(model, fail, name):
    told = fail("simulate", model, "--set", f"{name}=3")
    assert f"{name!r} follows from others" in told
    assert "known are A, B" in told


CAUSES = {
    "the logarithm": "ln(S - 9)",
    "a root": "sqrt(S - 9)",
    "a division": "1/(S - 8)",
    "no case of a piecewise": "piecewise(1, S > 9)",
}


@pytest.mark.parametrize("cause", CAUSES)
def test_why_a_rate_is_not_finite(cause):
    text = f"S = 8; S' = {CAUSES[cause]}"
    with pytest.raises(InputError, match=f"not finite at time 0; .*{cause}"):
        simulate(read_sbml(sbml_of_antimony(text, "the test")), until=1.0)


def test_a_failure_says_how_far_it_came(tmp_path, fail):
    (tmp_path / "m.ant").write_text("S = 1; S' = S*S")
    told = fail("simulate", tmp_path / "m.ant", "--until", "2", "--points", "5")
    assert "could not be simulated beyond time 0.8 (" in told


def test_events_that_renew_each_other_a_little_later_end():
    text = "S = 8; S' = -S; n = 0; at (S < 4): S = 4, n = n + 1"
    result = simulate(read_sbml(sbml_of_antimony(text, "the test")), until=2.0)
    assert result.failures() == {Outcome.ENDLESS_EVENTS: 1}
    assert np.isfinite(result["S"][0, :30]).all()


def test_many_events_that_follow_each_other_slowly_do_not():
    text = "S = 0; S' = 1; n = 0; at (S > 1): S = 0, n = n + 1"
    model = read_sbml(sbml_of_antimony(text, "the test"))
    result = simulate(model, until=12_000.5, points=1)
    assert not result.failures()
    assert result["n"][0, -1] == 12_000


def test_names_that_are_not_there_are_not_listed():
    text = changed(("k*S", "uui(S, k)"), text=LEVEL_1)
    with pytest.raises(InputError, match=r"No function 'uui' in .*; there are none"):
        read_sbml(text)


def test_windows_line_ends_are_read(tmp_path):
    (tmp_path / "m.xml").write_bytes(LEVEL_3.replace("\n", "\r\n").encode())
    assert read_model(tmp_path / "m.xml").ode.states == ("S",)
