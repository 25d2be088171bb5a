"""Arrays come back as they were, or the file is refused."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oestra.core.archive import read_archive, write_archive
from oestra.core.errors import InputError

ARRAYS = {
    "key": np.array("abc"),
    "y": np.linspace(0, 1, 300, dtype=np.float32).reshape(20, 15),
    "n": np.arange(5),
}


def same(found):
    return found.keys() == ARRAYS.keys() and all(
        np.array_equal(found[name], ARRAYS[name]) for name in ARRAYS
    )


@pytest.mark.parametrize("compress", [False, True])
def test_round_trip(tmp_path, compress):
    path = tmp_path / "new" / "a.npz"
    write_archive(path, ARRAYS, compress=compress)
    assert same(read_archive(path))
    assert [file.name for file in path.parent.iterdir()] == ["a.npz"]


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.npz"
    write_archive(path, ARRAYS)

    def broken(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", broken)
    with pytest.raises(OSError, match="disk full"):
        write_archive(path, {})
    assert same(read_archive(path))
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("compress", [False, True])
@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_harmed_file_is_believed(tmp_path, harm, compress, data):
    path = tmp_path / "a.npz"
    write_archive(path, ARRAYS, compress=compress)
    harm(path, data)
    try:
        found = read_archive(path)
    except InputError:
        return
    # Time stamps and flags of the container may change without harm.
    assert same(found)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="is damaged"):
        read_archive(tmp_path / "none.npz")
