"""Models composed of models: what `comp` says, against known solutions."""

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.solve.sbml import read_sbml
from oestra.solve.simulation import simulate

CORE = "http://www.sbml.org/sbml/level3/version1/core"
COMP = "http://www.sbml.org/sbml/level3/version1/comp/version1"
MATHML = 'xmlns="http://www.w3.org/1998/Math/MathML"'
DECAY = (
    '<listOfParameters><parameter id="x" value="{start}" constant="false"/>'
    '<parameter id="k" value="{rate}" constant="true"/></listOfParameters>'
    f'<listOfRules><rateRule variable="x"><math {MATHML}><apply><minus/><apply><times/>'
    "<ci>k</ci><ci>x</ci></apply></apply></math></rateRule></listOfRules>"
)


def document(model, definitions="", comp=COMP):
    return (
        f'<sbml xmlns="{CORE}" level="3" version="1" xmlns:comp="{comp}" '
        f'comp:required="true">{model}{definitions}</sbml>'
    )


def decay(start=4.0, rate=0.5):
    return DECAY.format(start=start, rate=rate)


def inner(name="inner", content=None):
    content = decay() if content is None else content
    return f'<comp:modelDefinition id="{name}">{content}</comp:modelDefinition>'


def definitions(*models):
    inside = "".join(models)
    return f"<comp:listOfModelDefinitions>{inside}</comp:listOfModelDefinitions>"


def submodels(*pairs, extra=""):
    inside = "".join(
        f'<comp:submodel comp:id="{name}" comp:modelRef="{model}" {extra}/>'
        for name, model in pairs
    )
    return f"<comp:listOfSubmodels>{inside}</comp:listOfSubmodels>"


def external(name, source, extra=""):
    return (
        "<comp:listOfExternalModelDefinitions><comp:externalModelDefinition "
        f'comp:id="{name}" comp:source="{source}" {extra}/>'
        "</comp:listOfExternalModelDefinitions>"
    )


def outer(*pairs, own=""):
    return f'<model id="outer">{own}{submodels(*pairs)}</model>'


def course(model, name, until=2.0):
    return simulate(model, until, points=4)[name][0]


TIMES = np.linspace(0.0, 2.0, 5)


def test_submodels_are_joined():
    model = read_sbml(
        document(outer(("A", "inner"), ("B", "inner")), definitions(inner()))
    )
    assert model.ode.states == ("A__x", "B__x")
    np.testing.assert_allclose(
        course(model, "B__x"), 4 * np.exp(-0.5 * TIMES), rtol=1e-5
    )


def test_a_replaced_parameter_is_that_of_the_outer_model():
    own = (
        '<listOfParameters><parameter id="fast" value="2" constant="true">'
        '<comp:listOfReplacedElements><comp:replacedElement comp:submodelRef="A" '
        'comp:idRef="k"/></comp:listOfReplacedElements></parameter></listOfParameters>'
    )
    model = read_sbml(document(outer(("A", "inner"), own=own), definitions(inner())))
    np.testing.assert_allclose(course(model, "A__x"), 4 * np.exp(-2 * TIMES), rtol=1e-5)


def test_a_submodel_may_run_on_another_clock():
    own = (
        '<listOfParameters><parameter id="pace" value="3" constant="true"/>'
        "</listOfParameters>"
    )
    inside = submodels(("A", "inner"), extra='comp:timeConversionFactor="pace"')
    model = f'<model id="outer">{own}{inside}</model>'
    found = course(read_sbml(document(model, definitions(inner()))), "A__x")
    np.testing.assert_allclose(found, 4 * np.exp(-0.5 / 3 * TIMES), rtol=1e-5)


def test_models_come_from_other_files(tmp_path):
    (tmp_path / "parts").mkdir()
    leaf = tmp_path / "parts" / "leaf.xml"
    leaf.write_text(document(f'<model id="leaf">{decay(3.0)}</model>'))
    middle = tmp_path / "parts" / "middle.xml"
    middle.write_text(document(outer(("L", "l")), external("l", "leaf.xml")))
    file = tmp_path / "whole.xml"
    file.write_text(document(outer(("M", "m")), external("m", "parts/middle.xml")))
    model = read_sbml(file)
    np.testing.assert_allclose(
        course(model, "M__L__x"), 3 * np.exp(-0.5 * TIMES), rtol=1e-5
    )
    before = model.ode.digest
    leaf.write_text(document(f'<model id="leaf">{decay(5.0)}</model>'))
    assert read_sbml(file).ode.digest != before


