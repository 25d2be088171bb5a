"""Results are kept whole, found again, and never believed when damaged."""

import pytest

from oestra.core.errors import InputError
from oestra.work.crew import Crew
from oestra.work.processes import Processes
from oestra.work.store import open_store


@pytest.fixture(params=["folder", "address"])
def place(request, tmp_path):
    """Return a folder, or the same as an address of fsspec."""
    folder = str(tmp_path / "kept")
    return folder if request.param == "folder" else f"file://{folder}"


def test_what_is_put_is_found(place):
    store = open_store(place)
    assert store.get("ab12") is None
    store.put("ab12", b"result")
    assert open_store(place).get("ab12") == b"result"


def test_what_was_cut_short_is_not_believed(place, tmp_path):
    open_store(place).put("ab12", b"a longer result")
    file = tmp_path / "kept" / "ab" / "ab12"
    file.write_bytes(file.read_bytes()[:-3])
    assert open_store(place).get("ab12") is None


@pytest.mark.parametrize("wrong", ["/proc/none/here", "nosuch://bucket/x", "file://"])
def test_a_place_that_cannot_be_written_is_told(wrong):
    with pytest.raises(InputError, match="store") as told:
        open_store(wrong)
    assert wrong in str(told.value)


def test_a_file_is_no_store(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        open_store(str(tmp_path / "file"))


def test_a_task_is_done_once(tasks, tmp_path):
    done, kept = tmp_path / "done", tmp_path / "kept"
    done.mkdir()
    for _ in range(2):
        with Crew(Processes(1), open_store(str(kept))) as crew:
            found = [crew.submit(tasks.counted, str(done), n) for n in (1, 2, 1)]
            assert [future.result() for future in found] == [2, 3, 2]
    assert {file.name.partition("-")[0] for file in done.iterdir()} == {"1", "2"}
    assert len(list(done.iterdir())) <= 3


class _Full:
    """A store that takes one result."""

    def __init__(self):
        self.kept = {}

    def get(self, name):
        return self.kept.get(name)

    def put(self, name, data):
        if self.kept:
            raise OSError(28, "No space left on device")
        self.kept[name] = data


def test_a_full_store_is_told_once_and_the_run_goes_on(tasks):
    told = []
    with Crew(Processes(1), _Full(), told.append) as crew:
        found = [crew.submit(tasks.square, n) for n in range(4)]
        assert [future.result() for future in found] == [0, 1, 4, 9]
    assert len(told) == 1
    assert "No space left on device" in told[0]
