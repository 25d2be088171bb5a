"""Texts and files of people: what is refused before it is read, and how it is told."""

import os

import pytest

from oestra.core.errors import FaultsError, InputError, shown
from oestra.core.json_text import load_json
from oestra.core.name import is_id, is_label
from oestra.core.short_text import check_short
from oestra.core.text_file import decode, read_text
from oestra.core.yaml_text import load_yaml


@pytest.mark.parametrize("name", ["A", "BOLERO-2", "T1_x.y+z", "my trial 2", "a" * 64])
def test_names_that_can_be_ids(name):
    assert is_id(name)


@pytest.mark.parametrize(
    "name",
    ["", " a", "a ", "a.", ".a", "..", "-a", "a/b", "/a", "a\\b", "a[b]", "a<b", "nul",
     "COM1.txt", "aux .x", "é", "a\n", "a" * 65, "C:", "a:b", "~"],
)  # fmt: skip
def test_names_that_cannot_be_ids(name):
    assert not is_id(name)


def test_labels_are_one_line_that_can_be_printed():
    assert is_label("HER2 unknown (n = 3)")
    assert is_label("[/] </script>")
    assert not any(map(is_label, ["", "  ", "a\nb", "a\x1b[m", "a" * 201, "\u202ea"]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2019-02-31\n", "line 2: '2019-02-31' is read as a date"),
        ("a: 1\nb: 2019-02-03T10:00:00\n", "line 2: .* is read as a date"),
        ("a: !!float x", "line 1: tags such as"),
        ("a: !mine x", "line 1: tags such as"),
        ("a: " + "{b: " * 30, "more than 20 levels"),
        ("- " * 25 + "x", "more than 20 levels"),
        ("a: *b", "no anchor &b"),
        ("a: &b {c: *b}", r"\*b stands within itself"),
        ("{c: 1,\n c: 2}", "line 2: the key 'c' is given twice, first on line 1"),
        ("{c: 1, c: " + "y" * 9000 + "}", "the key 'c' is given twice"),
        ("a: " + "8" * 18, "has more than 17 digits"),
        ("a: -" + "8" * 5000, "has more than 17 digits"),
        ("a: 0x" + "f" * 20, "has more than 17 digits"),
        ("? {a: 1}\n: 2", "a key must be a word"),
        ("a: 1\n---\nb: 2", "line 2: a second document"),
        ('a: "\\a"', "control character U\\+0007"),
        ('a: "\\u202e"', "control character U\\+202E"),
        ('a: "\\ud800"', "control character U\\+D800"),
        ("a: " + "z" * 10001, "more than 10,000 characters"),
        ("[" + "1," * 20001 + "]", "more than 20,000 values"),
        ("1: a\n1.0: b", "line 2: found duplicate key"),
    ],
)
def test_yaml_that_is_refused_is_told_with_its_line(text, said):
    with pytest.raises(InputError, match=said) as caught:
        load_yaml(text, "file.yaml")
    assert str(caught.value).startswith("file.yaml")
    assert len(str(caught.value)) < 300


def test_doubling_aliases_are_counted_as_what_they_stand_for():
    lines = ["a0: &a0 [" + "1, " * 9 + "1]"]
    lines += [
        f"a{n}: &a{n} [" + f"*a{n - 1}, " * 9 + f"*a{n - 1}]" for n in range(1, 9)
    ]
    with pytest.raises(InputError, match="more than 20,000 values"):
        load_yaml("\n".join(lines), "file.yaml")
    assert load_yaml("a: &a [1, 2]\nb: *a", "file.yaml")["b"] == [1, 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "a": 2}', "names the key 'a' twice"),
        ('{"b": [{"a": 1, "a": 1}]}', "names the key 'a' twice"),
        ("[-Infinity]", "holds -Infinity"),
        ("[NaN]", "holds NaN"),
        ("-1e400", "not finite"),
        ("8" * 5000, "a number of 5000 digits"),
        ("[" * 5000, "more than 40 levels"),
        ('{"a": ' * 50, "more than 40 levels"),
        ('["\\u001b[31m"]', "control character"),
        ("[1,\n2,\n}", "line 3: no JSON"),
    ],
)
def test_json_that_is_refused(text, said):
    with pytest.raises(InputError, match=said) as caught:
        load_json(text, "file.json")
    assert len(str(caught.value)) < 300


def test_brackets_in_texts_are_no_levels():
    assert load_json('["' + "[" * 100 + '\\"]"]', "f") == ["[" * 100 + '"]']


def test_bytes_that_are_no_text_are_told_with_their_line():
    with pytest.raises(InputError, match=r"f, line 3: the byte 0xff is not UTF-8"):
        decode(b"a\nb\nc\xff", "f")
    with pytest.raises(InputError, match=r"f, line 2: the control character U\+0000"):
        decode(b"a\nb\x00", "f")
    assert decode(b"\xef\xbb\xbfa\tb\r\n", "f") == "a\tb\r\n"


def test_only_regular_files_of_some_size_are_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "large.yaml").write_bytes(b"#" * 1_000_001)
    for name, said in (
        ("pipe.yaml", "no regular file"),
        ("large.yaml", "larger than 1,000,000 bytes"),
        ("", "it is a folder"),
        ("absent", "No such file"),
        ("a\0b", "null byte"),
    ):
        with pytest.raises(InputError, match=said):
            read_text(tmp_path / name)


def test_what_was_given_is_quoted_in_part():
    assert shown("a\nb") == repr("a\nb")
    assert len(shown("x" * 10**6)) < 80
    assert len(shown(10**300)) < 80


def test_lines_of_grammars_are_short():
    check_short("a b", "a regimen", most=10)
    for text in ("a" * 11, "a\x1bb"):
        with pytest.raises(InputError, match="a regimen"):
            check_short(text, "a regimen", most=10)


def test_faults_are_told_once_each():
    error = FaultsError(["a.", "b.", "a."])
    assert str(error) == "a.\nb."
    assert error.sentences == ("a.", "b.")
