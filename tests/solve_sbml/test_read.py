"""What is read: known answers for amounts, concentrations, rules and initial values."""

import math
from itertools import pairwise

import libsbml
import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.solve.evaluate import Evaluator
from oestra.solve.sbml import read_model, read_sbml, sbml_of_antimony

HEAD = (
    '<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">'
    '<model id="m">'
)
TAIL = "</model></sbml>"
MATHML = 'xmlns="http://www.w3.org/1998/Math/MathML"'


def rule(variable, formula, kind):
    return f'<{kind} variable="{variable}"><math {MATHML}>{formula}</math></{kind}>'


def model_of(text):
    return read_sbml(sbml_of_antimony(text, "the test"))


def rates(model, t=0.0):
    values = Evaluator(model.ode.rhs)(t, model.ode.initial, model.ode.values)
    return dict(zip(model.ode.states, values, strict=True))


def outputs(model, t=0.0):
    evaluate = Evaluator(model.ode.outputs.values())
    values = evaluate(t, model.ode.initial, model.ode.values)
    return dict(zip(model.ode.outputs, values, strict=True))


def test_concentrations_are_diluted_by_the_compartment():
    model = model_of("""
        compartment C = 4; species S in C = 3; k = 0.5
        J: S -> ; k*S*C
    """)
    assert outputs(model)["amount(S)"] == 12.0
    assert outputs(model)["S"] == outputs(model)["concentration(S)"] == 3.0
    assert rates(model) == {"S": -6.0}


def test_substance_only_species_mean_amounts():
    model = model_of("""
        compartment C = 4; substanceOnly species S in C = 12; k = 0.5
        J: S -> ; k*S
    """)
    assert outputs(model)["S"] == 12.0
    assert outputs(model)["concentration(S)"] == 3.0
    assert rates(model) == {"S": -6.0}


def test_growing_compartment_leaves_amounts_alone():
    model = model_of("""
        compartment C = 4; species S in C = 3; species T in C = 1
        C' = 2; S' = 0.25
    """)
    # dS/dt = 0.25 as concentration: d(amount)/dt = 0.25 * 4 + 3 * 2
    assert rates(model) == {"C": 2.0, "S": 7.0}
    assert model.ode.parameters == ("T",)


def test_constants_stay_parameters_by_name():
    model = model_of("""
        compartment C = 1; species A in C = 1; species $B in C = 2; k = 3
        J: A -> ; k*A*B
    """)
    assert set(model.ode.parameters) == {"C", "B", "k"}
    assert model.ode.states == ("A",)


def test_initial_values_follow_parameters_lane_by_lane():
    model = model_of("""
        compartment C; species A in C; total = 10; share = 0.25; size = 2
        C := size; A = total*share; k = 1/total; J: A -> ; k*A
    """)
    assert model.ode.initial.tolist() == [5.0]
    p = np.tile(model.ode.values, (2, 1))
    p[1, model.ode.parameters.index("total")] = 20.0
    assert model.initial_states(p).tolist() == [[5.0], [10.0]]
    assert model.initial_states(p[1]).tolist() == [10.0]
    y, values = model.start({"total": [10.0, 20.0], "A": 7.0}, lanes=2)
    assert y.tolist() == [[14.0], [14.0]]
    assert values[:, model.ode.parameters.index("k")].tolist() == [0.1, 0.05]


def test_local_parameters_hide_global_ones():
    text = sbml_of_antimony("k = 5; J: -> S; k", "the test")
    local = (
        '<listOfLocalParameters><localParameter id="k" value="2"/>'
        "</listOfLocalParameters></kineticLaw>"
    )
    model = read_sbml(text.replace("</kineticLaw>", local))
    assert rates(model) == {"S": 2.0}
    assert "J.k" in model.ode.parameters


def test_rates_of_states_and_of_formulas():
    script = "x = 2; x' = 3*x; y := x^2; z = 0; z' = rateOf(x) + rateOf(k); k = 1"
    assert rates(model_of(script)) == {"x": 6.0, "z": 6.0}
    # libAntimony takes no rates of formulas, so that one is put in afterwards.
    text = sbml_of_antimony(script, "the test").replace("<ci> k </ci>", "<ci> y </ci>")
    model = read_sbml(text)  # d(x^2)/dt = 2 x x' = 24
    assert rates(model) == {"x": 6.0, "z": 30.0}


def test_functions_of_functions():
    model = model_of("""
        function square(x) x*x end
        function fourth(y) square(square(y)) end
        z = 3; z' = fourth(z)
    """)
    assert rates(model) == {"z": 81.0}


