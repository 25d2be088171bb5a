"""What ships of a fit comes back, or is refused with a reason."""

import json

import numpy as np
import pytest

from oestra.calibration import ship
from oestra.calibration.checkpoint import State
from oestra.calibration.fact import facts
from oestra.calibration.free import free_parameters
from oestra.calibration.objective import Objective
from oestra.calibration.ship import ship_fit, shipped_problem, shipped_state
from oestra.core.errors import InputError
from oestra.model.parameters import prior_parameters

FREE = free_parameters()
MET = [row.id for row in Objective.of_trials(FREE, prior_parameters()).rows]
MET += [fact.id for fact in facts()]
STATE = State(
    key="k",
    z=np.linspace(-1, 1, len(FREE)),
    residual=np.linspace(-2, 2, len(MET)),
    columns=np.outer(np.linspace(0, 1, len(FREE)), np.linspace(1, 2, len(MET))),
    round=3,
)
RECORD = {
    "settings": {"patients": 123, "most": 45, "draws": 2, "seed": 6, "rounds": 3},
    "fitted": [{"name": item.name} for item in FREE],
    "residuals": [{"id": name} for name in MET],
    "between_trials": {"sd": 0.2, "slope": [0.5] * len(MET)},
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Let the package's own files lie in an empty folder."""
    path = tmp_path / "fit.json"
    monkeypatch.setattr(ship, "_package_file", lambda: path)
    monkeypatch.setattr(
        ship, "shipped_fit", lambda: json.loads(path.read_text(encoding="utf-8"))
    )
    return path


def test_a_shipped_fit_comes_back(package):
    assert ship_fit(RECORD, package, state=STATE) == package
    objective, state, between = shipped_problem()
    assert (between.sd, len(between.slope)) == (0.2, len(MET))
    assert (objective.patients, objective.most, objective.seed) == (123, 45, 6)
    assert state.z == pytest.approx(STATE.z)
    assert state.columns == pytest.approx(STATE.columns, rel=1e-6)
    assert sorted(path.name for path in package.parent.iterdir()) == [
        "fit.json",
        "fit_state.npz",
    ]


def test_without_a_state_the_reason_is_said(package):
    ship_fit(RECORD, package)
    assert shipped_state() is None
    with pytest.raises(InputError, match="oestra calibrate"):
        shipped_problem()


def test_a_damaged_state_is_refused(package):
    ship_fit(RECORD, package, state=STATE)
    file = package.with_name("fit_state.npz")
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(InputError, match="damaged"):
        shipped_state()


@pytest.mark.parametrize("part", ["fitted", "residuals"])
def test_a_fit_of_other_things_is_refused(package, part):
    ship_fit({**RECORD, part: RECORD[part][1:]}, package, state=STATE)
    with pytest.raises(InputError, match="other parameters or endpoints"):
        shipped_problem()
