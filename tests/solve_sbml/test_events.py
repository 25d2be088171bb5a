"""Events: located precisely, in the order of their priorities."""

import numpy as np
import pytest

from oestra.solve.outcome import Outcome
from oestra.solve.sbml import read_sbml, sbml_of_antimony
from oestra.solve.settings import Settings
from oestra.solve.simulation import simulate

PRECISE = Settings(rtol=1e-9, atol=1e-14, threads=1)


def run(text, until, *, points=20, values=None, seed=0):
    model = read_sbml(sbml_of_antimony(text, "the test"))
    return simulate(
        model, until, points=points, values=values, settings=PRECISE, seed=seed
    )


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


ENDLESS = """
    a = 0; on = 1; c = 0; c' = 1
    at (a > 0.5), persistent = true: a = 0
    at (c > 1 && a < 0.5 && on > 0): a = 1
"""


def test_a_lane_with_endless_events_leaves_the_others_alone():
    result = run(ENDLESS, 2.0, values={"on": [0.0, 1.0, 0.0]})
    assert result.failures() == {Outcome.ENDLESS_EVENTS: 1}
    np.testing.assert_allclose(result["c"][[0, 2], -1], 2.0, rtol=1e-9)
    assert np.isnan(result["c"][1, -1])
    np.testing.assert_allclose(result["c"][1, 9], 0.9, rtol=1e-9)


def test_too_many_events_that_wait_have_a_name():
    result = run("a = 0; c = 0; c' = 900; at 10 after (c - floor(c) > 0.5): a = 1", 5.0)
    assert result.failures() == {Outcome.ENDLESS_EVENTS: 1}


# Jumps by the clock

DAILY = {
    "floor": "time - 24*floor(time/24) >= 8",
    "remainder of a state": "c - 24*floor(c/24) >= 8",
    "ceiling": "24*ceil(time/24) - time <= 16 && time > 0",
    "piecewise": "piecewise(1, time - 24*floor(time/24) < 8, 0) < 0.5",
    "variable": "time >= next",
}


@pytest.mark.parametrize("trigger", DAILY.values(), ids=DAILY)
def test_a_daily_event_happens_every_day_of_a_year(trigger):
    result = run(
        f"n = 0; x = 1; c = 0; c' = 1; next = 8; x' = -0.01*x;"
        f"at ({trigger}): n = n + 1, next = next + 24",
        365 * 24.0,
        points=365,
    )
    assert result["n"][0].tolist() == list(range(366))
    assert result.warnings == ()


def test_infusions_of_an_hour_every_day_for_thirty_days():
    result = run(
        "A = 0; A' = piecewise(10, time - 24*floor(time/24) < 1, 0) - 0.1*A",
        720.0,
        points=30,
    )
    one = 100 * (1 - np.exp(-0.1)) * np.exp(-0.1 * 23)
    days = np.arange(31)
    exact = one * (1 - np.exp(-2.4 * days)) / (1 - np.exp(-2.4))
    np.testing.assert_allclose(result["A"][0], exact, rtol=1e-7, atol=1e-12)


def test_windows_within_windows():
    # Ten minutes of every hour, eight hours of every day, five days of every week.
    result = run(
        """
        x = 0; week := time - 168*floor(time/168); day := time - 24*floor(time/24)
        hour := time - floor(time)
        x' = piecewise(6, hour < 1/6 && day < 8 && week < 120, 0)
        """,
        4 * 168.0,
        points=4,
    )
    np.testing.assert_allclose(result["x"][0], 40.0 * np.arange(5), rtol=1e-7)


def test_a_condition_curved_in_time_is_told():
    text = "n = 0; x = 1; x' = -x; at ({} > 0.5): n = n + 1"
    told = run(text.format("sin(time) + sin(0.7*time)"), 20.0)
    assert "straight line" in told.warnings[0]
    certain = run(text.format("sin(time)"), 20.0)
    assert certain["n"][0, -1] == 4
    assert certain.warnings == ()


def test_events_at_crests_of_a_day_are_all_found_by_two_points():
    text = "n = 0; at (sin(2*pi*time/24) > 0.9999): n = n + 1"
    assert run(text, 24.0 * 365, points=1)["n"].tolist() == [[0.0, 365.0]]


def test_a_moment_on_a_curve_of_time_is_found():
    text = "n = 0; at (exp(-(time - 500)^2/0.0001) > 0.5): n = n + 1"
    assert run(text, 1000.0, points=1)["n"].tolist() == [[0.0, 1.0]]


def test_jumps_of_rates_curved_in_time_are_located():
    result = run("x = 0; x' = piecewise(1, sin(time) > 0.5, 0)", 4 * np.pi, points=100)
    np.testing.assert_allclose(result["x"][0, -1], 4 * np.pi / 3, rtol=1e-8)


def test_a_rate_that_jumps_right_after_the_start():
    result = run("x = 0; x' = piecewise(1, sin(time) > 0, 0)", np.pi, points=10)
    np.testing.assert_allclose(result["x"][0], result.times, atol=1e-9)