def test_long_chains_of_rules_are_read():
    names = [f"x{k}" for k in range(3000)]
    declared = "".join(
        f'<parameter id="{n}" value="0" constant="false"/>' for n in names
    )
    links = [rule("x0", f"<ci>{names[-1]}</ci>", "rateRule")]
    for earlier, name in pairwise(names):
        link = f"<apply><plus/><ci>{earlier}</ci><cn>1</cn></apply>"
        links.append(rule(name, link, "assignmentRule"))
    rules = "".join(reversed(links))
    model = read_sbml(
        f"{HEAD}<listOfParameters>{declared}</listOfParameters>"
        f"<listOfRules>{rules}</listOfRules>{TAIL}"
    )
    assert rates(model) == {"x0": 2999.0}


def test_file_and_text_give_the_same_model(tmp_path):
    text = sbml_of_antimony("model m; x = 1; x' = -x; end", "the test")
    file = tmp_path / "m.xml"
    file.write_text(text, encoding="utf-8")
    script = tmp_path / "m.ant"
    script.write_text("model m; x = 1; x' = -x; end", encoding="utf-8")
    models = [read_sbml(text), read_sbml(str(file)), read_model(file)]
    assert {m.ode.digest for m in models} == {models[0].ode.digest}
    assert read_model(script).ode.rhs == models[0].ode.rhs


@pytest.mark.parametrize("level_version", [(1, 2), (2, 1), (2, 4), (2, 5), (3, 1)])
def test_other_levels_are_converted(level_version):
    text = sbml_of_antimony(
        "model m; compartment C = 2; species S in C = 3; k = 4; J: S -> ; k*S*C; end",
        "the test",
    )
    document = libsbml.readSBMLFromString(text)
    strict = False
    assert document.setLevelAndVersion(*level_version, strict)
    model = read_sbml(libsbml.writeSBMLToString(document))
    assert rates(model) == {"S": -24.0}
    assert outputs(model)["S"] == 3.0


FORMULAS = {
    "<apply><quotient/><cn>-7</cn><cn>2</cn></apply>": -3.0,
    "<apply><rem/><cn>-7</cn><cn>2</cn></apply>": -1.0,
    "<apply><root/><degree><cn>3</cn></degree><cn>8</cn></apply>": 2.0,
    "<apply><root/><cn>9</cn></apply>": 3.0,
    "<apply><log/><cn>1000</cn></apply>": 3.0,
    "<apply><log/><logbase><cn>2</cn></logbase><cn>8</cn></apply>": 3.0,
    "<apply><factorial/><cn>5</cn></apply>": 120.0,
    "<apply><min/><cn>5</cn><cn>3</cn><cn>4</cn></apply>": 3.0,
    "<apply><max/><cn>5</cn><cn>7</cn><cn>4</cn></apply>": 7.0,
    "<apply><plus/></apply>": 0.0,
    "<apply><times/></apply>": 1.0,
    "<apply><and/></apply>": 1.0,
    "<apply><or/></apply>": 0.0,
    "<apply><xor/><true/><true/><true/></apply>": 1.0,
    "<apply><implies/><true/><false/></apply>": 0.0,
    "<apply><lt/><cn>1</cn><cn>2</cn><cn>2</cn></apply>": 0.0,
    "<apply><leq/><cn>1</cn><cn>2</cn><cn>2</cn></apply>": 1.0,
    "<apply><gt/><cn>3</cn><cn>2</cn></apply>": 1.0,
    "<apply><minus/><cn>3</cn></apply>": -3.0,
    "<apply><sec/><cn>1</cn></apply>": 1 / math.cos(1),
    "<apply><arccot/><cn>2</cn></apply>": math.atan(0.5),
    "<apply><arcsech/><cn>0.5</cn></apply>": math.acosh(2),
    "<apply><coth/><cn>2</cn></apply>": 1 / math.tanh(2),
    "<exponentiale/>": math.e,
    '<cn type="rational">3<sep/>4</cn>': 0.75,
    '<cn type="e-notation">3<sep/>-2</cn>': 0.03,
    "<piecewise><piece><cn>2</cn><false/></piece><otherwise><cn>4</cn></otherwise>"
    "</piecewise>": 4.0,
    '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/avogadro"'
    ">N</csymbol>": 6.02214179e23,
}


@pytest.mark.parametrize(("formula", "expected"), FORMULAS.items())
def test_operators_mean_what_mathml_says(formula, expected):
    model = read_sbml(
        f'{HEAD}<listOfParameters><parameter id="x" value="0" constant="false"/>'
        f"</listOfParameters><listOfRules>{rule('x', formula, 'rateRule')}"
        f"</listOfRules>{TAIL}"
    )
    assert rates(model)["x"] == pytest.approx(expected, rel=1e-14)


def test_unset_values_are_missing_numbers():
    model = model_of("var k; x = 1; x' = k*x")
    assert math.isnan(model.ode.values[model.ode.parameters.index("k")])


def test_unknown_start_values_are_refused():
    model = model_of("x = 1; x' = -x")
    with pytest.raises(InputError, match="No parameter or state 'xx'; nearest is 'x'"):
        model.start({"xx": 1.0})
