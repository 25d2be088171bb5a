"""What killed runs leave is swept, and what a disk refuses is named."""

import errno
import os
import subprocess
import sys

import pytest

from oestra.core.errors import InputError
from oestra.core.whole_file import whole_file, whole_folder

KILLED = """
import os, signal, sys
from pathlib import Path
from oestra.core.whole_file import whole_folder
with whole_folder(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def hidden(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_the_next_run_sweeps_what_a_killed_one_left(tmp_path):
    words = [sys.executable, "-c", KILLED, str(tmp_path / "out")]
    subprocess.run(words, check=False)  # noqa: S603
    assert len(hidden(tmp_path)) == 1
    with whole_folder(tmp_path / "out") as folder:
        (folder / "manifest.json").write_text("{}")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_results_set_aside_by_a_killed_run_come_back(tmp_path):
    (tmp_path / ".out.before").mkdir()
    (tmp_path / ".out.before" / "manifest.json").write_text("{}")
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "out"):
        raise ZeroDivisionError
    assert (tmp_path / "out" / "manifest.json").read_text() == "{}"
    assert hidden(tmp_path) == []


def test_a_refused_write_names_the_target(tmp_path):
    for whole in (whole_folder, whole_file):
        with (
            pytest.raises(InputError, match=r"Cannot write .*out: No space left"),
            whole(tmp_path / "out"),
        ):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a/" * 2000, "b" * 300, "c/" * 120])
def test_places_where_nothing_can_lie_are_refused(tmp_path, name):
    with pytest.raises((InputError, OSError)), whole_folder(tmp_path / name):
        pass
    assert list(tmp_path.iterdir()) == []
