"""The Python interface: every public name loads, and none before it is used."""

import inspect
import re
import subprocess
import sys

import pytest

import oestra


@pytest.mark.parametrize("name", oestra.__all__)
def test_every_public_name_loads(name):
    assert getattr(oestra, name) is not None


@pytest.mark.parametrize("name", oestra.__all__)
def test_every_public_name_is_documented(name):
    what = getattr(oestra, name)
    said = inspect.getdoc(what)
    assert said != inspect.getdoc(object)
    assert said.split("\n")[0].endswith((".", ";", ":"))
    if inspect.isfunction(what):
        for argument in inspect.signature(what).parameters:
            assert re.search(rf"^(\w+, )*{argument}(, \w+)* : ", said, re.MULTILINE)


def test_every_name_of_the_drugs_loads_before_anything_else():
    code = (
        "import types, oestra.drugs as d\n"
        "found = [getattr(d, name) for name in d.__all__]\n"
        "assert not any(isinstance(one, types.ModuleType) for one in found)\n"
        "assert all(getattr(d, name) is one for name, one in zip(d.__all__, found))\n"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_names_and_places_agree():
    assert sorted(oestra._PLACES) == sorted(oestra.__all__) == sorted(dir(oestra))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'run_trail'"):
        _ = oestra.run_trail


def test_importing_loads_nothing_heavy():
    code = "import sys, oestra; sys.exit('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603
    assert done.returncode == 0