def test_a_file_of_the_working_folder_is_not_mistaken_for_one_of_the_model(
    tmp_path, monkeypatch
):
    for folder, start in (("model", 3.0), ("elsewhere", 7.0)):
        (tmp_path / folder).mkdir()
        leaf = document(f'<model id="leaf">{decay(start)}</model>')
        (tmp_path / folder / "leaf.xml").write_text(leaf)
    file = tmp_path / "model" / "whole.xml"
    file.write_text(document(outer(("L", "l")), external("l", "leaf.xml")))
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert course(read_sbml(file), "L__x")[0] == 3.0


@pytest.mark.parametrize(
    "text",
    [
        document(f'<model id="plain">{decay()}</model>'),
        document(f'<model id="plain">{decay()}</model>', definitions(inner())),
        document(
            f'<model id="plain">{decay()}</model>',
            comp="http://www.sbml.org/sbml/level3/version1/magic/version1",
        ),
        document(
            f'<model id="plain">{decay()}</model>',
            comp="http://www.sbml.org/sbml/level3/version1/multi/version1",
        ),
    ],
    ids=["comp", "definitions", "unknown package", "multi"],
)
def test_a_package_that_nothing_uses_changes_nothing(text):
    np.testing.assert_allclose(
        course(read_sbml(text), "x"), 4 * np.exp(-0.5 * TIMES), rtol=1e-5
    )


LOOP = definitions(
    inner("one", submodels(("a", "two"))), inner("two", submodels(("b", "one")))
)
DOUBLED = definitions(
    inner("m0"),
    *(inner(f"m{k + 1}", submodels(("a", f"m{k}"), ("b", f"m{k}"))) for k in range(30)),
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            document(outer(("A", "iner")), definitions(inner())),
            "No model 'iner' in submodel 'A'.*nearest is 'inner'",
        ),
        (document(outer(("A", "one")), LOOP), "circle: outer -> one -> two -> one"),
        (document(outer(("A", "m30")), DOUBLED), "up to 1,000,000 elements"),
        (
            document(outer(("A", "e")), external("e", "leaf.xml")),
            "the model 'e' from the file 'leaf.xml'; read it as a file",
        ),
    ],
    ids=["missing definition", "circle", "doubled", "text with external model"],
)
def test_refused(text, message):
    with pytest.raises(InputError, match=message) as caught:
        read_sbml(text)
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "content", "message"),
    [
        ("missing.xml", "", "refers to 'missing.xml', but there is no such file"),
        ("../secret.xml", "", "'../secret.xml', which lies outside the folder"),
        ("/etc/passwd", "", "'/etc/passwd', which lies outside the folder"),
        ("http://example.org/m.xml", "", "there is no such file"),
        ("leaf.xml", "password: 1234", "leaf.xml is no XML, which begins with '<'"),
        ("leaf.xml", "<sbml>password: 1234", "leaf.xml is not well-formed XML: line 1"),
        (
            "leaf.xml",
            document(outer(("W", "w")), external("w", "whole.xml")),
            "refer to each other in a circle",
        ),
    ],
)
def test_other_files_are_refused(tmp_path, source, content, message):
    (tmp_path / "secret.xml").write_text("<sbml/>")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "leaf.xml").write_text(content)
    file = folder / "whole.xml"
    file.write_text(document(outer(("A", "e")), external("e", source)))
    with pytest.raises(InputError, match=message) as caught:
        read_sbml(file)
    assert "password: 1234" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_a_submodel_uses_is_refused_by_name():
    rule = (
        f"<listOfRules><algebraicRule><math {MATHML}><ci>x</ci></math></algebraicRule>"
        "</listOfRules>"
    )
    content = (
        '<listOfParameters><parameter id="x" constant="false"/></listOfParameters>'
        + rule
    )
    text = document(outer(("A", "inner")), definitions(inner(content=content)))
    with pytest.raises(InputError, match="is algebraic"):
        read_sbml(text)


def test_elements_of_other_packages_are_refused_by_name():
    multi = "http://www.sbml.org/sbml/level3/version1/multi/version1"
    used = '<model id="m"><comp:listOfSpeciesTypes/></model>'
    with pytest.raises(
        InputError,
        match=r"needs the SBML package 'multi' \('listOfSpeciesTypes' in line 1",
    ):
        read_sbml(document(used, comp=multi))
