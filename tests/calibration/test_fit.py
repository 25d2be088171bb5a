"""The fit finds a known minimum, and goes on from where it was killed."""

from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from oestra.calibration import fit as fit_module
from oestra.calibration import stages
from oestra.calibration.carried_over import carried_over
from oestra.calibration.checkpoint import State, read_state, write_state
from oestra.calibration.fact import facts
from oestra.calibration.fit import Pace, problem_key, residual_at
from oestra.calibration.posterior import contraction, laplace
from oestra.calibration.softening import hardened, soften, weight
from oestra.calibration.step import expected
from oestra.calibration.trial_size import MOST, PATIENTS, noise
from oestra.core.errors import InputError
from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams

SLOPES = np.array([[3.0, 0.0, 1.0], [0.5, 2.0, -1.0], [0.0, 1.0, 4.0], [1.0, 1.0, 0.0]])
GOAL = np.array([0.4, -0.2, 0.3, 0.1])
START = np.array([0.1, 0.2, -0.3])
BASE = ParameterSet({"a": 1.0})

SOFT = np.sqrt(1.5)
"""Slope of a softened residual at zero, two degrees of freedom."""
EXACT = np.linalg.solve(1.5 * SLOPES.T @ SLOPES + np.eye(3), 1.5 * SLOPES.T @ GOAL)

pytestmark = pytest.mark.usefixtures("in_threads")

fit = partial(fit_module.fit, pairs=3)
fit_in_stages = partial(stages.fit_in_stages, pairs=3)


@dataclass(frozen=True)
class Bowl:
    """A problem with three parameters, four endpoints and a little curvature."""

    bend: float = 0.0
    seed: int = 1
    base: ParameterSet = BASE
    free: tuple = tuple(SimpleNamespace(name=name) for name in "abc")
    rows: tuple = tuple(SimpleNamespace(id=str(i)) for i in range(4))
    patients: int = PATIENTS
    most: int = MOST
    draws: int = 1
    with_facts: bool = True
    cohorts: int = 1
    first: int = 0

    @property
    def lives(self):
        return self.cohorts * self.patients

    def population(self, number):
        return replace(self, cohorts=1, first=number)

    def evaluate(self, z):
        found = SLOPES @ z + self.bend * np.sin(z).sum() ** 2 - GOAL
        return SimpleNamespace(residual=found, normal=np.zeros(4, dtype=bool))


@dataclass(frozen=True)
class Rough(Bowl):
    """The bowl, seen through the noise of finite populations: no slope is its own."""

    def evaluate(self, z):
        found = super().evaluate(z).residual
        noise = 0.15 * np.sin(1e4 * np.sum(z) + np.arange(4.0) ** 2)
        return SimpleNamespace(residual=found + noise, normal=np.zeros(4, dtype=bool))


def test_softening_keeps_small_residuals_and_their_order():
    residual = np.array([-30.0, -3.0, -0.1, 0.0, 0.1, 1.0, 3.0, 10.0, 30.0])
    found = soften(residual)
    assert np.all(np.diff(found) > 0)
    assert soften(-residual) == pytest.approx(-found)
    # Half the square is the negative log density of Student's t, up to a constant.
    density = stats.t.logpdf(residual, df=2)
    assert 0.5 * found**2 == pytest.approx(density[3] - density)


def test_hardening_undoes_softening_and_knows_its_slope():
    residual = np.array([-30.0, -3.0, -1e-9, 0.0, 1e-7, 0.1, 1.0, 10.0])
    found, slope = hardened(soften(residual))
    assert found == pytest.approx(residual, abs=1e-12)
    step = 1e-4
    rise = (soften(residual + step) - soften(residual - step)) / (2 * step)
    assert slope == pytest.approx(rise, rel=1e-5)


def test_only_what_may_be_an_outlier_is_softened():
    seen = np.array([-30.0, -3.0, 3.0, 30.0])
    normal = np.array([True, False, True, False])
    problem = SimpleNamespace(
        evaluate=lambda _: SimpleNamespace(residual=seen, normal=normal)
    )
    found = residual_at(problem, np.zeros(1))
    assert found[[1, 3]] == pytest.approx(soften(seen[[1, 3]]))
    assert found[[0, 2]].tolist() == [-8.0, 3.0]


class KilledError(Exception):
    """Stands for the machine going down."""


def killer(after):
    """Return a progress callback that kills the fit at a call."""
    calls = 0

    def progress(*_):
        nonlocal calls
        calls += 1
        if calls == after:
            raise KilledError

    return progress