def test_a_curve_of_time_that_is_true_where_a_step_begins():
    # The step is done again up to the jump of the rates, of which nothing is known yet.
    text = """
        light := sin(2*pi*time/24); x = 0; n = 0
        x' = piecewise(1, light > 0, 0); at (light > 0.99): n = n + 1
    """
    result = run(text, 240.0, points=10)
    assert result["n"][0, -1] == 10
    np.testing.assert_allclose(result["x"][0, -1], 120.0, rtol=1e-8)


@pytest.mark.parametrize(
    ("rate", "exact"),
    [
        ("piecewise(1000, x > 0.5 && x < 0.5005, 0)", 1e4 * np.log(0.5005 / 0.5)),
        ("piecewise(1, abs(x - 0.5) < 0.001, 0)", 10 * np.log(0.501 / 0.499)),
        ("piecewise(1, max(x - 0.5, 0.5 - x) < 0.001, 0)", 10 * np.log(0.501 / 0.499)),
        ("floor(10*x)", 10 * np.log(10 / np.arange(4, 11)).sum() + 30),
        ("ceil(10*x)", 10 * np.log(10 / np.arange(4, 11)).sum() + 40),
    ],
)
def test_windows_of_a_state_in_rates_are_found_by_two_points(rate, exact):
    result = run(f"x = 1; x' = -0.1*x; y = 0; y' = {rate}", 10.0, points=1)
    np.testing.assert_allclose(result["y"][0, -1], exact, rtol=1e-7)


@pytest.mark.parametrize(
    ("rules", "trigger", "until", "count"),
    [
        ("x = 0; x' = 1; y = 0; y' = x", "y >= 8 && y <= 8.0001", 10.0, 1),
        ("x = 10; x' = -0.1*x", "x - floor(x) < 0.1", 20.0, 8),
        ("x = 0", "sin(time) > 0.5 && sin(time) < 0.5001", 100.0, 32),
        ("x = 0", "time^2 - 10*floor(time^2/10) > 9", 20.0, 40),
        ("x = 1; x' = -0.1*x", "abs(x - 0.5) < 0.001", 10.0, 1),
    ],
)
def test_short_conditions_of_several_parts_are_found_by_two_points(
    rules, trigger, until, count
):
    result = run(f"{rules}; n = 0; at ({trigger}): n = n + 1", until, points=1)
    assert result["n"][0, -1] == count


def test_no_step_tells_of_rates_across_a_threshold_of_their_own():
    result = run("x = 1; x' = piecewise(-x, x > 0.5, -5*x)", 1.5, points=15)
    since = result.times - np.log(2)
    exact = 0.5 * np.exp(np.where(since < 0, -since, -5 * since))
    np.testing.assert_allclose(result["x"][0], exact, rtol=1e-7)


def test_rates_that_push_back_over_a_threshold_do_not_stop_a_lane():
    text = "x = 1; x' = 0.5 - x + 1e-13*piecewise(-1, x > 0.5, 1)"
    result = run(text, 1000.0)
    np.testing.assert_allclose(result["x"][0, -1], 0.5, rtol=1e-8)


def test_the_last_point_between_an_instant_and_just_behind_it():
    text = "x = 0; x' = 1; at (x >= 1), fromTrigger = false: x = 0"
    for until in (6.0, 10.0):
        assert np.isfinite(run(text, until, points=int(2 * until))["x"]).all()


def test_crests_of_a_fast_state_are_found():
    result = run(
        "x = 1; v = 0; w = 50; n = 0; x' = w*v; v' = -w*x; at (x > 0.99): n = n + 1",
        4.0,
        points=1,
    )
    assert result["n"][0, -1] == np.floor(4.0 * 50 / (2 * np.pi) + 0.02)


def test_a_turn_that_a_step_would_miss_is_found():
    # The parabola dips below zero for less than a fortieth of the only step.
    result = run(
        "v = 0; y = 1; n = 0; v' = 1; y' = 2*v - 1; y = 0.2501;"
        "at (y < 0.0002): n = n + 1",
        1.0,
        points=1,
    )
    assert result["n"][0, -1] == 1


# Events of one instant


def test_triggers_that_coincide_but_for_rounding_go_by_priority():
    text = """
        a = 1; x = 0; x' = 0.1
        at (time >= {}), priority = {}, fromTrigger = false: a = a + 1
        at (x >= 0.3), priority = {}, fromTrigger = false: a = a*10
        at (time >= 0.1*30), priority = {}, fromTrigger = false: a = a - 3
    """
    assert run(text.format("3", 1, 2, 3), 5.0)["a"][0, -1] == -19.0
    assert run(text.format("3", 3, 2, 1), 5.0)["a"][0, -1] == 17.0
    assert run(text.format("2.9999999999999996", 2, 3, 1), 5.0)["a"][0, -1] == 8.0


def test_states_that_turn_together_go_by_priority():
    text = """
        a = 1; x = 1; y = 2; x' = -x; y' = -y
        at (x < 0.5), priority = {}, fromTrigger = false: a = a + 1
        at (y < 1), priority = {}, fromTrigger = false: a = a*10
    """
    assert run(text.format(1, 2), 1.0)["a"][0, -1] == 11.0
    assert run(text.format(2, 1), 1.0)["a"][0, -1] == 20.0


