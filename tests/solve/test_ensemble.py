"""What must not matter does not; what fails is named and harms nobody else."""

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.core.streams import Streams
from oestra.solve import Outcome, Schedule, compile_model, stream
from oestra.solve.expression import operation, time

LANES = 83


@pytest.fixture(scope="module")
def ensemble(problems):
    model = problems.hires()
    kernel = compile_model(model, ("y0", "y5"))
    spread = Streams(1).normal("start", np.arange(LANES), len(model.states))
    y = (model.initial + 0.01) * np.exp(0.5 * spread)
    return kernel, y, np.zeros((LANES, 0))


def same(a, b, pick=slice(None)):
    for name in ("y", "steps", "rejected", "step", "outputs", "reached", "outcome"):
        np.testing.assert_array_equal(getattr(a, name)[pick], getattr(b, name))


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_do_not_matter(ensemble, threads):
    kernel, y, p = ensemble
    options = {"at": [0.0, 1.0, 9.0], "t0": 0.0, "t1": np.linspace(10, 300, LANES)}
    one = kernel.advance(y, p, **options, threads=1)
    same(one, kernel.advance(y, p, **options, threads=threads))


def test_order_and_batches_do_not_matter(ensemble):
    kernel, y, p = ensemble
    ends = np.linspace(10, 300, LANES)
    whole = kernel.advance(y, p, 0.0, ends, at=[5.0])
    shuffled = Streams(2).permutation("order", 0, LANES)
    part = kernel.advance(y[shuffled], p[shuffled], 0.0, ends[shuffled], at=[5.0])
    same(whole, part, shuffled)
    for first in range(0, LANES, 7):
        pick = slice(first, first + 7)
        same(whole, kernel.advance(y[pick], p[pick], 0.0, ends[pick], at=[5.0]), pick)


def test_stream_equals_one_call(ensemble):
    kernel, y, p = ensemble
    whole = kernel.advance(y, p, 0.0, 50.0)
    parts = stream(kernel, LANES, lambda k: (y[k], p[k]), chunk=10, t0=0.0, t1=50.0)
    for numbers, part in parts:
        same(whole, part, numbers)


def test_inputs_are_not_modified(ensemble):
    kernel, y, p = ensemble
    before = y.copy()
    kernel.advance(y, p, 0.0, 50.0)
    np.testing.assert_array_equal(y, before)


def test_failing_lanes_are_named_and_harm_nobody(problems):
    (y,), (k,) = problems.states(1), problems.parameters(1)
    kernel = compile_model(problems.model([-(y**k) + 1.0 / k], [1.0], [1.5]))
    p = np.full((40, 1), 1.5)
    clean = kernel.advance(np.ones((40, 1)), p, 0.0, 5.0)
    p[3], p[17], p[18] = np.nan, 0.0, -np.inf
    start = np.ones((40, 1))
    start[29] = np.nan
    result = kernel.advance(start, p, 0.0, 5.0)
    bad = [3, 17, 18, 29]
    good = np.setdiff1d(np.arange(40), bad)
    assert {Outcome(int(c)) for c in result.outcome[bad]} == {Outcome.NON_FINITE}
    assert result.failures() == {Outcome.NON_FINITE: 4}
    np.testing.assert_array_equal(result.y[good], clean.y[good])
    assert all(outcome.advice.endswith(".") for outcome in Outcome)


def test_blow_up_is_named(problems):
    (y,) = problems.states(1)
    kernel = compile_model(problems.model([y * y], [1.0]))
    result = kernel.advance([[1.0]], np.zeros((1, 0)), 0.0, 2.0)
    assert not Outcome(int(result.outcome[0])).usable
    assert result.reached[0] == pytest.approx(1.0, abs=1e-3)


def test_step_budget(problems):
    model = problems.brusselator()
    kernel = compile_model(model)
    result = kernel.advance(model.initial, model.values, 0.0, 1e6, max_steps=500)
    assert result.outcome[0] == Outcome.STEP_LIMIT
    assert result.steps[0] + result.rejected[0] == 500


