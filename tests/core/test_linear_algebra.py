"""Small linear algebra agrees with LAPACK, and does not depend on it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.core.linear_algebra import cholesky, dot, inverse, norm, product, solve

sizes = st.integers(1, 30)


def matrices(seed, rows, columns):
    return np.random.default_rng(seed).normal(size=(rows, columns))


@given(st.integers(0, 10_000), sizes, sizes)
def test_products(seed, m, k):
    a, b = matrices(seed, m, k), matrices(seed + 1, k, m)
    np.testing.assert_allclose(product(a, b), a @ b, atol=1e-12)
    np.testing.assert_allclose(product(a, b[:, 0]), a @ b[:, 0], atol=1e-12)
    assert dot(a[0], b[:, 0]) == pytest.approx(a[0] @ b[:, 0], abs=1e-12)
    assert norm(a[0]) == pytest.approx(np.linalg.norm(a[0]), rel=1e-12)


@given(st.integers(0, 10_000), sizes)
def test_equations_and_roots(seed, n):
    a, b = matrices(seed, n, n), matrices(seed + 1, n, 3)
    assert np.abs(a @ solve(a, b) - b).max() < 1e-7 * np.linalg.cond(a)
    turned = a + 1j * matrices(seed + 2, n, n)
    residual = turned @ solve(turned, b[:, 0]) - b[:, 0]
    assert np.abs(residual).max() < 1e-7 * np.linalg.cond(turned)
    positive = a @ a.T + np.eye(n)
    np.testing.assert_allclose(cholesky(positive), np.linalg.cholesky(positive))
    np.testing.assert_allclose(inverse(positive) @ positive, np.eye(n), atol=1e-8)


def test_rows_alone_are_the_same_bytes():
    a, b = matrices(1, 40, 25), matrices(2, 25, 7)
    whole = product(a, b)
    for k in range(40):
        assert product(a[k : k + 1], b).tobytes() == whole[k].tobytes()
        assert product(a[k : k + 1], b[:, 0]).tobytes() == whole[k, :1].tobytes()
    turned = np.asfortranarray(a)
    assert product(turned, np.asfortranarray(b)).tobytes() == whole.tobytes()


@pytest.mark.parametrize("bad", [np.zeros((2, 2)), np.full((2, 2), np.nan)])
def test_what_has_no_solution_is_refused(bad):
    with pytest.raises(np.linalg.LinAlgError):
        solve(bad, [1.0, 2.0])
    with pytest.raises(np.linalg.LinAlgError):
        cholesky(bad)


def test_a_pivot_of_zero_is_passed():
    assert solve([[0.0, 1.0], [2.0, 0.0]], [3.0, 4.0]).tolist() == [2.0, 3.0]
