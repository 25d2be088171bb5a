"""Events: located precisely, in the order of their priorities."""

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.solve.sbml import read_sbml, sbml_of_antimony
from oestra.solve.settings import Settings
from oestra.solve.simulation import simulate

PRECISE = Settings(rtol=1e-9, atol=1e-14, threads=1)


def run(text, until, *, points=20, values=None):
    model = read_sbml(sbml_of_antimony(text, "the test"))
    return simulate(model, until, points=points, values=values, settings=PRECISE)


def test_bouncing_ball():
    result = run(
        "y = 5; v = 0; y' = v; v' = -10; at (y < 0): v = -0.5*v, y = 0", 2.0, points=40
    )
    t, height = result.times, result["y"][0]
    first = t <= 1.0
    np.testing.assert_allclose(height[first], 5 - 5 * t[first] ** 2, atol=1e-9)
    rebound = 5 * (t - 1) - 5 * (t - 1) ** 2
    np.testing.assert_allclose(height[~first], rebound[~first], atol=1e-9)


def test_doses_by_the_clock_lane_by_lane():
    start = np.array([1.0, 2.3])
    result = run(
        "A = 0; k = 0.7; s = 1; A' = -k*A; at (time >= s): A = A + 5",
        4.0,
        values={"s": start},
    )
    for lane, at in enumerate(start):
        since = result.times - at
        exact = np.where(since >= 0, 5 * np.exp(-0.7 * np.maximum(since, 0)), 0.0)
        np.testing.assert_allclose(result["A"][lane], exact, atol=1e-8)


@pytest.mark.parametrize(("condition", "at_switch"), [(">=", 1.0), (">", 0.0)])
def test_events_at_recorded_times(condition, at_switch):
    result = run(f"a = 0; a' = 0; at (time {condition} 2): a = 1", 4.0, points=4)
    assert result["a"].tolist() == [[0.0, 0.0, at_switch, 1.0, 1.0]]


def test_repeated_firing_needs_the_trigger_to_turn_false():
    result = run("S = 1; n = 0; S' = -S; at (S < 0.5): S = 1, n = n + 1", 7.0)
    fired = np.floor(result.times / np.log(2.0) + 1e-9)
    np.testing.assert_array_equal(result["n"][0], fired)


def test_priorities_order_simultaneous_events():
    text = """
        a = 1; c = 0; c' = 1
        at (time > 2), priority = {}, fromTrigger = false: a = a + 1
        at (time > 2), priority = 2, fromTrigger = false: a = a*10
    """
    assert run(text.format(1), 3.0)["a"][0, -1] == 11.0
    assert run(text.format(3), 3.0)["a"][0, -1] == 20.0


def test_values_of_the_moment_of_triggering():
    text = """
        a = 1; c = 0; c' = 1
        at (time > 2), priority = 1, fromTrigger = {}: a = a + 1
        at (time > 2), priority = 2, fromTrigger = {}: a = a*10
    """
    assert run(text.format("true", "true"), 3.0)["a"][0, -1] == 2.0


def test_cancelled_events_do_not_fire():
    text = """
        a = 0; c = 0; c' = 1
        at (c > 2), priority = 2: c = 0
        at (c > 2), priority = 1, persistent = {}: a = a + 1
    """
    assert run(text.format("false"), 3.0)["a"][0, -1] == 0.0
    assert run(text.format("true"), 3.0)["a"][0, -1] == 1.0


def test_events_fire_other_events():
    text = "a = 0; b = 0; c = 0; c' = 1; at (c > 1): a = 1; at (a > 0.5): b = 7"
    assert run(text, 2.0)["b"][0, -1] == 7.0


@pytest.mark.parametrize(("before", "start"), [("false", 5.0), ("true", 1.0)])
def test_triggers_true_from_the_start(before, start):
    result = run(f"a = 1; a' = 0; at (a > 0), t0 = {before}: a = 5", 1.0)
    assert result["a"][0, 0] == start


def test_amounts_survive_a_new_compartment_size():
    result = run(
        "compartment C = 2; species S in C = 3; J: -> S; 0; at (time > 1): C = 4", 2.0
    )
    assert result["S"][0, [0, -1]].tolist() == [3.0, 1.5]


def test_concentrations_are_set_as_concentrations():
    result = run(
        "compartment C = 2; species S in C = 3; J: -> S; 0; at (time > 1): S = 4", 2.0
    )
    assert result["S"][0, [0, -1]].tolist() == [3.0, 4.0]


def test_endless_cascades_are_refused():
    text = """
        a = 0; c = 0; c' = 1
        at (a > 0.5), persistent = true: a = 0
        at (c > 1 && a < 0.5): a = 1
    """
    with pytest.raises(InputError, match="fire each other without end"):
        run(text, 2.0)
