"""Arrays come back as they were, or the file is refused."""

import gc
import io
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from zipfile import ZipFile

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


@pytest.fixture
def restless():
    """Threads that take turns wherever Python lets them, also while it parses."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()

    def turn(*_):
        sum(range(200))

    sys.setswitchinterval(1e-6)
    gc.set_threshold(5)
    gc.callbacks.append(turn)
    yield
    gc.callbacks.remove(turn)
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)


def test_threads_read_at_once(tmp_path, restless):
    path = tmp_path / "a.npz"
    write_archive(path, {str(n): np.arange(3) for n in range(20)})
    with ThreadPoolExecutor(4) as pool:
        assert {len(found) for found in pool.map(read_archive, [path] * 40)} == {20}


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


def test_a_small_file_that_unpacks_to_much_is_refused(tmp_path):
    path = tmp_path / "bomb.npz"
    write_archive(path, {"y": np.zeros(3 << 17)}, compress=True)
    assert path.stat().st_size < 5000
    with pytest.raises(InputError, match=r"unpack to 3 MiB; at most 2 MiB are read"):
        read_archive(path, most=2 << 20)
    assert read_archive(path, most=4 << 20)["y"].size == 3 << 17


@pytest.mark.parametrize("shape", [(10**12,), (10**200,), (2, -1), (1,)])
def test_an_array_that_says_it_is_longer_is_refused(tmp_path, shape):
    path = tmp_path / "a.npz"
    body = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        body, {"shape": shape, "fortran_order": False, "descr": "<f8"}
    )
    with ZipFile(path, "w") as file:
        file.writestr("y.npy", body.getvalue() + bytes(24))
    with pytest.raises(InputError, match="not as long as it says"):
        read_archive(path)


def test_objects_are_refused(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, y=np.array([{}], dtype=object))
    with pytest.raises(InputError, match="objects"):
        read_archive(path)


def test_what_is_no_file_is_refused(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (tmp_path, fifo):
        with pytest.raises(InputError, match="no regular file"):
            read_archive(path)


def test_columns_first_stay_so(tmp_path):
    path = tmp_path / "a.npz"
    array = np.asfortranarray(np.arange(12.0).reshape(3, 4))
    write_archive(path, {"y": array})
    found = read_archive(path)["y"]
    np.testing.assert_array_equal(found, array)
    assert found.flags.writeable


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="is damaged"):
        read_archive(tmp_path / "none.npz")
