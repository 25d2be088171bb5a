"""Large models: read in linear time, and simulated by loops that say so."""

import sys

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.solve.sbml import read_sbml
from oestra.solve.simulation import simulate

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">'
HEAD = (
    '<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" '
    'version="2"><model id="{name}">'
)


def listed(kind, items):
    return f"<listOf{kind}>{''.join(items)}</listOf{kind}>" if items else ""


def product(*names):
    return f"<apply><times/>{''.join(f'<ci>{n}</ci>' for n in names)}</apply>"


def network(species, reactions, *, event=False):
    """Return random reactions of one or two species, as SBML."""
    draw = np.random.default_rng(species)
    text = []
    for k in range(reactions):
        first, second, made = draw.permutation(species)[:3]
        used = [first, second] if k % 3 == 0 else [first]
        sides = [
            listed(
                side,
                [
                    f'<speciesReference species="S{s}" stoichiometry="1" '
                    'constant="true"/>'
                    for s in ends
                ],
            )
            for side, ends in (("Reactants", used), ("Products", [made]))
        ]
        law = product("c", f"k{k}", *(f"S{s}" for s in used))
        text.append(
            f'<reaction id="R{k}" reversible="false">{"".join(sides)}'
            f"<kineticLaw>{MATH}{law}</math></kineticLaw></reaction>"
        )
    fixed = 'hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"'
    happening = (
        '<event id="e" useValuesFromTriggerTime="true"><trigger initialValue="true" '
        f'persistent="true">{MATH}<apply><gt/><ci>S0</ci><cn>9</cn></apply></math>'
        '</trigger><listOfEventAssignments><eventAssignment variable="S0">'
        f"{MATH}<cn>1</cn></math></eventAssignment></listOfEventAssignments></event>"
    )
    return (
        HEAD.format(name="net")
        + listed("Compartments", ['<compartment id="c" size="1" constant="true"/>'])
        + listed(
            "Species",
            [
                f'<species id="S{k}" compartment="c" initialConcentration="1" {fixed}/>'
                for k in range(species)
            ],
        )
        + listed(
            "Parameters",
            [
                f'<parameter id="k{k}" value="{10 ** draw.uniform(-2, 1):.4g}" '
                'constant="true"/>'
                for k in range(reactions)
            ],
        )
        + listed("Reactions", text)
        + listed("Events", [happening] if event else [])
        + "</model></sbml>"
    )


def shared_chain(size):
    """Return initial values that all use parts of one chain of rules."""
    names = range(size)
    before = (f"<ci>r{k - 1}</ci>" if k else "<cn>0</cn>" for k in names)
    return (
        HEAD.format(name="chain")
        + listed(
            "Parameters",
            [
                f'<parameter id="{kind}{k}" value="1" constant="{constant}"/>'
                for kind, constant in (("q", "true"), ("r", "false"), ("S", "true"))
                for k in names
            ],
        )
        + listed(
            "InitialAssignments",
            [
                f'<initialAssignment symbol="q{k}">{MATH}<ci>r{k}</ci></math>'
                "</initialAssignment>"
                for k in names
            ],
        )
        + listed(
            "Rules",
            [
                f'<assignmentRule variable="r{k}">{MATH}<apply><plus/>{one}'
                f"<ci>S{k}</ci></apply></math></assignmentRule>"
                for k, one in zip(names, before, strict=True)
            ],
        )
        + "</model></sbml>"
    )


def lines_run(function, argument):
    """Count the lines of Python that a call runs."""
    count = 0

    def trace(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(argument)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "write", [lambda n: network(n, 2 * n), shared_chain], ids=["network", "chain"]
)
def test_reading_takes_twice_as_long_for_twice_the_model(write):
    read_sbml(write(5))  # what is loaded once
    one, two = (lines_run(read_sbml, write(size)) for size in (100, 200))
    assert two < 2.1 * one


def test_initial_values_of_a_chain_are_its_sums():
    model = read_sbml(shared_chain(50))
    values = dict(zip(model.ode.parameters, model.ode.values, strict=True))
    assert [values[f"q{k}"] for k in range(50)] == [k + 1.0 for k in range(50)]


def test_a_large_model_is_simulated_by_loops_and_says_so():
    said = []
    model = read_sbml(network(300, 600))
    result = simulate(model, 5.0, points=4, tell=said.append)
    (line,) = said
    assert line.startswith("Model 'net' with 296 states needs more than the 40,000")
    assert "loops over its sparse structure (BDF)" in line
    assert result.failures() == {}
    assert np.isfinite(result.courses).all()


def test_a_large_model_agrees_with_libroadrunner(roadrunner):
    text = network(300, 600)
    result = simulate(read_sbml(text), 5.0, points=5)
    peer = roadrunner.RoadRunner(text)
    peer.integrator.setValue("relative_tolerance", 1e-10)
    peer.integrator.setValue("absolute_tolerance", 1e-14)
    names = [n for n in result.names if n.startswith("S")]
    table = np.asarray(peer.simulate(0, 5, 6, [f"[{name}]" for name in names]))
    ours = np.stack([result[name][0] for name in names], axis=1)
    np.testing.assert_allclose(ours, table, 1e-4, 1e-6)


def test_small_models_say_nothing():
    said = []
    simulate(read_sbml(network(5, 4)), 1.0, points=2, tell=said.append)
    assert said == []


def test_a_large_model_with_events_is_refused():
    model = read_sbml(network(300, 600, event=True))
    with pytest.raises(InputError, match="simulated only without events"):
        simulate(model, 1.0)


def test_the_command_says_which_way_it_takes(tmp_path, capsys):
    from oestra.cli import main  # noqa: PLC0415 - slow to load

    path = tmp_path / "net.xml"
    path.write_text(network(300, 600))
    assert main(["simulate", str(path), "--until", "1", "--points", "2"]) == 0
    out, err = capsys.readouterr()
    assert "S0" in out
    assert err.count("\n") == 1
    assert "BDF" in err
