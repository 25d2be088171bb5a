"""The audit finds errors that tolerances hide."""

import numpy as np

from oestra.solve import Outcome, audit, compile_model


def test_audit_of_a_stiff_ensemble(problems):
    model = problems.hires()
    kernel = compile_model(model, ("y0",))
    y, p = np.tile(model.initial, (9, 1)), np.zeros((9, 0))
    y[:, 0] *= np.linspace(0.5, 2.0, 9)
    found = audit(kernel, y, p, [1, 5], t0=0.0, t1=100.0, at=[10.0])
    assert 1e-9 < found.worst < 1e-2
    assert found.worst == found.errors.max()
    assert found.outcomes == (Outcome.REACHED_END,) * 2
    np.testing.assert_array_equal(found.lanes, [1, 5])


def test_audit_sees_an_unstable_focus(problems):
    """At its fixed point the oscillator stands still, though nothing would hold it."""
    model = problems.brusselator()
    kernel = compile_model(model)
    fixed = np.array([[1.0, 3.0], [1.0, 1.5]])
    p = np.array([[1.0, 3.0], [1.0, 1.5]])
    found = audit(kernel, fixed, p, [0, 1], t0=0.0, t1=10.0)
    assert found.outcomes == (Outcome.OSCILLATING, Outcome.REACHED_END)


def test_audit_of_nothing(problems):
    model = problems.decay()
    kernel = compile_model(model)
    found = audit(kernel, np.ones((2, 1)), np.ones((2, 1)), [], t0=0.0, t1=1.0)
    assert found.worst == 0.0
