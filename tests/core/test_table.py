"""Every fault of a parameter file is explained with its place."""

import sys

import pytest

from oestra.core.errors import InputError
from oestra.core.library import package_files
from oestra.core.quantity import Origin
from oestra.core.table import read_quantities

GOOD = '{value: 2.0, unit: nM, interval: [1, 3], origin: assumed, reason: "test"}'


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make a package of parameter files; return those that are read."""
    count = 0

    def make(**files):
        nonlocal count
        count += 1
        name = f"parameters_{tmp_path.name}_{count}".replace("-", "_")
        folder = tmp_path / name
        folder.mkdir()
        folder.joinpath("__init__.py").write_text("")
        folder.joinpath("notes.txt").write_text("not read")
        for stem, text in files.items():
            folder.joinpath(f"{stem}.yaml").write_text(text)
        return package_files(name)

    monkeypatch.syspath_prepend(tmp_path)
    yield make
    for name in [name for name in sys.modules if name.startswith("parameters_")]:
        del sys.modules[name]


def test_reads_in_order(package):
    given = package(b=f"z: {GOOD}\ny: {GOOD}\n", a=f"x: {GOOD}\n")
    table = read_quantities(given)
    assert list(table) == ["x", "z", "y"]
    assert table["z"].interval == (1.0, 3.0)
    assert table["z"].origin is Origin.ASSUMED


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x: {value: 2.0}", "'x' in a.yaml is malformed"),
        (f"x: {GOOD.replace('assumed', 'guessed')}", "malformed.*guessed"),
        (f"x: {GOOD.replace('2.0', 'two')}", "malformed"),
        (f"x: {GOOD.replace('[1, 3]', '[1]')}", "malformed"),
        (f"x: {GOOD.replace('[1, 3]', '3')}", "malformed"),
        ("x: 3", "malformed"),
        (f"x: {GOOD.replace('2.0', '9.0')}", "'x' in a.yaml: Value 9 nM lies outside"),
        (f"x: {GOOD.replace('assumed', 'measured')}", "needs a source"),
        (f"x: {GOOD}\nx: {GOOD}", "a.yaml"),
        ("- x", "a.yaml"),
        ("", "a.yaml"),
        ("x: {", "a.yaml"),
    ],
)
def test_faults_name_the_file(package, text, says):
    with pytest.raises(InputError, match=says):
        read_quantities(package(a=text))


def test_a_name_in_two_files_is_refused(package):
    with pytest.raises(InputError, match=r"'x' is declared twice: b\.yaml"):
        read_quantities(package(a=f"x: {GOOD}", b=f"x: {GOOD}"))