def same(one, other):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("z", "residual", "columns", "doubt", "losses")
    ) and all(
        getattr(one, name) == getattr(other, name)
        for name in ("reach", "round", "renewals")
    )


def killed_anywhere(tmp_path, problem, whole, *, calls, way=fit, start=START, **how):
    """Kill the fit at every call of its progress, and go on."""
    for after in range(1, calls + 1):
        path = tmp_path / f"killed {after}"
        with pytest.raises(KilledError):
            way(problem, start, path=path, progress=killer(after), **how)
        assert same(way(problem, start, path=path, **how), whole)


def test_a_linear_problem_is_solved(tmp_path):
    found = fit(Bowl(), START, path=tmp_path / "fit", rounds=25)
    # Softened residuals are not quite linear, and the fit allows for noise.
    assert found.z == pytest.approx(EXACT, abs=0.015)
    assert found.losses[-1] < 0.1 * found.losses[0]
    # The Jacobian is drawn toward zero by the noise it allows for, and by softening.
    known, true = found.columns.ravel(), SOFT * SLOPES.T.ravel()
    assert np.corrcoef(known, true)[0, 1] > 0.98
    assert np.all(np.abs(known) < np.abs(true) + 0.4)


def test_a_noisy_problem_is_solved_as_well_as_its_noise_allows(tmp_path):
    found = fit(Rough(), START, path=tmp_path / "fit", rounds=40)
    assert found.z == pytest.approx(EXACT, abs=0.12)
    # The residuals that are reported have the noise of one evaluation filtered out.
    smooth = soften(SLOPES @ found.z - GOAL)
    one = soften(Rough().evaluate(found.z).residual)
    assert np.abs(found.residual - smooth).max() < 0.15
    assert np.abs(one - smooth).max() > 0.05


def test_a_fit_killed_anywhere_goes_on_with_the_same_result(tmp_path):
    problem = Bowl(bend=0.2)
    calls = []
    whole = fit(
        problem, START, path=tmp_path / "whole", rounds=3,
        progress=lambda *told: calls.append(told),
    )  # fmt: skip
    assert len(calls) > len(START)
    killed_anywhere(tmp_path, problem, whole, rounds=3, calls=len(calls))


def test_a_finished_fit_goes_on_with_a_jacobian_of_its_own(tmp_path):
    problem = Bowl(bend=0.2)
    whole = fit(problem, START, path=tmp_path / "whole", rounds=4)
    path = tmp_path / "parts"
    for rounds in (1, 2, 4):
        found = fit(problem, START, path=path, rounds=rounds)
    assert same(found, whole)
    assert same(fit(problem, START, path=path, rounds=4), whole)


def test_slopes_are_measured_again_on_the_way(tmp_path):
    problem, soon = Bowl(bend=0.2), Pace(2, 1)
    told = []
    whole = fit(
        problem, START, path=tmp_path / "whole", rounds=4, pace=soon,
        progress=lambda *what: told.append(what),
    )  # fmt: skip
    assert (whole.renewals, whole.halves.size, whole.lengths.size) == (2, 0, 0)
    again = [what[1:] for what in told if what[0] == "slopes again"]
    assert again == [(pair, 3) for pair in (1, 2, 3)] * 2
    # Doubt of them is less than without.
    never = fit(problem, START, path=tmp_path / "never", rounds=4)
    assert never.renewals == 0
    assert np.trace(whole.doubt[1:, 1:]) < np.trace(never.doubt[1:, 1:])
    killed_anywhere(tmp_path, problem, whole, rounds=4, calls=len(told), pace=soon)


FAR = np.array([9.0, -7.0, 8.0])
"""Some forty standard errors off: nearly all pull of Student's errors is gone."""


def test_stages_find_the_minimum_from_far_away(tmp_path):
    assert np.abs(SLOPES @ FAR - GOAL).max() > 20
    path = tmp_path / "fit.npz"
    found = fit_in_stages(Bowl(), FAR, path=path, rounds=40)
    assert found.z == pytest.approx(EXACT, abs=0.03)
    # At the end errors are as without stages, and the loss is of them.
    assert found.freedom == STATE.freedom
    smooth = soften(SLOPES @ found.z - GOAL)
    assert found.residual == pytest.approx(smooth, abs=0.15)
    names = {"fit.npz", "fit.far.npz", "fit.near.npz"}
    assert {item.name for item in tmp_path.iterdir()} == names


