"""Simplification keeps values; derivatives agree with differences on random graphs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.solve.audit import jacobian
from oestra.solve.compile import compile_model
from oestra.solve.derivative import TIME, gradients
from oestra.solve.expression import (
    const,
    fingerprint,
    operation,
    parameter,
    state,
    substitute,
    time,
    walk,
)
from oestra.solve.simplify import simplify
from oestra.solve.sparsity import eliminate

LEAVES = (
    state(0), state(1), state(2), parameter(0), parameter(1), time(), const(2.0),
    const(-1.0), const(0.0), const(1.0), const(0.5),
)  # fmt: skip


def positive(a):
    return 1.0 + a * a


def bounded(a):
    return operation("exp", -(a * a))


COMBINE = {
    "sum": lambda a, b: a + b,
    "difference": lambda a, b: a - b,
    "product": lambda a, b: a * bounded(b),
    "quotient": lambda a, b: a / positive(b),
    "power": lambda a, b: positive(a) ** bounded(b),
    "square": lambda a, b: operation("tanh", a) ** 2.0 - b,
    "cube": lambda a, b: operation("tanh", a) ** 3.0 + b,
    "log": lambda a, b: operation("log", positive(a)) - b,
    "sqrt": lambda a, b: operation("sqrt", positive(a)) * bounded(b),
    "sin": lambda a, b: operation("sin", a) + b,
    "atan": lambda a, b: -operation("atan", a) + b,
}
"""Smooth combinations whose values stay moderate."""
RECIPES = st.lists(
    st.tuples(st.sampled_from(sorted(COMBINE)), st.integers(0, 30), st.integers(0, 30)),
    min_size=1,
    max_size=12,
)


def cook(recipe):
    """Build a graph, with shared parts, from a list of operations."""
    nodes = list(LEAVES)
    for name, a, b in recipe:
        nodes.append(COMBINE[name](nodes[-1 - a % len(nodes)], nodes[b % len(nodes)]))
    return nodes[-1]


POINTS = st.lists(st.floats(0.2, 1.5), min_size=3, max_size=3)
FUNCTIONS = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide,
    "pow": np.power, "neg": np.negative, "exp": np.exp, "log": np.log,
    "sqrt": np.sqrt, "sin": np.sin, "tanh": np.tanh, "atan": np.arctan,
    "cos": np.cos, "max": np.maximum, "lt": lambda a, b: np.longdouble(a < b),
    "power_of_size": lambda x, h: np.abs(x) ** h, "parity": np.sign,
    "select": lambda c, a, b: np.where(c != 0, a, b),
}  # fmt: skip
P, T = np.array([0.7, 1.3]), 0.4


def value(root, y):
    """Evaluate a graph with numpy, in extended precision."""
    wide = np.longdouble
    done = {}
    for node in walk([root]):
        if node.op == "const":
            done[node] = wide(node.value)
        elif node.op in ("state", "parameter"):
            done[node] = wide((y if node.op == "state" else P)[node.index])
        elif node.op == "time":
            done[node] = wide(T)
        else:
            done[node] = FUNCTIONS[node.op](*(done[a] for a in node.args))
    return float(done[root])


@settings(max_examples=80)
@given(recipe=RECIPES, y=POINTS)
def test_simplification_keeps_values(recipe, y):
    root = cook(recipe)
    with np.errstate(all="ignore"):
        before, after = value(root, y), value(simplify([root])[0], y)
    assert after == pytest.approx(before, rel=1e-9, abs=1e-9, nan_ok=True)


@settings(max_examples=8)
@given(recipes=st.lists(RECIPES, min_size=3, max_size=3), y=POINTS)
def test_compiled_rates_and_exact_jacobian(problems, recipes, y):
    roots = [cook(recipe) for recipe in recipes]
    rows = gradients(simplify(roots))
    entries = {
        f"j{i}{k}": row.get(k, const(0.0))
        for i, row in enumerate(rows)
        for k in range(3)
    }
    slopes = {f"t{i}": row.get(TIME, const(0.0)) for i, row in enumerate(rows)}
    model = problems.model(roots, [1.0] * 3, [1.0] * 2, entries | slopes)
    kernel = compile_model(model, (*entries, *slopes))
    with np.errstate(all="ignore"):
        expected = [value(root, y) for root in roots]
    np.testing.assert_allclose(kernel.rates(y, P, T)[0], expected, rtol=1e-9, atol=1e-9)
    exact = kernel.evaluate(y, P, T)[0]
    differences = jacobian(kernel, np.array(y), P, T)
    size = 1.0 + np.abs(differences)
    assert np.all(np.abs(exact[:9].reshape(3, 3) - differences) < 1e-5 * size)
    h = 1e-5
    late, early = kernel.rates(y, P, T + h)[0], kernel.rates(y, P, T - h)[0]
    slope = (late - early) / (2 * h)
    assert np.all(np.abs(exact[9:] - slope) < 1e-4 * (1.0 + np.abs(slope)))


def test_hill_slope_at_zero_is_finite():
    x, h = state(0), parameter(0)
    (gradient,) = gradients(simplify([x**h / (parameter(1) ** h + x**h)]))
    at_zero = value(gradient[0], [0.0])
    assert np.isfinite(at_zero)
    assert TIME not in gradient


def test_equal_denominators_share_one_division():
    x, y, k = state(0), state(1), parameter(0)
    roots = simplify([x / (k + y), 2.0 * y / (k + y), x / k, x / 4.0])
    divisions = [node for node in walk(roots) if node.op == "div"]
    assert len(divisions) == 2  # one over k + y, and one over the invariant k


@settings(max_examples=60)
@given(
    size=st.integers(1, 12),
    entries=st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11))),
    seed=st.integers(0, 1000),
)
def test_elimination_pattern_holds_the_factors(size, entries, seed):
    entries = {(i % size, j % size) for i, j in entries}
    plan = eliminate(size, entries)
    assert sorted(plan.order) == list(range(size))
    matrix = np.zeros((size, size))
    for count, (i, j) in enumerate(sorted(entries)):
        matrix[i, j] = 0.1 + ((seed + 7 * count) % 13) / 13
    matrix += 20.0 * np.eye(size)
    order = list(plan.order)
    permuted = matrix[np.ix_(order, order)]
    for k in range(size):
        for i in range(k + 1, size):
            permuted[i, k] /= permuted[k, k]
            permuted[i, k + 1 :] -= permuted[i, k] * permuted[k, k + 1 :]
    place = {pivot: k for k, pivot in enumerate(order)}
    allowed = np.zeros((size, size), dtype=bool)
    for i, j in plan.entries:
        allowed[place[i], place[j]] = True
    assert np.all(allowed | (permuted == 0.0))


def test_arrow_matrix_has_no_fill():
    entries = [(0, k) for k in range(9)] + [(k, 0) for k in range(9)]
    assert len(eliminate(9, entries).entries) == 9 + 16


def test_fingerprint_and_substitution():
    x, k = state(0), parameter(0)
    assert fingerprint([x + k]) == fingerprint([state(0) + parameter(0)])
    assert fingerprint([x + k]) != fingerprint([k + x])
    (changed,) = substitute([x * k], {k: time()})
    assert changed is x * time()
