"""Array code gives what the evaluator of single expressions gives."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from oestra.solve.evaluate import Evaluator
from oestra.solve.expression import const, operation, parameter, state, time
from oestra.solve.large.array_code import ArrayCode
from oestra.solve.simplify import lower

Y, P = np.array([0.3, -1.2, 2.0]), np.array([0.7, 3.0])
LEAVES = st.one_of(
    st.integers(0, 2).map(state),
    st.integers(0, 1).map(parameter),
    st.just(time()),
    st.sampled_from([0.0, 1.0, -2.5]).map(const),
)


def grown(inner):
    two = st.sampled_from(["add", "sub", "mul", "div", "min", "max", "lt", "and"])
    one = st.sampled_from(["neg", "exp", "sin", "abs", "floor", "not"])
    return st.one_of(
        st.builds(operation, two, inner, inner),
        st.builds(operation, one, inner),
        st.builds(lambda c, a, b: operation("select", c, a, b), inner, inner, inner),
    )


def values_of(roots, y=Y, t=0.5):
    code = ArrayCode(roots, len(Y), len(P))
    y = np.atleast_2d(y)
    return code.run(code.prepare(P, len(y)), t, y.T).T


@given(st.lists(st.recursive(LEAVES, grown, max_leaves=20), min_size=1, max_size=6))
def test_the_same_values(roots):
    expected = Evaluator(roots)(0.5, Y, P)
    size = np.abs(expected).max(initial=1.0, where=np.isfinite(expected))
    np.testing.assert_allclose(values_of(roots)[0], expected, 1e-9, 1e-9 * size)


def test_many_points_at_once():
    y = np.array([Y, 2 * Y, -Y])
    roots = [state(0) * state(1) + parameter(1), time() - state(2)]
    expected = [Evaluator(roots)(0.5, row, P) for row in y]
    np.testing.assert_array_equal(values_of(roots, y), expected)


def test_a_sum_of_many_terms_is_one_operation():
    total = state(0)
    for k in range(1000):
        total = total + const(1.0 / (k + 1)) * state(k % 3)
    code = ArrayCode([total], len(Y), len(P))
    assert len(code._groups) == 2
    np.testing.assert_allclose(values_of([total])[0], Evaluator([total])(0.5, Y, P))


def test_powers_are_those_of_compiled_code():
    roots = lower([state(1) ** const(3.0), state(1) ** parameter(0), Y[0] + state(0)])
    found = values_of(roots)[0]
    assert math.isclose(found[0], (-1.2) ** 3)
    assert found[1] == 0.0  # a negative state counts as zero under a root
    assert found[2] == 0.6
