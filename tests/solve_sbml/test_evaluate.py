"""Two independent evaluations of one graph: numpy's and the compiled kernel's."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.network.cell import composed_sbml
from oestra.solve import OdeModel, compile_model
from oestra.solve.evaluate import Evaluator
from oestra.solve.expression import OPERATIONS, const, operation, parameter, state, time
from oestra.solve.sbml import read_sbml

X, A = state(0), parameter(0)
BOUNDED = {"asin", "acos", "atanh"}


def operands(name):
    arguments = {1: (X,), 2: (X, A), 3: (operation("lt", X, A), X, A)}
    first, *rest = arguments[OPERATIONS[name]]
    if name in BOUNDED:
        return (operation("sin", first),)
    if name == "acosh":
        return (operation("cosh", first),)
    return (first, *rest)


NAMES = tuple(OPERATIONS)
ROOTS = tuple(operation(name, *operands(name)) for name in NAMES)
MODEL = OdeModel(
    name="operations",
    states=("x",),
    parameters=("a",),
    initial=np.ones(1),
    values=np.ones(1),
    rhs=(const(0.0) * X,),
    outputs=dict(zip(NAMES, ROOTS, strict=True)),
    digest="",
)


@pytest.fixture(scope="module")
def kernel():
    return compile_model(MODEL, NAMES)


@settings(max_examples=50)
@given(x=st.floats(0.05, 5.0), a=st.floats(0.05, 5.0))
def test_kernel_and_numpy_agree_on_every_operation(kernel, x, a):
    found = kernel.evaluate([[x]], [[a]])[0]
    expected = Evaluator(ROOTS)(0.0, [x], [a])
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)


def test_kernel_and_numpy_agree_on_the_rates_of_the_cell():
    ode = read_sbml(composed_sbml()).ode
    draws = np.random.default_rng(2)
    y = ode.initial + draws.uniform(0.01, 1.0, (30, len(ode.states)))
    p = ode.values * draws.uniform(0.5, 2.0, (30, len(ode.parameters)))
    found = compile_model(ode).rates(y, p, 3.0)
    expected = Evaluator(ode.rhs)(3.0, y, p)
    scale = np.abs(expected).max(axis=0)
    np.testing.assert_allclose(found / scale, expected / scale, rtol=1e-9, atol=1e-12)


def test_known_values():
    roots = [X + A, X**A, time() - X, operation("factorial", const(4.0)), -X / A]
    values = Evaluator(roots)(10.0, [3.0], [2.0])
    assert values.tolist() == pytest.approx([5.0, 9.0, 7.0, 24.0, -1.5])


def test_lanes_broadcast():
    values = Evaluator([X * A])(0.0, [[1.0], [2.0]], [3.0])
    assert values.tolist() == [[3.0], [6.0]]
    assert math.isinf(Evaluator([A / const(0.0)])(0.0, [], [1.0])[0])