def test_only_the_last_stage_sees_all_populations(tmp_path):
    seen = []

    class Watched(Bowl):
        def evaluate(self, z):
            seen.append((self.patients, self.cohorts, self.first))
            return super().evaluate(z)

    whole = replace(Watched(), cohorts=3)
    fit_in_stages(whole, START, path=tmp_path / "fit.npz", rounds=10)
    steps = [(PATIENTS // 2, 1, 0), (PATIENTS, 3, 0)]
    assert [one for one in dict.fromkeys(seen) if one[2] == 0] == steps
    # Slopes are those of populations that no step is judged by.
    own = {one[:2]: [] for one in seen if one[2]}
    for patients, cohorts, first in dict.fromkeys(seen):
        if first:
            own[patients, cohorts].append(first)
    assert min(own[PATIENTS // 2, 1]) == 1
    assert min(own[PATIENTS, 1]) == 3
    assert set(own) == {(PATIENTS // 2, 1), (PATIENTS, 1)}


def test_a_staged_fit_killed_anywhere_goes_on_with_the_same_result(tmp_path):
    problem, told = Bowl(bend=0.01), []
    whole = fit_in_stages(
        problem, FAR, path=tmp_path / "whole.npz", rounds=10,
        progress=lambda *what: told.append(what),
    )  # fmt: skip
    parts = {what[0].partition(":")[0] for what in told}
    assert parts == {"far", "near", "whole"}
    killed_anywhere(
        tmp_path, problem, whole, calls=len(told), way=fit_in_stages, start=FAR,
        rounds=10,
    )  # fmt: skip


def test_a_leap_teaches_little_of_slopes():
    hard = np.array([0.4, -0.2, 0.3, 6.0])
    slope = hardened(soften(hard))[1]

    def learned(there):
        state = replace(
            STATE,
            z=np.zeros(3),
            residual=soften(hard),
            columns=SLOPES.T * slope,
            doubt=0.05 * np.eye(4),
        )
        move = np.array([0.3, 0.0, 0.0])
        fit_module._learn(state, move, soften(there), 0.15)
        return (state.columns / hardened(state.residual)[1])[0, 3]

    straight = hard + 0.3 * SLOPES[:, 0]
    assert learned(straight) == pytest.approx(SLOPES[3, 0], abs=0.01)
    far, farther = (learned(straight - [0, 0, 0, off]) for off in (20.0, 36.0))
    assert abs(far - SLOPES[3, 0]) < 2
    assert farther == pytest.approx(far, abs=0.2)


def test_heavier_tails_let_far_numbers_pull_less():
    far = np.array([3.0, 10.0, 30.0])
    for few, many in pairwise((1.0, 2.0, 10.0, 100.0)):
        assert np.all(soften(far, few) < soften(far, many))
        assert np.all(weight(far, few) < weight(far, many))
    back, _ = hardened(soften(far, 10.0), 10.0)
    assert back == pytest.approx(far)


def test_what_is_expected_after_a_move_is_exact_where_the_problem_is_straight():
    state = replace(STATE, freedom=4.0)
    state.z, state.columns = np.zeros(3), SLOPES.T.copy()
    hard = np.array([5.0, -20.0, 0.3, 2.0])
    state.residual = soften(hard, 4.0)
    state.columns = SLOPES.T * hardened(state.residual, 4.0)[1]
    move = np.array([-1.0, 4.0, 0.5])
    there, steeper = expected(state, move)
    assert there == pytest.approx(soften(hard + SLOPES @ move, 4.0))
    slope = hardened(there, 4.0)[1]
    assert state.columns * steeper == pytest.approx(SLOPES.T * slope)


def test_pairs_that_were_measured_count_however_few_are_asked_for_later(tmp_path):
    problem, soon = Bowl(bend=0.2), Pace(0, 9)
    whole = fit(problem, START, path=tmp_path / "whole", rounds=1, pace=soon)
    path = tmp_path / "stopped"

    def stop(what, done, _total):
        if (what, done) == ("slopes again", 3):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(problem, START, path=path, rounds=1, pace=soon, progress=stop)
    assert same(fit(problem, START, path=path, rounds=1, pace=soon, pairs=2), whole)
    fewer = fit(problem, START, path=tmp_path / "2", rounds=1, pace=soon, pairs=2)
    assert not same(fewer, whole)


def test_fewer_patients_are_trusted_less(tmp_path):
    assert noise(PATIENTS // 4) == pytest.approx(2 * noise(PATIENTS))
    few = fit(
        replace(Bowl(), patients=PATIENTS // 4), START, path=tmp_path / "few", rounds=3
    )
    many = fit(Bowl(), START, path=tmp_path / "many", rounds=3)
    assert few.doubt[0, 0] > many.doubt[0, 0]
    whole = fit(replace(Bowl(), cohorts=4), START, path=tmp_path / "4", rounds=3)
    assert whole.doubt[0, 0] < many.doubt[0, 0]
    assert np.trace(few.doubt) > np.trace(many.doubt)


def test_workers_do_not_matter(tmp_path):
    one = fit(Bowl(bend=0.2), START, path=tmp_path / "1", rounds=2, workers=1)
    three = fit(Bowl(bend=0.2), START, path=tmp_path / "3", rounds=2, workers=3)
    assert same(one, three)


def test_another_problem_is_refused(tmp_path):
    path = tmp_path / "fit"
    fit(Bowl(), START, path=path, rounds=1)
    for other in (
        replace(Bowl(), seed=2),
        replace(Bowl(), patients=11),
        replace(Bowl(), cohorts=2),
        replace(Bowl(), base=ParameterSet({"a": 2.0})),
        replace(Bowl(), free=Bowl().free[:2]),
    ):
        assert problem_key(other) != problem_key(Bowl())
        with pytest.raises(InputError, match="belongs to another fit"):
            fit(other, START, path=path, rounds=1)


def test_another_fact_is_another_problem(monkeypatch):
    key = problem_key(Bowl())
    first, *rest = facts()
    moved = (replace(first, estimate=1.1 * first.estimate), *rest)
    monkeypatch.setattr(fit_module, "facts", lambda: moved)
    assert problem_key(Bowl()) != key
    assert problem_key(replace(Bowl(), with_facts=False)) != key


STATE = State(
    key="abc",
    z=np.array([0.1, -0.2]),
    residual=np.arange(3.0),
    columns=np.array([[1.0, 2.0, 3.0], [np.nan] * 3]),
    doubt=np.array([[0.2, 0.1], [0.1, 0.3]]),
    reach=0.3,
    round=2,
    losses=np.array([5.0, 4.0]),
)


def test_a_checkpoint_comes_back_as_it_was(tmp_path):
    path = tmp_path / "new" / "fit"
    assert read_state(path, "abc") is None
    write_state(STATE, path)
    found = read_state(path, "abc")
    assert found is not None
    assert same(found, STATE)
    with pytest.raises(InputError, match="belongs to another fit"):
        read_state(path, "abd")


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_harmed_checkpoint_is_refused_or_unharmed(tmp_path, harm, data):
    path = tmp_path / "fit"
    write_state(STATE, path)
    harm(path, data)
    try:
        found = read_state(path, "abc")
    except InputError:
        return
    assert found is not None
    assert same(found, STATE)


def test_a_checkpoint_whose_numbers_were_changed_is_refused(tmp_path):
    path = tmp_path / "fit"
    write_state(STATE, path)
    with np.load(path) as stored:
        arrays = dict(stored)
    arrays["z"] = arrays["z"] + 1e-12
    with path.open("wb") as file:
        np.savez(file, **arrays)
    with pytest.raises(InputError, match="was altered"):
        read_state(path, "abc")


def test_posterior_of_a_linear_problem():
    found = laplace(START, SLOPES.T)
    exact = np.linalg.inv(SLOPES.T @ SLOPES + np.eye(3))
    assert found.covariance == pytest.approx(exact)
    drawn = found.draw(20_000, Streams(1))
    assert np.cov(drawn.T) == pytest.approx(exact, abs=0.01)
    assert drawn.mean(axis=0) == pytest.approx(START, abs=0.02)
    narrowed = contraction(found)
    assert np.all((narrowed > 0) & (narrowed < 1))
    assert contraction(laplace(START, np.zeros((3, 4)))) == pytest.approx(0.0)


def test_a_checkpoint_that_unpacks_to_much_is_refused(tmp_path):
    path = tmp_path / "fit.npz"
    np.savez_compressed(path, columns=np.zeros(40 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(InputError, match="at most 256 MiB are read"):
        read_state(path, "key")


def test_slopes_taken_over_follow_the_width_of_priors():
    state = replace(
        STATE,
        columns=np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        doubt=np.diag([0.1, 0.2, 0.3]),
    )
    known = (["a", "b"], ["x", "y", "z"])
    asked = (["b", "c"], ["z", "x", "new"])
    found = carried_over(state, known, asked, np.array([1.0, 2.0]))
    assert found.columns == pytest.approx(np.array([[12.0, 8.0, 0.0], [0.0] * 3]))
    # Variances by the square; of a slope that nothing is known of, one.
    assert np.diag(found.doubt) == pytest.approx([1.0, 1.2, 1.0])
