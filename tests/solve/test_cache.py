"""Object code is shared by processes and never half-written."""

import subprocess
import sys

import numpy as np

from oestra.solve import compile_model
from oestra.solve.cache import remembered

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
