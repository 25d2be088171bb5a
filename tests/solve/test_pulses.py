"""Doses: closed-form kinetics, schedules and jumps."""

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.solve import Outcome, Schedule, compile_model
from oestra.solve.expression import operation, parameter, state, time
from oestra.solve.pulses import absorption, bolus, dose_names, pulsed

KA, KE, VOLUME, DOSE = 24.0, 0.7, 3.0, 10.0


def effect(problems):
    """An effect that follows a concentration: e' = c - e."""
    (e,), (c,) = problems.states(1), problems.parameters(1)
    return problems.model([c - e], [0.0], [0.0], {"effect": 2.0 * e})


def bateman(t):
    """Concentration after one dose, and none before it."""
    curve = np.exp(-KE * t) - np.exp(-KA * t)
    return np.where(t < 0, 0.0, DOSE * KA / (VOLUME * (KA - KE)) * curve)


def dosed(problems, kinetics, doses, **options):
    model, jumps = pulsed(effect(problems), {"p0": len(kinetics.rates)})
    kernel = compile_model(model, ("p0_level", "effect"), jumps=jumps)
    place = {name: k for k, name in enumerate(model.parameters)}
    p = model.values.copy()
    for name, value in kinetics.parameters("p0").items():
        p[place[name]] = value
    times = np.arange(len(doses) + 1.0)
    schedule = Schedule(
        times=times, names=dose_names(["p0"]), values=np.array(doses)[:, None]
    )
    return kernel.advance(model.initial, p, schedule=schedule, **options)


@pytest.mark.parametrize("rtol", [1e-4, 1e-6, 1e-8])
def test_repeated_bateman_doses(problems, rtol):
    doses = [DOSE] * 5
    at = np.linspace(0.05, 4.95, 21)
    kinetics = absorption(KA, KE, VOLUME)
    result = dosed(problems, kinetics, doses, at=at, rtol=rtol, atol=rtol * 1e-3)
    level = sum(bateman(at - k) for k in range(5))
    np.testing.assert_allclose(result.outputs[0, :, 0], level, rtol=1e-12)

    def answer(t):
        """Solve e' = c - e for one dose."""
        scale = DOSE * KA / (VOLUME * (KA - KE))
        parts = [
            (np.exp(-r * t) - np.exp(-t)) / (1.0 - r) * sign
            for r, sign in ((KE, 1.0), (KA, -1.0))
        ]
        return np.where(t < 0, 0.0, scale * sum(parts))

    total = 2.0 * sum(answer(at - k) for k in range(5))
    np.testing.assert_allclose(result.outputs[0, :, 1], total, rtol=20 * rtol)


def test_bolus_and_missed_doses(problems):
    result = dosed(problems, bolus(KE, VOLUME), [DOSE, 0.0, DOSE], at=[0.5, 1.5, 2.5])
    one = DOSE / VOLUME
    expected = [one * np.exp(-KE * t) for t in (0.5, 1.5, 2.5)]
    expected[2] += one * np.exp(-KE * 0.5)
    np.testing.assert_allclose(result.outputs[0, :, 0], expected, rtol=1e-13)


def test_equal_rates_have_a_limit():
    t = np.linspace(0.1, 9.0, 30)
    level = absorption(KE, KE).level(1.0, t)
    np.testing.assert_allclose(level, KE * t * np.exp(-KE * t), rtol=1e-5)


def test_average_is_area_over_interval():
    kinetics = absorption(KA, KE, VOLUME)
    assert kinetics.average(DOSE, 2.0) == pytest.approx(DOSE / (VOLUME * KE * 2.0))


def test_kinetics_are_checked():
    for make in (absorption, bolus):
        with pytest.raises(InputError, match="positive"):
            make(*([1.0] if make is absorption else []), -1.0)


def test_unknown_input_is_named(problems):
    with pytest.raises(InputError, match="nearest is 'p0'"):
        pulsed(effect(problems), {"p1": 2})


def test_schedule_changes_parameters_per_lane(problems):
    model = problems.decay()
    kernel = compile_model(model, ("double",))
    rates = np.array([[[1.0], [2.0]], [[3.0], [0.5]]])
    schedule = Schedule(times=np.array([0.0, 1.0, 3.0]), names=("p0",), values=rates)
    result = kernel.advance(
        np.ones((2, 1)), [9.0], schedule=schedule, at=[1.0], rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(result.y[:, 0], np.exp([-5.0, -4.0]), rtol=1e-8)
    np.testing.assert_allclose(
        result.outputs[:, 0, 0], 2 * np.exp([-1.0, -3.0]), rtol=1e-8
    )
    np.testing.assert_array_equal(result.p[:, 0], [2.0, 0.5])


def test_jumps_of_states(problems):
    model = problems.decay()
    jumps = {"y0": state(0) + 1.0, "p0": parameter(0) * 2.0}
    kernel = compile_model(model, ("y0",), jumps=jumps)
    schedule = Schedule(times=np.array([0.0, 1.0, 2.0]))
    result = kernel.advance([0.0], [0.5], schedule=schedule, at=[1.0], rtol=1e-9)
    first = np.exp(-1.0)
    assert result.outputs[0, 0, 0] == pytest.approx(first, rel=1e-6)
    assert result.y[0, 0] == pytest.approx((first + 1.0) * np.exp(-2.0), rel=1e-6)
    with pytest.raises(InputError, match="No state or parameter 'y9'"):
        compile_model(model, jumps={"y9": time()})


def test_rescue_goes_on_through_the_schedule(problems):
    """A lane that fails in its first segment still passes the others."""
    (y,), (k,) = problems.states(1), problems.parameters(1)
    model = problems.model([-k * operation("asin", y)], [1.0], [1.0])
    kernel = compile_model(model, ("y0",))
    values = np.array([[1.0], [0.0], [2.0]])
    schedule = Schedule(times=np.arange(4.0), names=("p0",), values=values)
    result = kernel.advance([1.0], [0.0], schedule=schedule, at=[1.0, 2.0])
    assert result.outcome[0] == Outcome.REACHED_END
    assert result.outputs[0, 0, 0] == pytest.approx(result.outputs[0, 1, 0])
    assert result.y[0, 0] < result.outputs[0, 0, 0]
