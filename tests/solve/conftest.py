"""Small models with known solutions."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from oestra.solve import OdeModel
from oestra.solve.expression import Expression, const, parameter, state


def model(
    rhs: list[Expression],
    initial: list[float],
    values: list[float] | None = None,
    outputs: dict[str, Expression] | None = None,
) -> OdeModel:
    values = values or []
    return OdeModel(
        name="problem",
        states=tuple(f"y{k}" for k in range(len(rhs))),
        parameters=tuple(f"p{k}" for k in range(len(values))),
        initial=np.array(initial, dtype=float),
        values=np.array(values, dtype=float),
        rhs=tuple(rhs),
        outputs=outputs or {},
        digest="problem",
    )


def states(n: int) -> list[Expression]:
    return [state(k) for k in range(n)]


def parameters(n: int) -> list[Expression]:
    return [parameter(k) for k in range(n)]


def decay() -> OdeModel:
    (y,), (k,) = states(1), parameters(1)
    return model([-(k * y)], [1.0], [1.0], {"double": 2.0 * y})


def chain() -> OdeModel:
    """Linear chain a -> b -> c with three separate rates."""
    (a, b, c), (k, m, n) = states(3), parameters(3)
    return model([-(k * a), k * a - m * b, m * b - n * c], [1.0, 0, 0], [2.0, 1.0, 0.5])


def robertson() -> OdeModel:
    """Hairer & Wanner II, section IV.10."""
    (a, b, c), (k, m, n) = states(3), parameters(3)
    first, second, third = k * a, m * b * c, n * b * b
    rhs = [second - first, first - second - third, third]
    return model(rhs, [1.0, 0, 0], [0.04, 1e4, 3e7])


def van_der_pol() -> OdeModel:
    """Hairer & Wanner II, section IV.10, epsilon = 1e-6."""
    (y, z), (epsilon,) = states(2), parameters(1)
    return model([z, ((1.0 - y * y) * z - y) / epsilon], [2.0, -0.66], [1e-6])


def hires() -> OdeModel:
    """High irradiance response; Test Set for IVP Solvers, problem II-1."""
    a, b, c, d, e, f, g, h = states(8)
    bind = 280.0 * f * h
    rhs = [
        -1.71 * a + 0.43 * b + 8.32 * c + 0.0007,
        1.71 * a - 8.75 * b,
        -10.03 * c + 0.43 * d + 0.035 * e,
        8.32 * b + 1.71 * c - 1.12 * d,
        -1.745 * e + 0.43 * f + 0.43 * g,
        -bind + 0.69 * d + 1.71 * e - 0.43 * f + 0.69 * g,
        bind - 1.81 * g,
        -bind + 1.81 * g,
    ]
    return model([const(0.0) + r for r in rhs], [1.0, 0, 0, 0, 0, 0, 0, 0.0057])


def brusselator() -> OdeModel:
    """Oscillates for p1 > 1 + p0^2; Hairer & Wanner I, section I.16."""
    (x, y), (a, b) = states(2), parameters(2)
    return model([a + x * x * y - b * x - x, b * x - x * x * y], [1.5, 3.0], [1.0, 3.0])


@pytest.fixture(scope="session")
def problems() -> SimpleNamespace:
    """Builders of models: for tests that cannot import from one another."""
    builders = (
        model, states, parameters, decay, chain, robertson, van_der_pol, hires,
        brusselator,
    )  # fmt: skip
    return SimpleNamespace(**{builder.__name__: builder for builder in builders})


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compile into a folder of this run, not the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OESTRA_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
