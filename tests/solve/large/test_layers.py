"""Factors in layers solve what dense factors solve."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from oestra.solve.large.layers import MOST_ROWS, factor, layers_of
from oestra.solve.large.newton_systems import NewtonSystems


def random_matrix(size, entries, seed):
    draw = np.random.default_rng(seed)
    places = draw.integers(size, size=(2, entries))
    off = csr_array((draw.normal(size=entries), places), shape=(size, size))
    return csr_array(off + 20.0 * csr_array(np.eye(size)))


@given(st.integers(1, 260), st.floats(0.0, 4.0), st.integers(0, 1000))
def test_the_solution_solves(size, share, seed):
    matrix = random_matrix(size, int(share * size), seed)
    b = np.random.default_rng(seed).normal(size=size)
    x = factor(matrix, layers_of(matrix)).solve(b)
    np.testing.assert_allclose(matrix @ x, b, atol=1e-10)


def test_a_chain_is_eliminated_in_few_layers():
    size = 5000
    chain = np.arange(size - 1)
    pattern = csr_array((np.ones(size - 1), (chain, chain + 1)), shape=(size, size))
    plan = layers_of(pattern)
    assert len(plan.layers) < 15
    assert plan.core <= 100


def test_what_joins_everything_is_refused_before_it_takes_memory():
    size = MOST_ROWS + 1000
    draw = np.random.default_rng(1)
    places = draw.integers(size, size=(2, 20 * size))
    pattern = csr_array((np.ones(20 * size), places), shape=(size, size))
    with pytest.raises(OverflowError, match="rows are left"):
        layers_of(pattern)


def test_pivots_that_vanish_are_replaced_by_pivoting():
    size = 200
    pairs = np.arange(size) ^ 1
    matrix = csr_array((np.ones(size), (np.arange(size), pairs)), shape=(size, size))
    b = np.arange(size, dtype=float)
    found = NewtonSystems(layers_of(matrix)).factor(matrix).solve(b)
    np.testing.assert_allclose(found, b[pairs])


def test_a_singular_matrix_gives_no_number():
    matrix = csr_array((150, 150))
    found = NewtonSystems(layers_of(matrix)).factor(matrix).solve(np.ones(150))
    assert not np.isfinite(found).any()
