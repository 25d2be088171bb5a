"""Records kept as JSON, each as long as its key holds."""

import pytest

from oestra.core.cached_record import cached_record, content_key


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "records"


def test_a_record_is_made_once_for_each_key():
    made = []

    def make():
        made.append(len(made))
        return {"numbers": [0.1, 1e-300], "made": made[-1]}

    first = cached_record("x", "a", make)
    assert cached_record("x", "a", make) == first
    assert made == [0]
    assert cached_record("x", "b", make)["made"] == 1
    assert cached_record("y", "a", make)["made"] == 2


def test_one_file_a_name_is_kept(cache):
    for key in "abc":
        cached_record("x", key, dict)
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"key": "a"}', "\udcff"])
def test_a_broken_file_is_as_good_as_none(cache, kept):
    cached_record("x", "a", lambda: 1)
    (file,) = cache.iterdir()
    file.write_text(kept, encoding="utf-8", errors="surrogateescape")
    assert cached_record("x", "a", lambda: 2) == 2


def test_a_name_never_becomes_a_path(cache):
    cached_record("../../out", "a", lambda: 1)
    assert [file.parent for file in cache.rglob("*")] == [cache]


def test_where_nothing_can_be_written_records_are_made(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path / "file"))
    assert cached_record("x", "a", lambda: 3) == 3


def test_the_key_follows_names_and_content(tmp_path):
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("a")
    two.write_text("b")
    key = content_key([one, two])
    assert content_key([two, one]) == key
    one.write_text("b")
    two.write_text("a")
    assert content_key([one, two]) != key
