"""Vectors of every width that the machine has: close among each other, each exact."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from llvmlite import binding

SCRIPT = """
import json, sys
import numpy as np
from oestra.network.cell import cell

model = cell()
p = model.parameter_array(21, {"e2_baseline": np.geomspace(0.01, 1.0, 21)})
y = np.tile(model.kernel.code.model.initial, (21, 1))

def end(rows, rtol, threads=2):
    found = model.kernel.advance(
        y[rows], p[rows], 0.0, 60.0, rtol=rtol, atol=1e-3 * rtol, threads=threads
    )
    assert (found.outcome == 0).all(), found.outcome
    return found.y

whole = end(np.arange(21), 1e-4)
order = np.random.default_rng(1).permutation(21)
same = whole[order].tobytes() == end(order, 1e-4).tobytes()
alone = all(whole[[k]].tobytes() == end([k], 1e-4, 1).tobytes() for k in range(21))
print(json.dumps([model.kernel.code.width, same, alone, whole.tolist()]))
"""


def integrate(width):
    done = subprocess.run(  # noqa: S603 - a script of this file
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "OESTRA_VECTOR_WIDTH": width},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def widths():
    features = binding.get_host_cpu_features()
    found = [2]
    found += [4] * bool(features.get("avx2") or features.get("avx512dq"))
    return found + [8] * bool(features.get("avx512dq"))


@pytest.fixture(scope="module")
def results():
    return {width: integrate(str(width)) for width in widths()}


def test_every_width_is_the_one_asked_for(results):
    assert [found[0] for found in results.values()] == list(results)


def test_lanes_are_exact_at_every_width(results):
    assert [found[1:3] for found in results.values()] == [[True, True]] * len(results)


def test_widths_differ_by_rounding_only(results):
    first = np.array(results[2][3])
    for found in results.values():
        apart = np.abs(np.array(found[3]) - first) / np.maximum(np.abs(first), 1e-6)
        # Steps are chosen by an error estimate, so that last digits move them a little.
        assert apart.max() < 1e-9


@pytest.mark.parametrize("text", ["3", "16", "0", "wide", "-2"])
def test_other_widths_are_refused(monkeypatch, text):
    from oestra.core.errors import InputError  # noqa: PLC0415
    from oestra.solve.processor import host  # noqa: PLC0415

    monkeypatch.setenv("OESTRA_VECTOR_WIDTH", text)
    with pytest.raises(InputError, match="OESTRA_VECTOR_WIDTH"):
        host()
