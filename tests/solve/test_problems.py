"""Problems with published or exact solutions."""

import numpy as np
import pytest

from oestra.solve import Outcome, compile_model
from oestra.solve.expression import operation, time

REFERENCES = {
    # Test Set for IVP Solvers 2.4 (Mazzia, Magherini 2008), RADAU reference solutions.
    "robertson": (
        1e11,
        [0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050],
    ),
    "van_der_pol": (2.0, [0.1706167732170483e1, -0.8928097010247975]),
    "hires": (
        321.8122,
        [
            0.7371312573325668e-3,
            0.1442485726316185e-3,
            0.5888729740967575e-4,
            0.1175651343283149e-2,
            0.2386356198831331e-2,
            0.6238968252742796e-2,
            0.2849998395185769e-2,
            0.2850001604814231e-2,
        ],
    ),
}


@pytest.mark.parametrize("method", ["rodas4", "rodas5p"])
@pytest.mark.parametrize("rtol", [1e-4, 1e-6, 1e-8])
@pytest.mark.parametrize("name", REFERENCES)
def test_published_solutions(problems, name, rtol, method):
    model = getattr(problems, name)()
    end, reference = REFERENCES[name]
    kernel = compile_model(model)
    result = kernel.advance(
        model.initial,
        model.values,
        0.0,
        end,
        rtol=rtol,
        atol=rtol * 1e-13,
        method=method,
    )
    assert result.outcome[0] == Outcome.REACHED_END
    np.testing.assert_allclose(result.y[0], reference, rtol=50 * rtol)


@pytest.mark.parametrize("method", ["rodas4", "rodas5p"])
@pytest.mark.parametrize("rtol", [1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9])
def test_linear_chain(problems, rtol, method):
    model = problems.chain()
    k, m, n = model.values
    t = 3.0
    a = np.exp(-k * t)
    b = k / (m - k) * (np.exp(-k * t) - np.exp(-m * t))
    weights = [
        1 / ((m - k) * (n - k)),
        1 / ((k - m) * (n - m)),
        1 / ((k - n) * (m - n)),
    ]
    c = k * m * sum(w * np.exp(-r * t) for w, r in zip(weights, (k, m, n), strict=True))
    result = compile_model(model).advance(
        model.initial, model.values, 0.0, t, rtol=rtol, atol=rtol / 100, method=method
    )
    np.testing.assert_allclose(result.y[0], [a, b, c], rtol=20 * rtol)


@pytest.mark.parametrize(("method", "order"), [("rodas4", 4), ("rodas5p", 5)])
def test_observed_order_of_convergence(problems, method, order):
    """Fixed steps on a problem that is nonlinear and depends on time."""
    (y, z) = problems.states(2)
    drive = operation("sin", time())
    model = problems.model([z * drive - y, -(y * z) + drive * drive], [1.0, 0.5])
    kernel = compile_model(model, ("y0",))
    options = {"rtol": 1e9, "atol": 1e9, "method": method}

    def end(steps: int) -> np.ndarray:
        # Steps end at each recording; a first step larger than that is cut there.
        times = np.linspace(0.0, 2.0, steps + 1)
        y = kernel.advance(
            model.initial, model.values, 0, 2, step=[9.0], at=times, **options
        )
        assert y.steps[0] == steps
        return y.y[0]

    strict = kernel.advance(
        model.initial, model.values, 0, 2, rtol=1e-11, atol=1e-11, method="rodas5p"
    ).y[0]
    coarse, fine = (np.abs(end(n) - strict).max() for n in (16, 32))
    assert np.log2(coarse / fine) == pytest.approx(order, abs=0.4)
