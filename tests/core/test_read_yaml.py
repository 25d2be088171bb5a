"""YAML that was read once is given back as it was."""

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from oestra.core import read_yaml as reader
from oestra.core.library import SHIPPED, Kind
from oestra.core.read_yaml import read_yaml

LONG = "\n# " + "x" * 3000


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "records"


def kinds(data):
    """Return a value with the type of every part."""
    if isinstance(data, dict):
        return {key: kinds(value) for key, value in data.items()}
    if isinstance(data, list):
        return [kinds(value) for value in data]
    return type(data), data


@pytest.mark.parametrize("file", SHIPPED.files(Kind.DRUGS, "oestra.drugs.library")[:6])
def test_a_second_reading_needs_no_yaml_and_says_the_same(file, monkeypatch):
    text = file.read_text(encoding="utf-8") + LONG
    plain = YAML(typ="safe", pure=True).load(text)
    assert kinds(read_yaml(text)) == kinds(plain)
    monkeypatch.delattr(reader, "_parse")
    assert kinds(read_yaml(text)) == kinds(plain)


@pytest.mark.parametrize(
    "text", ["day: 2020-01-02", "1: a", "a: .nan", "{1: {2: 3}}", "a: !!set {b}"]
)
def test_what_json_cannot_hold_is_read_anew(text, cache):
    plain = YAML(typ="safe", pure=True).load(text)
    for _ in range(2):
        assert repr(read_yaml(text + LONG)) == repr(plain)
    assert not cache.exists()


def test_what_was_read_may_be_changed():
    text = "a: [1, 2]" + LONG
    read_yaml(text)["a"].append(3)
    read_yaml(text)["a"].append(3)
    assert read_yaml(text) == {"a": [1, 2]}


def test_a_fault_is_told_each_time():
    for _ in range(2):
        with pytest.raises(YAMLError):
            read_yaml("a: [" + LONG)
