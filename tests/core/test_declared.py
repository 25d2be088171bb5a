"""A version rises where golden results move, by how much depends on what changed."""

import pytest

from oestra.core import declared
from oestra.core.declared import Declaration, Golden


@pytest.fixture
def declaration(tmp_path, monkeypatch):
    """A declaration of code that changes each time, and of one golden result."""
    values = {"median": 2.5}
    found = Declaration("mine", ("mine",), lambda: Golden(values=dict(values)))
    monkeypatch.setattr(Declaration, "file", tmp_path / "version.json")
    monkeypatch.setattr(declared, "module_closure", tuple)
    monkeypatch.setattr(declared, "text_digest", lambda _modules: f"{values}")
    monkeypatch.setattr(declared, "code_digest", lambda _modules: f"{values}")
    found.declare()
    return found, values


@pytest.mark.parametrize(
    ("moved", "solver", "version"),
    [
        (1e-9, False, 1),
        (1e-5, False, 2),
        (1e-5, True, 1),
        (1e-3, True, 2),
        (1e-3, False, 2),
    ],
)
def test_results_may_move_by_what_changed(declaration, moved, solver, version):
    found, values = declaration
    values["median"] *= 1 + moved
    found.declare(solver=solver)
    assert found.known().version == version
    assert found.known().golden["median"] == values["median"]
