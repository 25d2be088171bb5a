"""Bad documents: each is refused with one sentence that names what is wrong."""

import pytest

from oestra.core.errors import InputError
from oestra.solve.sbml import read_model, read_sbml, sbml_of_antimony
from oestra.solve.sbml.sbml_document import MAXIMUM_BYTES

CORE = "http://www.sbml.org/sbml/level3/version2/core"
MATHML = 'xmlns="http://www.w3.org/1998/Math/MathML"'
PARAMETERS = (
    '<listOfParameters><parameter id="alpha" value="1" constant="false"/>'
    '<parameter id="beta" value="1" constant="true"/></listOfParameters>'
)
DELAY = (
    '<apply><csymbol encoding="text" '
    'definitionURL="http://www.sbml.org/sbml/symbols/delay">delay</csymbol>'
    "<ci>alpha</ci><cn>1</cn></apply>"
)


def document(content, attributes=""):
    return (
        f'<sbml xmlns="{CORE}" level="3" version="2" {attributes}><model id="m">'
        f"{PARAMETERS}{content}</model></sbml>"
    )


def math(formula):
    return f"<math {MATHML}>{formula}</math>"


def rule(formula, variable="alpha", kind="rateRule"):
    target = f' variable="{variable}"' if variable else ""
    inside = f"<{kind}{target}>{math(formula)}</{kind}>"
    return f"<listOfRules>{inside}</listOfRules>"


def assignment(variable, formula, kind="assignmentRule"):
    name = "symbol" if kind == "initialAssignment" else "variable"
    return f'<{kind} {name}="{variable}">{math(formula)}</{kind}>'


def event(extra):
    return (
        '<listOfEvents><event id="dose" useValuesFromTriggerTime="true">'
        '<trigger initialValue="true" persistent="true">'
        f"{math('<true/>')}</trigger>{extra}</event></listOfEvents>"
    )


def package(name):
    uri = f"http://www.sbml.org/sbml/level3/version1/{name}/version1"
    return f'xmlns:{name}="{uri}" {name}:required="true"'


FUNCTION = (
    '<listOfFunctionDefinitions><functionDefinition id="f">'
    + math(
        "<lambda><bvar><ci>x</ci></bvar><apply><ci>f</ci><ci>x</ci></apply></lambda>"
    )
    + "</functionDefinition></listOfFunctionDefinitions>"
)
DEEP = "<apply><plus/><ci>alpha</ci>" * 20_000 + "<cn>1</cn>" + "</apply>" * 20_000

CASES = {
    "truncated": (document("")[:-20], "not well-formed XML: line 1"),
    "not SBML": ("<html><body/></html>", "root element is <html>"),
    "no model": (f'<sbml xmlns="{CORE}" level="3" version="2"/>', "no SBML model"),
    "entities": (
        '<!DOCTYPE sbml [<!ENTITY a "b">]>' + document(""),
        "declares the XML entity 'a'",
    ),
    "too deep": (document(rule(DEEP)), "more than 1000 deep"),
    "undefined symbol": (document(rule("<ci>alpa</ci>")), "'alpa'.*nearest is 'alpha'"),
    "undefined target": (
        document(rule("<cn>1</cn>", "alfa")),
        "No symbol 'alfa' in a rule.*nearest is 'alpha'",
    ),
    "undefined function": (
        document(rule("<apply><ci>g</ci><ci>alpha</ci></apply>")),
        "No function 'g'",
    ),
    "recursive function": (
        document(rule("<apply><ci>f</ci><ci>alpha</ci></apply>")).replace(
            PARAMETERS, FUNCTION + PARAMETERS
        ),
        "circle: f -> f",
    ),
    "wrong operand count": (
        document(rule("<apply><sin/><ci>alpha</ci><cn>1</cn></apply>")),
        "<sin> in the rate rule of 'alpha' does not take 2 operands",
    ),
    "empty formula": (document(rule("")), "formula of the rule of 'alpha' is empty"),
    "constant target": (
        document(rule("<cn>1</cn>", "beta")),
        "sets the constant 'beta'",
    ),
    "circular rules": (
        document(
            "<listOfRules>"
            + assignment("alpha", "<ci>beta</ci>")
            + assignment("beta", "<ci>alpha</ci>")
            + "</listOfRules>"
        ).replace('constant="true"', 'constant="false"'),
        "circle: alpha -> beta -> alpha",
    ),
    "circular initial values": (
        document(
            "<listOfInitialAssignments>"
            + assignment("alpha", "<ci>beta</ci>", "initialAssignment")
            + assignment("beta", "<ci>alpha</ci>", "initialAssignment")
            + "</listOfInitialAssignments>"
        ),
        "Initial assignments go round in a circle",
    ),
    "two rules": (
        document(
            rule("<cn>1</cn>").replace("</listOfRules>", "")
            + assignment("alpha", "<cn>2</cn>")
            + "</listOfRules>"
        ),
        "More than one rule sets 'alpha'",
    ),
    "declared twice": (
        document("").replace('id="beta"', 'id="alpha"'),
        "declares 'alpha' more than once",
    ),
    "unknown species": (
        document(
            '<listOfReactions><reaction id="r" reversible="false"><listOfReactants>'
            '<speciesReference species="S" stoichiometry="1" constant="true"/>'
            "</listOfReactants></reaction></listOfReactions>"
        ),
        "No species 'S' in reaction 'r'",
    ),
    "delay": (document(rule(DELAY)), "delay.* not supported"),
    "event delay": (
        document(event(f"<delay>{math('<cn>1</cn>')}</delay>")),
        "Event 'dose'.* has a delay",
    ),
    "algebraic rule": (
        document(rule("<ci>alpha</ci>", "", "algebraicRule")),
        "Rule 1.* is algebraic",
    ),
    "unknown package": (
        document("<magic:spell/>", package("magic")),
        "package 'magic' .'spell' in line 1",
    ),
}


@pytest.mark.parametrize(("text", "message"), CASES.values(), ids=CASES)
def test_refused(text, message):
    with pytest.raises(InputError, match=message) as caught:
        read_sbml(text)
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


def test_fast_reactions_are_refused():
    text = sbml_of_antimony("J: A -> B; A; A = 1; B = 0", "the test")
    text = text.replace("level3/version2", "level3/version1")
    text = text.replace('version="2"', 'version="1"')
    text = text.replace('<reaction id="J"', '<reaction id="J" fast="true"')
    with pytest.raises(InputError, match=r"Reaction 'J'.* is fast"):
        read_sbml(text)


def test_large_files_are_refused_unread(tmp_path):
    file = tmp_path / "large.xml"
    with file.open("wb") as handle:
        handle.truncate(2 * MAXIMUM_BYTES)
    with pytest.raises(
        InputError, match=r"up to 50 MB are read; large\.xml has 100 MB"
    ):
        read_sbml(file)


@pytest.mark.parametrize("source", ["missing.xml", "x" * 5000, "nul\0byte"])
def test_unusable_names_are_refused(source):
    with pytest.raises(InputError, match="Cannot read the model file"):
        read_sbml(source)


def test_binary_files_are_refused(tmp_path):
    file = tmp_path / "model.xml"
    file.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(InputError, match=r"model\.xml is not UTF-8 text"):
        read_model(file)


@pytest.mark.parametrize(
    ("text", "message"),
    [("a -> -> b", "not valid Antimony: .*line 1"), ("x = y + ", "not valid Antimony")],
)
def test_bad_antimony_is_refused(tmp_path, text, message):
    file = tmp_path / "model.ant"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_model(file)
