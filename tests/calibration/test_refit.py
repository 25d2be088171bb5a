"""A fit in steps forgets what a trial alone had said."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from oestra.calibration.between import BetweenTrials
from oestra.calibration.checkpoint import State
from oestra.calibration.fit import residual_at
from oestra.calibration.refit import refit_without, refit_worst, worst_trials
from oestra.calibration.trial_size import PATIENTS
from oestra.calibration.validate import LeftOut
from oestra.core.errors import InputError
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Use

FITTED = [row for row in targets() if row.use is Use.FIT]
RATIOS = [row for row in FITTED if row.kind == "hazard_ratio"]
ROWS = tuple({row.trial: row for row in RATIOS}.values())[:3]
SLOPES = np.array([[2.0, 0.0], [1.5, 1.0], [0.0, 2.0]])
GOAL = np.array([1.0, -0.5, 2.0])

pytestmark = pytest.mark.usefixtures("in_threads")


@dataclass(frozen=True)
class Three:
    """Three trials of one endpoint each, and two parameters."""

    rows: tuple = ROWS
    lives: int = PATIENTS
    cohorts: int = 1
    with_facts: bool = False
    seed: int = 1

    def part(self, _):
        return self

    def evaluate(self, z):
        which = [ROWS.index(row) for row in self.rows]
        found = (SLOPES @ z + 0.1 * np.sin(z).sum() - GOAL)[which]
        return SimpleNamespace(residual=found, normal=np.zeros(len(which), dtype=bool))


def state_at(z, doubt):
    residual = residual_at(Three(), z)
    slopes = [
        (residual_at(Three(), z + step) - residual) / 0.01 for step in 0.01 * np.eye(2)
    ]
    return State(
        key="",
        z=z,
        residual=residual,
        columns=np.array(slopes),
        doubt=doubt * np.eye(3),
    )


BETWEEN = BetweenTrials(sd=0.0, slope=np.zeros(3))


def test_steps_lead_where_the_other_trials_are_fitted_best():
    z = np.array([0.4, 0.9])
    known = state_at(z, 0.01)
    told = refit_without(Three(), known, BETWEEN, ROWS[2].trial)
    others = replace(Three(), rows=ROWS[:2])

    def loss(at):
        found = residual_at(others, np.array(at))
        return 0.5 * (found @ found + np.dot(at, at))

    grid = np.linspace(-1.0, 1.5, 126)
    best = min(((a, b) for a in grid for b in grid), key=loss)
    row = ROWS[2]
    expected = Three(rows=(row,)).evaluate(np.array(best)).residual[0]
    there = told[0]
    error = (np.log(row.high) - np.log(row.low)) / (2 * 1.959964)
    found = (there.predicted - there.published) / error
    assert found == pytest.approx(expected, abs=0.25)
    # The one it was fitted to is far from what the others say.
    assert abs(Three(rows=(row,)).evaluate(z).residual[0] - expected) > 1.0


def test_the_state_of_the_fit_stays():
    known = state_at(np.array([0.4, 0.9]), 0.01)
    before = [known.z.copy(), known.columns.copy(), known.residual.copy()]
    refit_without(Three(), known, BETWEEN, ROWS[0].trial)
    for one, other in zip(
        before, (known.z, known.columns, known.residual), strict=True
    ):
        assert np.array_equal(one, other)


def test_the_worst_come_first():
    found = [
        LeftOut(row=row, predicted=off, published=0.0, sampling=1.0, uncertainty=0.0)
        for row, off in zip(ROWS, (0.2, -3.0, 1.0), strict=True)
    ]
    names = [row.trial for row in ROWS]
    assert worst_trials(found, 2) == (names[1], names[2])
    assert worst_trials(found, 0) == ()
    known = state_at(np.array([0.4, 0.9]), 0.01)
    (one,) = refit_worst(Three(), known, BETWEEN, found, 1)
    assert one.trial == names[1]
    assert one.one_step == (found[1],)
    assert [item.row for item in one.in_steps] == [ROWS[1]]


def test_a_trial_that_was_not_fitted_is_refused():
    with pytest.raises(InputError, match="no endpoint of 'NONE'"):
        refit_without(Three(), state_at(np.zeros(2), 0.01), BETWEEN, "NONE")
