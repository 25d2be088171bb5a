"""The cell starts from the cache as it starts without, and without what it costs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from oestra.network.cell import OUTPUTS, composed_sbml
from oestra.solve.expression import fingerprint
from oestra.solve.program import prepare
from oestra.solve.sbml import read_sbml, recall_sbml

SCRIPT = """
import hashlib, json, sys
from oestra.network.cell import cell
c = cell()
p = c.parameter_array(3, {})
y = c.model.initial_states(p)
y[1:] *= 1.5
seen = c.kernel.advance(y, p, 0.0, 30.0, at=[10.0, 20.0])
numbers = b"".join(a.tobytes() for a in (y, p, seen.y, seen.outputs, seen.steps))
heavy = "libsbml scipy pandas pint pydantic oestra.solve.generate".split()
loaded = [name for name in heavy if name in sys.modules]
print(json.dumps([hashlib.sha256(numbers).hexdigest(), loaded]))
"""


def _fresh(cache: Path) -> tuple[str, list[str]]:
    done = subprocess.run(  # noqa: S603 - a script of this file
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "OESTRA_CACHE": str(cache)},
        capture_output=True,
        check=True,
    )
    digest, loaded = json.loads(done.stdout)
    return digest, loaded


def test_cold_warm_and_damaged_caches_give_the_same_bits(tmp_path):
    cold, used = _fresh(tmp_path)
    assert {"libsbml", "oestra.solve.generate"} <= set(used)
    warm, used = _fresh(tmp_path)
    assert warm == cold
    assert used == []
    stored = sorted((tmp_path / "objects").iterdir())
    assert sorted(path.suffix for path in stored) == [".model", ".o"]
    whole = {path: path.read_bytes() for path in stored}
    for path, data in whole.items():
        path.write_bytes(data[: len(data) // 2])
    mended, used = _fresh(tmp_path)
    assert mended == cold
    assert "libsbml" in used
    for path, data in whole.items():
        assert len(path.read_bytes()) == len(data)


def test_recalled_model_is_the_model_that_was_read(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path))
    text = composed_sbml()
    read, first, again = read_sbml(text), recall_sbml(text), recall_sbml(text)
    for model in (first, again):
        assert model.ode.states == read.ode.states
        assert model.ode.parameters == read.ode.parameters
        assert model.ode.rhs == read.ode.rhs
        assert model.ode.outputs == read.ode.outputs
        assert model.ode.digest == read.ode.digest
        assert model.initial_values == read.initial_values
        assert (model.events, model.units) == (read.events, read.units)
        assert repr(model.symbols) == repr(read.symbols)
        np.testing.assert_array_equal(model.ode.values, read.ode.values)
        np.testing.assert_array_equal(model.ode.initial, read.ode.initial)


def test_code_written_for_the_recalled_model_is_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("OESTRA_CACHE", str(tmp_path))
    text = composed_sbml()
    one = prepare(read_sbml(text).ode, OUTPUTS, {})
    two = prepare(recall_sbml(text).ode, OUTPUTS, {})
    assert fingerprint([*one.rhs, *one.outputs]) == fingerprint(
        [*two.rhs, *two.outputs]
    )
    assert list(one.jacobian) == list(two.jacobian)
    assert one.plan == two.plan
