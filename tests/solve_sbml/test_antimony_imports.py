"""Antimony that imports: only from the model's folder, and nothing is quoted."""

import pytest

from oestra.core.errors import InputError
from oestra.solve.sbml import read_model, sbml_of_antimony

LEAF = "model leaf()\n z = 3; z' = -z;\nend\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "secret.ant").write_text("password1234 root 12 : foo\n")
    path = tmp_path / "model"
    (path / "parts").mkdir(parents=True)
    (path / "parts" / "leaf.ant").write_text(LEAF)
    (path / "middle.ant").write_text(
        'import "parts/leaf.ant"\nmodel middle()\n L: leaf();\nend\n'
    )
    (path / "bad.ant").write_text("password1234 root 12 : foo\n")
    return path


def read(folder, text):
    file = folder / "whole.ant"
    file.write_text(text)
    return read_model(file)


MAIN = "model whole()\n M: middle();\nend\n"


@pytest.mark.parametrize(
    "statement",
    [
        'import "middle.ant"\n',
        'import /* the middle */ "middle.ant"\n',
        '// import "gone.ant"\nimport "middle.ant"\n',
    ],
)
def test_files_of_the_folder_are_imported(folder, statement, monkeypatch):
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "middle.ant").write_text("model middle()\n q' = 1\nend\n")
    monkeypatch.chdir(elsewhere)
    model = read(folder, statement + MAIN)
    assert model.ode.states == ("M_L_z",)


def test_sbml_is_imported(folder):
    (folder / "leaf.xml").write_text(sbml_of_antimony(LEAF, "leaf"))
    model = read(folder, 'import "leaf.xml"\nmodel whole()\n L: leaf();\nend\n')
    assert model.ode.states == ("L_z",)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../secret.ant", "'../secret.ant', which lies outside the folder"),
        ("/etc/passwd", "'/etc/passwd', which lies outside the folder"),
        ("gone.ant", "'gone.ant', but there is no such file"),
        ("parts", "'parts', but there is no such file"),
        ("bad.ant", r"imports bad.ant, which is not valid Antimony \(line 1\)"),
    ],
)
@pytest.mark.parametrize("statement", ['import "{}"\n', 'x = 1; import\t"{}"; y = 2\n'])
def test_other_files_are_refused(folder, name, message, statement):
    with pytest.raises(InputError, match=message) as caught:
        read(folder, statement.format(name) + MAIN)
    assert "password1234" not in str(caught.value)
    assert "root" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_circles_are_refused(folder):
    (folder / "one.ant").write_text('import "two.ant"\nmodel one()\n q\' = 1\nend\n')
    (folder / "two.ant").write_text('import "one.ant"\nmodel two()\n q\' = 1\nend\n')
    with pytest.raises(InputError, match=r"two\.ant and one\.ant import each other"):
        read(folder, 'import "one.ant"\n' + MAIN)


def test_text_imports_nothing():
    with pytest.raises(InputError, match=r"imports 'a\.ant'; read it as a file"):
        sbml_of_antimony('import "a.ant"\nmodel m()\n x = 1;\nend', "the text")
