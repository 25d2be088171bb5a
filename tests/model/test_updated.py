"""Updated parameter sets on disk: read back, or refused in a sentence."""

import json

import pytest

from oestra.core.errors import InputError
from oestra.core.library import SHIPPED
from oestra.model import updated
from oestra.model.fit import shipped_fit
from oestra.model.parameters import ensemble_parameters
from oestra.model.updated import (
    check_place,
    read_updated,
    updated_names,
    updated_sets,
    write_updated,
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(updated, "_folder", lambda: tmp_path / "parameters")
    return tmp_path / "parameters"


def write(path):
    sets = ensemble_parameters()[:3]
    write_updated(path, sets, {"method": "moved"}, data="d", trial="MINE")
    return sets


def test_sets_come_back_by_name_and_by_path(home):
    sets = write(home / "mine.json")
    assert updated_names() == ["mine"]
    for name in ("mine", str(home / "mine.json")):
        found = read_updated(name, SHIPPED)
        assert found.trial == "MINE"
        for one, other in zip(found.sets, sets, strict=True):
            assert dict(one) == pytest.approx(dict(other), rel=1e-9)


def test_the_fit_itself_is_no_updated_set():
    assert updated_sets(None, SHIPPED) is None
    assert updated_sets("best", SHIPPED) is None
    assert updated_sets("ensemble", SHIPPED) is None


def test_an_unknown_name_is_told_the_nearest(home):
    write(home / "mine.json")
    with pytest.raises(InputError, match="nearest is 'mine'"):
        read_updated("mines", SHIPPED)
    with pytest.raises(InputError, match="no file of parameters"):
        read_updated(str(home / "none.json"), SHIPPED)


@pytest.mark.parametrize("part", ["fit", "equations"])
def test_sets_of_another_fit_or_other_equations_are_refused(home, part):
    path = home / "mine.json"
    write(path)
    record = json.loads(path.read_text())
    record["belongs_to"][part] = "other"
    path.write_text(json.dumps(record))
    with pytest.raises(InputError, match=r"run 'oestra update'.* again"):
        read_updated("mine", SHIPPED)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "other"},
        {"format": 99},
        {"sets": []},
        {"sets": [[1.0]]},
        {"names": 3},
        {"belongs_to": []},
    ],
)
def test_a_damaged_file_is_refused(home, change):
    path = home / "mine.json"
    write(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(InputError, match="holds no updated parameters"):
        read_updated("mine", SHIPPED)


@pytest.mark.parametrize("name", ["best", "ensemble", "", ".hidden", "x" * 65])
def test_names_that_cannot_be(name):
    with pytest.raises(InputError):
        updated.updated_file(name)


def test_nothing_else_is_written_over(tmp_path):
    other = tmp_path / "other.json"
    check_place(other)
    other.write_text("{}")
    with pytest.raises(InputError, match="exists and holds no updated"):
        check_place(other)
    write(tmp_path / "mine.json")
    check_place(tmp_path / "mine.json")


def test_every_fitted_value_is_kept(home):
    write(home / "mine.json")
    record = json.loads((home / "mine.json").read_text())
    assert record["names"] == list(shipped_fit().names)
    assert record["belongs_to"]["data"] == "d"
    assert record["method"] == "moved"
