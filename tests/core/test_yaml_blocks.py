"""YAML cut at its top level says what the whole file says."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from oestra.core.library import SHIPPED, Kind
from oestra.core.yaml_blocks import read_keys, top_level_blocks


def whole(text):
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize(
    ("kind", "package"),
    [
        (Kind.TRIALS, "oestra.trial.library"),
        (Kind.DRUGS, "oestra.drugs.library"),
        (Kind.READOUTS, "oestra.culture.readouts"),
    ],
)
def test_every_file_of_the_package_is_cut_where_its_keys_are(kind, package):
    for file in SHIPPED.files(kind, package):
        text = file.read_text(encoding="utf-8")
        blocks = top_level_blocks(text)
        assert blocks is not None, file.name
        data = whole(text)
        assert list(blocks) == list(data)
        assert read_keys(text, list(data)[::2]) == {k: data[k] for k in list(data)[::2]}


TEXTS = [
    "a: 1\n# note\nb: [1,\n  2]\n",
    "---\na: |\n  b: 3\n\n  c\nb: 2\n",
    "a:\n- b: 1\n- 2\nb: x\n",
    "\"a\": 1\n'b': 2\n",
    "{a: 1, b: 2}\n",
    "a: &x 1\nb: *x\n",
    "a: >-\n  text\n   b: no key\nb: 2\n",
    "a: 1\r\nb: 2\r\n",
    "? a\n: 1\nb: 2\n",
    "a: 'b:\n  c'\nb: 2\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_keys_read_alone_are_those_of_the_whole_file(text):
    found = whole(text)
    assert read_keys(text, ["b"]) == {"b": found["b"]}
    assert read_keys(text, ["b", "a", "none"]) == {"a": found["a"], "b": found["b"]}


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "- 1\n", "a\n", "a: 1\n--- \nb: 1\n"])
def test_what_is_no_plain_mapping_is_left_to_the_reader(text):
    assert top_level_blocks(text) is None


NAMES = st.text("abcxyz_", min_size=1, max_size=6)
VALUES = st.recursive(
    st.integers() | st.text("ab :#-'\"\n", max_size=8) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=8,
)


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(NAMES, VALUES, min_size=1, max_size=4),
    st.sampled_from([None, 2]),
)
def test_a_mapping_is_read_key_by_key(data, indent):
    parts = (f"{key}: {json.dumps(data[key], indent=indent)}" for key in data)
    text = "\n".join(part.replace("\n", "\n  ") for part in parts)
    for key in data:
        assert read_keys(text, [key]) == {key: data[key]}