def test_oscillation_is_reported(problems):
    model = problems.brusselator()
    kernel = compile_model(model)
    p = np.array([[1.0, 3.0], [1.0, 1.5]])  # beyond and before the Hopf bifurcation
    result = kernel.advance(np.tile(model.initial, (2, 1)), p, 0.0, 400.0)
    np.testing.assert_array_equal(result.oscillating, [True, False])


def test_infinite_derivative_is_rescued(problems):
    """The slope of the arc sine at one is infinite, the rate is not."""
    (y,) = problems.states(1)
    kernel = compile_model(problems.model([-operation("asin", y)], [1.0]), ("y0",))
    result = kernel.advance([[1.0]], np.zeros((1, 0)), 0.0, 1.0, at=[0.0, 0.5])
    assert result.outcome[0] == Outcome.REACHED_END
    whole = kernel.advance([[1.0 - 1e-9]], np.zeros((1, 0)), 0.0, 1.0, rtol=1e-8)
    assert result.y[0, 0] == pytest.approx(whole.y[0, 0], rel=1e-2)
    assert np.all(np.isfinite(result.outputs))


def test_zero_length_interval_and_no_lanes(ensemble):
    kernel, y, p = ensemble
    still = kernel.advance(y, p, 1.0, 1.0, at=[1.0])
    np.testing.assert_array_equal(still.y, y)
    np.testing.assert_array_equal(still.outputs[:, 0], y[:, [0, 5]])
    none = kernel.advance(np.zeros((0, 8)), np.zeros((0, 0)), 0.0, 1.0)
    assert none.y.shape == (0, 8)


def test_model_without_states(problems):
    model = problems.model([], [], [3.0], {"line": problems.parameters(1)[0] * time()})
    kernel = compile_model(model, ("line",))
    result = kernel.advance(np.zeros((2, 0)), [[1.0], [2.0]], 0.0, 1.0, at=[0.0, 0.5])
    np.testing.assert_array_equal(result.outputs[:, :, 0], [[0.0, 0.5], [0.0, 1.0]])


def test_continuation_needs_no_restart(problems):
    model = problems.hires()
    kernel = compile_model(model)
    first = kernel.advance(model.initial, model.values, 0.0, 100.0)
    cold = kernel.advance(first.y, model.values, 100.0, 200.0)
    warm = kernel.advance(first.y, model.values, 100.0, 200.0, step=first.step)
    assert warm.steps[0] < cold.steps[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"t1": None}, "t0 and t1"),
        ({"t1": -1.0}, "ascend"),
        ({"t1": [1.0, 2.0]}, "each of 83 lanes"),
        ({"rtol": 0.0}, "positive"),
        ({"atol": [1e-3, 1e-3]}, "length 8"),
        ({"at": [0.5, 0.1]}, "ascend"),
        ({"at": [2.0]}, "within"),
        ({"method": "rodas5"}, "rodas5p"),
        ({"p": np.zeros((2, 0))}, "lanes"),
        ({"y": np.zeros((2, 3))}, "has 8 states"),
        ({"step": np.zeros(4)}, "step"),
    ],
)
def test_errors_are_explained(ensemble, change, words):
    kernel, y, p = ensemble
    with pytest.raises(InputError, match=words):
        kernel.advance(**({"y": y, "p": p, "t0": 0.0, "t1": 1.0} | change))


def test_schedules_are_checked(ensemble):
    with pytest.raises(InputError, match="ascend"):
        Schedule(times=np.array([0.0, 2.0, 1.0]))
    with pytest.raises(InputError, match="values"):
        Schedule(times=np.array([0.0, 2.0]), names=("p0",))
    kernel, y, p = ensemble
    schedule = Schedule(
        times=np.array([0.0, 1.0]), names=("dose",), values=np.ones((1, 1))
    )
    with pytest.raises(InputError, match="No parameter 'dose'"):
        kernel.advance(y, p, schedule=schedule)
