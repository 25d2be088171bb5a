"""Nothing half-written is ever seen, and what dead runs left is removed."""

import os
import subprocess
import sys

import pytest

from oestra.core.partial import complete_file, partial_name, sweep

KILLED = """
import os, signal, sys
from pathlib import Path
from oestra.core.partial import complete_file
with complete_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def half_write():
        with complete_file(path) as file:
            file.write(b"new")
            raise KeyError("a fault")

    with pytest.raises(KeyError, match="a fault"):
        half_write()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("private", [False, True])
def test_who_may_read(tmp_path, private):
    path = tmp_path / "new" / "a"
    before = os.umask(0o022)
    try:
        with complete_file(path, private=private) as file:
            file.write(b"new")
    finally:
        os.umask(before)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == (0o600 if private else 0o644)


def test_what_a_killed_run_left_goes_with_the_next(tmp_path):
    path = tmp_path / "a"
    done = subprocess.run(  # noqa: S603 - a script of this file
        [sys.executable, "-c", KILLED, str(path)], check=False
    )
    assert done.returncode < 0
    (left,) = tmp_path.iterdir()
    assert left != path
    with complete_file(tmp_path / "b") as file:
        file.write(b"whole")
    assert [found.name for found in tmp_path.iterdir()] == ["b"]


def test_what_may_still_be_written_stays(tmp_path):
    own = tmp_path / partial_name("a")
    machine, rest = own.name.split(".")[2].split("-", 1)
    other = tmp_path / f".a.{'0' * 8 if machine != '0' * 8 else '1' * 8}-{rest}.part"
    foreign = tmp_path / ".a.part"
    for path in (own, other, foreign):
        path.write_bytes(b"half")
    sweep(tmp_path)
    assert {own, other, foreign} == set(tmp_path.iterdir())
    os.utime(other, (0, 0))
    sweep(tmp_path)
    assert {own, foreign} == set(tmp_path.iterdir())
