"""Object code is shared by processes and never half-written."""

import errno
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

from oestra.solve import OdeModel, compile_model
from oestra.solve.cache import _seal, remembered
from oestra.solve.expression import state
from oestra.solve.sbml import recall_sbml, sbml_of_antimony


class _Full:
    """A file on a disk that is full."""

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, _):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


SCRIPT = """
import numpy as np
from oestra.solve import OdeModel, compile_model
from oestra.solve.expression import state
model = OdeModel(name="d", states=("y",), parameters=(), initial=np.ones(1),
                 values=np.zeros(0), rhs=(-state(0),), outputs={}, digest="d")
print(repr(float(compile_model(model).advance([1.0], np.zeros((1, 0)), 0, 1).y[0, 0])))
"""


def test_two_processes_share_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path))
    runs = [
        subprocess.Popen(  # noqa: S603 - a script of this file
            [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    first, second = (run.communicate()[0] for run in runs)
    assert first == second
    assert abs(float(first) - np.exp(-1.0)) < 1e-3
    assert [path.suffix for path in (tmp_path / "objects").iterdir()] == [".o"]


def test_made_once_and_made_again_when_damaged(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path))
    calls = []

    def make() -> bytes:
        calls.append(1)
        return b"code"

    assert [remembered("model", make, read=bytes) for _ in range(3)] == [b"code"] * 3
    assert len(calls) == 1
    (path,) = (tmp_path / "objects").iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    assert remembered("model", make, read=bytes) == b"code"
    assert len(calls) == 2


def test_a_file_of_another_key_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path))
    assert remembered("one", lambda: b"first", read=bytes) == b"first"
    (path,) = (tmp_path / "objects").iterdir()
    content = path.read_bytes()
    assert remembered("two", lambda: b"second", read=bytes) == b"second"
    (other,) = set((tmp_path / "objects").iterdir()) - {path}
    other.write_bytes(content)
    assert remembered("two", lambda: b"second", read=bytes) == b"second"
    assert other.read_bytes() != content


def test_object_code_of_another_model_is_not_run(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path))

    def decay(rate):
        model = OdeModel(
            name="decay", states=("y",), parameters=(), initial=np.ones(1),
            values=np.zeros(0), rhs=(state(0) * -rate,), outputs={}, digest="",
        )  # fmt: skip
        end = compile_model(model).advance([1.0], np.zeros((1, 0)), 0.0, 1.0)
        return end.outcome[0], end.y[0, 0]

    slow = decay(1.0)
    folder = tmp_path / "objects"
    (path,) = folder.iterdir()
    content = path.read_bytes()
    fast = decay(2.0)
    (other,) = set(folder.iterdir()) - {path}
    other.write_bytes(content)
    assert decay(2.0) == fast
    assert decay(1.0) == slow != fast


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_may_write_is_made_anew(tmp_path, monkeypatch, mode):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path))
    assert remembered("model", lambda: b"code", read=bytes) == b"code"
    (path,) = (tmp_path / "objects").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(mode)
    assert remembered("model", lambda: b"new", read=bytes) == b"new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_bytes_that_cannot_be_read_are_made_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path))
    assert remembered("model", lambda: b"x", read=bytes) == b"x"
    assert remembered("model", lambda: b"7", read=int) == 7
    assert remembered("model", lambda: b"8", read=int) == 7


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path))

    opened = os.fdopen
    monkeypatch.setattr(os, "fdopen", lambda *given: _Full(opened(*given)))
    assert remembered("model", lambda: b"code", read=bytes) == b"code"
    monkeypatch.setattr(os, "fdopen", opened)
    assert list((tmp_path / "objects").iterdir()) == []


def test_a_stored_model_starts_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path))
    text = sbml_of_antimony("model m; k = 1; S = 2; S' = -k*S; end", "m")
    model = recall_sbml(text)
    (path,) = (tmp_path / "objects").iterdir()
    assert path.suffix == ".model"

    class Command:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "ran"),))

    for body in (pickle.dumps(Command()), b"[[], 1]", b"[]", b"{", b'[[], ["os", 1]]'):
        # Whoever can write the file can also compute its seal.
        path.write_bytes(_seal(path, body) + body)
        again = recall_sbml(text)
        assert not (tmp_path / "ran").exists()
        assert again.ode.rhs == model.ode.rhs
        assert again.ode.states == model.ode.states
        assert path.read_bytes()[32:] != body


def test_folder_that_cannot_be_written(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("OESTRA_CACHE", str(blocked))
    assert remembered("model", lambda: b"code", read=bytes) == b"code"


def test_second_compilation_is_the_same_code(problems):
    model = problems.robertson()
    one, two = compile_model(model), compile_model(model)
    a = one.advance(model.initial, model.values, 0.0, 10.0)
    b = two.advance(model.initial, model.values, 0.0, 10.0)
    np.testing.assert_array_equal(a.y, b.y)
