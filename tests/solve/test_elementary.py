"""Generated elementary functions against the C library and exact values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.solve import compile_model
from oestra.solve.expression import OPERATIONS, operation, parameter, state

UNARY = {
    "exp": (-700.0, 700.0), "log": (1e-300, 1e300), "sqrt": (0.0, 1e300),
    "abs": (-9.0, 9.0), "floor": (-9.0, 9.0), "ceil": (-9.0, 9.0),
    "sin": (-9.0, 9.0), "cos": (-9.0, 9.0), "tan": (-1.5, 1.5),
    "asin": (-1.0, 1.0), "acos": (-1.0, 1.0), "atan": (-9.0, 9.0),
    "sinh": (-9.0, 9.0), "cosh": (-9.0, 9.0), "tanh": (-9.0, 9.0),
    "asinh": (-9.0, 9.0), "acosh": (1.0, 9.0), "atanh": (-0.9, 0.9),
}  # fmt: skip
NUMPY = {
    "abs": "fabs", "asin": "arcsin", "acos": "arccos", "atan": "arctan",
    "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
}  # fmt: skip


@pytest.fixture(scope="module")
def functions(problems):
    x, h = state(0), parameter(0)
    outputs = {
        op: operation(op, *((x, h, x)[:arity])) for op, arity in OPERATIONS.items()
    }
    model = problems.model([x - x], [1.0], [2.0], outputs)
    kernel = compile_model(model, tuple(outputs))

    def call(op, values, power=2.0):
        values = np.asarray(values, dtype=float)[:, None]
        powers = np.broadcast_to(np.asarray(power, dtype=float), values.shape[:1])
        table = kernel.evaluate(values, powers[:, None])
        return table[:, list(outputs).index(op)]

    return call


def grid(low, high):
    if low > 0 and high / low > 1e3:
        return np.geomspace(low, high, 20_001)
    return np.linspace(low, high, 20_001)


@pytest.mark.parametrize("op", UNARY)
def test_unary_functions(functions, op):
    x = grid(*UNARY[op])
    expected = getattr(np, NUMPY.get(op, op))(x)
    np.testing.assert_allclose(functions(op, x), expected, rtol=9e-16, atol=1e-300)


def test_logarithm_near_one(functions):
    x = 1.0 + np.linspace(-1e-3, 1e-3, 20_001)
    np.testing.assert_allclose(functions("log", x), np.log(x), rtol=4e-16, atol=0)


def test_logarithm_of_what_has_none(functions):
    found = functions("log", [0.0, -1.0, np.inf, np.nan])
    np.testing.assert_array_equal(found, [-np.inf, np.nan, np.inf, np.nan])


@settings(max_examples=200)
@given(x=st.floats(1e-30, 1e30), h=st.floats(-9.0, 9.0))
def test_power(functions, x, h):
    assert functions("pow", [x], h)[0] == pytest.approx(x**h, rel=3e-13, abs=1e-300)


@pytest.mark.parametrize(
    ("x", "h", "expected"),
    [
        (-2.0, 3.0, -8.0),
        (-2.0, 4.0, 16.0),
        (-2.0, -1.0, -0.5),
        (-1e-17, 1.7, 0.0),
        (0.0, 2.0, 0.0),
        (0.0, 0.01, 0.0),
        (-0.0, 0.3, 0.0),
        (0.0, 0.0, 1.0),
        (5.0, 0.0, 1.0),
    ],
)
def test_power_at_and_below_zero(functions, x, h, expected):
    assert functions("pow", [x], h)[0] == pytest.approx(expected, rel=1e-13, abs=1e-99)


def test_power_passes_on_what_is_not_a_number(functions):
    assert np.all(np.isnan(functions("pow", [np.nan, np.inf], 1.5)))
    assert np.isnan(functions("pow", [2.0], np.nan)[0])


@pytest.mark.parametrize(
    ("op", "x", "h", "expected"),
    [
        ("lt", 1, 2, 1), ("lt", 2, 2, 0), ("le", 2, 2, 1), ("eq", 2, 2, 1),
        ("ne", 2, 2, 0), ("ne", 1, 2, 1), ("and", 1, 0, 0), ("and", 3, 2, 1),
        ("or", 0, 0, 0), ("or", 0, 2, 1), ("not", 0, 0, 1), ("not", 5, 0, 0),
        ("min", 1, 2, 1), ("max", 1, 2, 2), ("rem", 7, 4, 3), ("rem", -7, 4, -3),
        ("select", 1, 9, 9), ("select", 0, 9, 0), ("factorial", 5, 0, 120),
        ("add", 1, 2, 3), ("sub", 1, 2, -1), ("mul", 3, 2, 6), ("div", 3, 2, 1.5),
        ("neg", 3, 2, -3),
    ],
)  # fmt: skip
def test_other_operations(functions, op, x, h, expected):
    assert functions(op, [x], h)[0] == pytest.approx(expected, rel=1e-14)


def test_every_operation_is_tested():
    tested = {*UNARY, "pow", "lt", "le", "eq", "ne", "and", "or", "not", "min", "max"}
    tested |= {"rem", "select", "factorial", "add", "sub", "mul", "div", "neg"}
    assert tested == set(OPERATIONS)
