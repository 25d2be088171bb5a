"""Loops over sparse structure against compiled code and known answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.core.errors import InputError
from oestra.solve.bound import TooLargeError
from oestra.solve.compile import compile_model
from oestra.solve.expression import const, operation, parameter, state, time
from oestra.solve.large import large_kernel
from oestra.solve.model import OdeModel
from oestra.solve.outcome import Outcome

TIMES = np.linspace(0.0, 10.0, 11)
OPTIONS = {"rtol": 1e-6, "atol": 1e-12, "method": "rodas5p"}


def model_of(rhs, initial, values=(), name="m"):
    return OdeModel(
        name=name,
        states=tuple(f"S{k}" for k in range(len(rhs))),
        parameters=tuple(f"k{k}" for k in range(len(values))),
        initial=np.array(initial, dtype=float),
        values=np.array(values, dtype=float),
        rhs=tuple(rhs),
        outputs={},
        digest="",
    )


def network(species, reactions, seed):
    """Return random mass-action reactions of one and two species, rather stiff."""
    draw = np.random.default_rng(seed)
    rhs = [const(0.0)] * species
    for k in range(reactions):
        left, second, right = draw.permutation(species)[:3]
        flux = parameter(k) * state(int(left))
        if draw.random() < 0.4:
            flux = flux * state(int(second))
            rhs[second] = rhs[second] - flux
        rhs[left], rhs[right] = rhs[left] - flux, rhs[right] + flux
    values = 10.0 ** draw.uniform(-3, 3, reactions)
    return model_of(rhs, draw.uniform(0.1, 2.0, species), values)


def courses(model, advance_of, p=None):
    kernel = advance_of(model, model.states)
    values = model.values if p is None else p
    return kernel.advance(model.initial, values, 0.0, 10.0, at=TIMES, **OPTIONS)


@settings(max_examples=8)  # each is compiled
@given(st.integers(3, 8), st.integers(1, 12), st.integers(0, 10_000))
def test_small_networks_agree_with_compiled_code(species, reactions, seed):
    model = network(species, reactions, seed)
    one, two = courses(model, compile_model), courses(model, large_kernel)
    assert two.outcome.tolist() == [Outcome.REACHED_END]
    np.testing.assert_allclose(two.outputs, one.outputs, 2e-4, 2e-5)


@pytest.mark.parametrize("species", [60])
def test_larger_networks_agree_with_compiled_code(species):
    model = network(species, int(1.2 * species), species)
    one, two = courses(model, compile_model), courses(model, large_kernel)
    np.testing.assert_allclose(two.outputs, one.outputs, 2e-4, 2e-5)


def test_a_chain_of_decays_has_its_known_answer():
    # Every species feeds the next at the same rate: a Poisson process.
    size = 3000
    rhs = [-state(0), *(state(k - 1) - state(k) for k in range(1, size))]
    model = model_of(rhs, [1.0] + [0.0] * (size - 1))
    found = courses(model, large_kernel)
    t, k = TIMES[-1], np.arange(30)
    log_factorial = np.cumsum(np.log(np.maximum(k, 1)))
    exact = np.exp(k * np.log(t) - t - log_factorial)
    np.testing.assert_allclose(found.y[0, :30], exact, atol=2e-5)
    assert found.y.sum() == pytest.approx(1.0, abs=1e-9)


def test_a_rate_that_depends_on_time_and_a_stiff_state():
    model = model_of([const(-1e6) * (state(0) - operation("cos", time()))], [0.0])
    found = courses(model, large_kernel)
    np.testing.assert_allclose(found.outputs[0, 1:, 0], np.cos(TIMES[1:]), atol=3e-6)
    assert found.steps[0] < 2000


def test_lanes_are_independent_and_failures_have_names():
    model = model_of([parameter(0) * state(0)], [1.0], [-1.0])
    p = np.array([[-1.0], [np.nan], [-0.5]])
    found = courses(model, large_kernel, p)
    assert found.outcome.tolist() == [0, Outcome.NON_FINITE, 0]
    np.testing.assert_allclose(found.y[[0, 2], 0], np.exp([-10.0, -5.0]), 1e-4)
    assert np.isnan(found.outputs[1, 1:]).all()
    kernel = large_kernel(model, ["S0"])
    short = kernel.advance([1.0], [-1.0], 0.0, 10.0, max_steps=3)
    assert short.outcome.tolist() == [Outcome.STEP_LIMIT]
    assert 0.0 < short.reached[0] < 10.0
    np.testing.assert_array_equal(kernel.evaluate([[3.0]], [[1.0]]), [[3.0]])


def test_a_rate_that_runs_away_ends_with_a_name():
    model = model_of([state(0) * state(0)], [1.0])
    found = courses(model, large_kernel)
    assert not Outcome(found.outcome[0]).usable
    assert found.reached[0] == pytest.approx(1.0, abs=1e-3)


def test_what_is_too_long_to_compile_is_refused_at_once():
    with pytest.raises(TooLargeError, match=r"40,000 operations.*oestra\.simulate"):
        compile_model(network(300, 600, 1), ())
    with pytest.raises(TooLargeError):
        compile_model(network(3000, 6000, 1), ())


def test_unknown_methods_and_tolerances_are_refused():
    kernel = large_kernel(model_of([-state(0)], [1.0]), ["S0"])
    with pytest.raises(InputError, match="nearest is 'rodas5p'"):
        kernel.advance([1.0], [], 0.0, 1.0, method="rodas5")
    with pytest.raises(InputError, match="must be positive"):
        kernel.advance([1.0], [], 0.0, 1.0, rtol=0.0)


def test_states_that_all_depend_on_each_other_are_refused():
    size = 4500
    rhs = [-state(k) * state((k * 7 + 1) % size) for k in range(size)]
    draw = np.random.default_rng(1)
    for _ in range(30 * size):
        i, j = draw.integers(size, size=2).tolist()
        rhs[i] = rhs[i] - state(j)
    with pytest.raises(InputError, match="more than 4,000 of its 4,500 states"):
        large_kernel(model_of(rhs, np.ones(size)), [])
