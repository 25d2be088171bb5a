"""The sturdy method agrees with scipy's, and needs no library of matrices."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from oestra.solve.radau import Radau


def robertson(_, y):
    a, b, c = 0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    return np.array([b - a, a - b - c, c])


def van_der_pol(_, y):
    return np.array([y[1], 100.0 * (1.0 - y[0] ** 2) * y[1] - y[0]])


def driven(t, y):
    return np.array([np.cos(t) - 50.0 * y[0], y[0] - 0.1 * y[1]])


PROBLEMS = {
    "robertson": (robertson, [1.0, 0.0, 0.0], [0.4, 40.0, 4e4]),
    "van der pol": (van_der_pol, [2.0, 0.0], [1.0, 50.0, 150.0]),
    "driven": (driven, [0.3, 1.0], [0.0, 0.1, 1.0, 20.0]),
}


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("rtol", [1e-4, 1e-7])
def test_stiff_problems(name, rtol):
    rates, y, times = PROBLEMS[name]
    method = Radau(rates, rtol, 1e-4 * rtol)
    found = method.run(np.array(y), 0.0, np.array(times))
    exact = solve_ivp(
        rates, (0.0, times[-1]), y, method="Radau", t_eval=times, rtol=1e-11, atol=1e-14
    )
    np.testing.assert_allclose(found, exact.y.T, rtol=100 * rtol, atol=rtol)
    assert method.calls < 30_000


def test_order_five():
    def error(h):
        method = Radau(driven, 1e-13, 1e-14)
        y, t = np.array([0.3, 1.0]), 0.0
        while t < 0.4 - 1e-9:
            y = y + method._newton(t, y, h, method._jacobian(t, y, driven(t, y)))[-1]
            t += h
        exact = solve_ivp(
            driven, (0, 0.4), [0.3, 1.0], method="Radau", rtol=1e-12, atol=1e-14
        )
        return abs(y[1] - exact.y[1, -1])

    assert np.log2(error(0.1) / error(0.05)) > 3.5


def test_a_pole_ends_it():
    method = Radau(lambda _, y: y * y, 1e-6, 1e-9, most=5000)
    assert method.run(np.array([1.0]), 0.0, np.array([2.0])) is None