def test_an_event_triggered_twice_in_one_instant_happens_twice():
    text = """
        n = 0; flip = 0; c = 0; c' = 1
        at (c > 1 && flip < 0.5), priority = 1, fromTrigger = false: n = n + 1
        at (c > 1), priority = 9: flip = 1
        at (flip > 0.5), priority = 8: flip = 0
    """
    assert run(text, 2.0)["n"][0, -1] == 2.0


def test_equal_priorities_are_drawn_at_random_from_the_seed():
    text = """
        a = 1; k = 1; c = 0; c' = 1
        at (c > 1), priority = 1, fromTrigger = false: a = a + 1
        at (c > 1), priority = 1, fromTrigger = false: a = a*10
    """
    lanes = {"k": np.ones(400)}
    ends = [run(text, 2.0, values=lanes, seed=s)["a"][:, -1] for s in (0, 0, 1)]
    assert set(ends[0]) == {11.0, 20.0}
    assert 150 < np.count_nonzero(ends[0] == 11.0) < 250
    np.testing.assert_array_equal(ends[0], ends[1])
    assert (ends[0] != ends[2]).any()


def test_all_orders_of_three_equals_are_drawn():
    text = "a = 0; k = 1; c = 0; c' = 1;" + "".join(
        f"at (c > 1), priority = 1, fromTrigger = false: a = 10*a + {k};"
        for k in (1, 2, 3)
    )
    ends = run(text, 2.0, values={"k": np.ones(900)})["a"][:, -1]
    found, counts = np.unique(ends, return_counts=True)
    assert found.tolist() == [123, 132, 213, 231, 312, 321]
    assert counts.min() > 100


def test_a_concentration_and_its_compartment_are_set_at_once():
    result = run(
        "compartment C = 2; species S in C = 3; J: -> S; 0;at (time > 1): S = 4, C = 8",
        2.0,
    )
    assert result["S"][0, [0, -1]].tolist() == [3.0, 1.0]
    assert result["C"][0, -1] == 8.0


# Delays


def test_delayed_events_with_values_of_either_moment():
    text = "c = 0; a = 0; c' = 1; at 2 after (c > 1), fromTrigger = {}: a = c"
    for early, value in (("true", 1.0), ("false", 3.0)):
        a = run(text.format(early), 4.0, points=8)["a"][0]
        assert not a[:6].any()
        np.testing.assert_allclose(a[7:], value, rtol=1e-9)


@pytest.mark.parametrize(("persistent", "count"), [("true", 1.0), ("false", 0.0)])
def test_a_trigger_that_turns_false_takes_back_what_waits(persistent, count):
    text = f"""
        n = 0; c = 0; c' = 1
        at 2 after (c > 1 && c < 2), persistent = {persistent}: n = n + 1
    """
    assert run(text, 5.0)["n"][0, -1] == count


def test_an_event_waits_as_often_as_it_was_triggered():
    result = run(
        """
        n = 0; x = 1; x' = -0.1*x
        at 10 after (time - floor(time) >= 0.5), fromTrigger = false: n = n + 1
        """,
        20.0,
    )
    exact = np.clip(np.floor(result.times - 9.5), 0, None)
    np.testing.assert_array_equal(result["n"][0], exact)


def test_delays_are_computed_when_the_event_is_triggered():
    result = run("a = 0; d = 3; d' = -1; at d after (time >= 1): a = 1", 6.0, points=12)
    np.testing.assert_array_equal(result["a"][0], result.times >= 3.0)


TURNS = {
    "states": "at S < low, priority = 1, fromTrigger = false: S = S + 1, A = B + 1;"
    " at S < low, priority = 1, fromTrigger = false: B = A + 2;",
    "a delay": "at 0.3 after S < low: S = S + 1; at A > 3: A = 0, B = B + 1;",
    "a wave": "at S*sin(3*time) > low: B = B + k; at S < 0.1: S = 2;",
}


@pytest.mark.parametrize("turns", TURNS)
def test_a_lane_with_events_is_the_same_alone_and_among_others(turns):
    model = read_sbml(
        sbml_of_antimony(
            "S = 1; k = 0.3; A = 0; B = 0; low = 0.5; S -> ; k*S; A' = k;"
            + TURNS[turns],
            turns,
        )
    )
    chance = np.random.default_rng(1)
    values = {"k": chance.uniform(0.1, 1, 200), "S": chance.uniform(0.6, 2, 200)}
    at = np.linspace(0, 10, 21)
    whole = simulate(model, at=at, values=values, seed=4, settings=Settings(threads=1))
    for first, count in ((0, 200), (1, 1), (42, 1), (7, 60), (113, 87)):
        part = {name: column[first : first + count] for name, column in values.items()}
        for threads in (1, 2):
            found = simulate(
                model,
                at=at,
                values=part,
                seed=4,
                settings=Settings(threads=threads),
                first=first,
            )
            np.testing.assert_array_equal(
                found.courses, whole.courses[first : first + count]
            )
