"""The BibTeX reader takes what the project writes, and nothing else."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.core.errors import InputError
from oestra.evidence.bibliography import read_bibliography

WORDS = st.text(string.ascii_letters + string.digits + " .,-{}()/%", max_size=30)


def _balanced(text):
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def _read(folder, text):
    (folder / "some.bib").write_text(text, encoding="utf-8")
    return read_bibliography(folder)


def test_an_entry_with_nested_braces_and_a_comment(tmp_path):
    text = "% comment @article{no}\n@article{a2001,\n  title = {The {HER2} way},\n}\n"
    source = _read(tmp_path, text)["a2001"]
    assert source.kind == "article"
    assert source.fields == {"title": "The {HER2} way"}
    assert source.line == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@article{a,\n  year = {2001}\n", r"line 3: expected 'name = \{value\}'"),
        ("@article{a,\n  year = {2001\n", "line 2: field 'year' has no closing brace"),
        ("@article{a,\n  year = 2001\n}", "line 2: expected"),
        ("article{a,}", "line 1: expected '@kind"),
        ("@misc{a,\n note = {x},\n note = {y}\n}", "line 3: field 'note' twice"),
        ("@misc{a, note = {x}}\n@misc{a, note = {x}}", "declared twice"),
    ],
)
def test_a_malformed_file_names_the_line(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        _read(tmp_path, text)


def test_a_key_declared_in_two_files_is_an_error(tmp_path):
    (tmp_path / "other.bib").write_text("@misc{a, note = {x}}", encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.bib, line 1, and some\.bib, line 2"):
        _read(tmp_path, "\n@misc{a, note = {x}}")


@given(value=WORDS.filter(_balanced).filter(lambda text: "%" not in text))
def test_any_balanced_value_is_read_back(tmp_path_factory, value):
    folder = tmp_path_factory.mktemp("bib")
    source = _read(folder, f"@misc{{key1,\n  note = {{{value}}}\n}}\n")["key1"]
    assert source.fields["note"] == " ".join(value.split())
