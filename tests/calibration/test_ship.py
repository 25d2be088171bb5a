"""What ships of a fit comes back, or is refused with a reason."""

from dataclasses import replace

import numpy as np
import pytest

from oestra.calibration import ship
from oestra.calibration.checkpoint import State
from oestra.calibration.fact import facts
from oestra.calibration.free import free_parameters
from oestra.calibration.objective import Objective
from oestra.calibration.ship import ship_fit, shipped_problem, shipped_state
from oestra.core.errors import InputError
from oestra.model.fit import Compared, Fit, Fitted, arrays_beside, read_fit
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
FIT = Fit(
    belongs_to={"code": "1"},
    settings={
        "patients": 123,
        "most": 45,
        "draws": 2,
        "cohorts": 2,
        "seed": 6,
        "rounds": 3,
    },
    losses=(9.0, 4.0),
    best={item.name: item.value(0.25) for item in FREE},
    fitted=tuple(
        Fitted(
            name=item.name, prior=(0.5, 1.0, 2.0), standardized=0.25, contraction=0.1
        )
        for item in FREE
    ),
    residuals=tuple(Compared(id=name, residual=-0.5, value=0.7) for name in MET),
    between_trials={"sd": 0.2, "slope": [0.5] * len(MET)},
    names=tuple(item.name for item in FREE),
    ensemble=np.outer(np.linspace(1, 2, 3), [item.value(0.0) for item in FREE]),
)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Let the package's own files lie in an empty folder."""
    path = tmp_path / "fit.json"
    monkeypatch.setattr(ship, "_package_file", lambda: path)
    monkeypatch.setattr(
        ship, "shipped_fit", lambda: read_fit(path) if path.is_file() else None
    )
    return path


def test_a_shipped_fit_comes_back(package):
    assert ship_fit(FIT, package, state=STATE) == package
    found = read_fit(package)
    assert np.array_equal(found.ensemble, FIT.ensemble)
    assert replace(found, ensemble=FIT.ensemble) == FIT
    objective, state, between = shipped_problem()
    assert (between.sd, len(between.slope)) == (0.2, len(MET))
    assert (objective.patients, objective.most, objective.seed) == (123, 45, 6)
    assert objective.cohorts == 2
    assert state.z == pytest.approx(STATE.z)
    assert state.columns == pytest.approx(STATE.columns, rel=1e-6)
    assert sorted(path.name for path in package.parent.iterdir()) == [
        "fit.json",
        "fit_arrays.npz",
    ]


def test_where_no_fit_ships_the_reason_is_said(package):
    assert shipped_state() is None
    with pytest.raises(InputError, match="oestra calibrate"):
        shipped_problem()


def test_a_damaged_state_is_refused(package):
    ship_fit(FIT, package, state=STATE)
    file = arrays_beside(package)
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(InputError, match="damaged"):
        shipped_state()
    with pytest.raises(InputError, match="damaged"):
        read_fit(package)


def test_a_damaged_record_is_refused(package):
    ship_fit(FIT, package, state=STATE)
    whole = package.read_text(encoding="utf-8")
    for text in (whole[:-9], "[]", "{}", whole.replace('"prior"', '"before"')):
        package.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=r"cannot be read|damaged"):
            read_fit(package)


@pytest.mark.parametrize("part", ["fitted", "residuals"])
def test_a_fit_of_other_things_is_refused(package, part):
    other = replace(FIT, **{part: getattr(FIT, part)[1:]})
    ship_fit(other, package, state=STATE)
    with pytest.raises(InputError, match="other parameters or endpoints"):
        shipped_problem()
