"""Simulation: known solutions, switches of the clock, ensembles, lanes that fail."""

import numpy as np
import pandas as pd
import pytest

from oestra.core.errors import InputError
from oestra.solve.evaluate import Evaluator
from oestra.solve.outcome import Outcome
from oestra.solve.sbml import read_sbml, sbml_of_antimony
from oestra.solve.settings import Settings
from oestra.solve.simulation import simulate
from oestra.solve.switches import switch_times, switches

PRECISE = Settings(rtol=1e-9, atol=1e-14, threads=1)


def model_of(text):
    return read_sbml(sbml_of_antimony(text, "the test"))


DECAY = model_of("species A, B; A = 10; B = 0; k = 0.5; J: A -> B; k*A")


def test_exponential_decay():
    result = simulate(DECAY, 4.0, points=8, settings=PRECISE)
    exact = 10 * np.exp(-0.5 * result.times)
    np.testing.assert_allclose(result["A"][0], exact, rtol=1e-8)
    np.testing.assert_allclose(result["A"] + result["B"], 10.0, rtol=1e-12)


def test_times_are_recorded_as_given():
    times = [0.5, 0.75, 3.0]
    result = simulate(DECAY, at=times, settings=PRECISE)
    assert result.times.tolist() == times
    np.testing.assert_allclose(
        result["A"][0], 10 * np.exp(-0.5 * np.array(times)), rtol=1e-8
    )


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([], "list of finite numbers"),
        ([1.0, np.inf], "list of finite numbers"),
        ([[1.0]], "list of finite numbers"),
        ([1.0, 1.0], "ascend from zero"),
        ([-1.0, 1.0], "ascend from zero"),
        ([0.0], "ascend from zero or later, and end after it"),
    ],
)
def test_times_that_cannot_be_recorded_are_refused(times, message):
    with pytest.raises(InputError, match=message):
        simulate(DECAY, at=times)


@pytest.mark.parametrize(
    "values",
    [
        {"k": [[1.0, 2.0]]},
        pd.DataFrame([[1.0, 2.0], [3.0, 4.0]], columns=["k", "k"]),
    ],
    ids=["matrix", "repeated column"],
)
def test_values_are_columns_with_names_of_their_own(values):
    with pytest.raises(InputError, match=r"values of 'k' are not a column of numbers"):
        simulate(DECAY, 1.0, values=values)


def test_times_are_given_once():
    with pytest.raises(InputError, match="not both"):
        simulate(DECAY, 3.0, at=[1.0])
    with pytest.raises(InputError, match="end time"):
        simulate(DECAY)


@pytest.mark.parametrize("method", ["rodas4", "rodas5p", "radau"])
def test_methods_agree(method):
    stiff = model_of("""
        a = 1; b = 0; c = 0;
        a' = -0.04*a + 1e4*b*c; b' = 0.04*a - 1e4*b*c - 3e7*b^2; c' = 3e7*b^2
    """)
    settings = Settings(rtol=1e-8, atol=1e-14, threads=1, method=method)
    result = simulate(stiff, at=[40.0], settings=settings)
    # Hairer & Wanner (1996), Solving Ordinary Differential Equations II, IV.10.
    exact = [0.7158270688, 9.185534765e-6, 0.2841637457]
    np.testing.assert_allclose(result.courses[0, 0], exact, rtol=1e-6)


def test_radau_takes_lanes_and_failures():
    settings = Settings(rtol=1e-9, atol=1e-13, threads=1, method="radau")
    values = {"k": [1, 2, np.nan]}
    result = simulate(DECAY, at=[0.5, 2.0], values=values, settings=settings)
    for lane, rate in enumerate((1.0, 2.0)):
        exact = 10 * np.exp(-rate * result.times)
        np.testing.assert_allclose(result["A"][lane], exact, rtol=1e-7)
    assert result.failures() == {Outcome.NON_FINITE: 1}
    assert np.isnan(result["A"][2]).all()


def test_radau_takes_no_events():
    kicked = model_of("a = 1; a' = -a; at (time > 1): a = 5")
    with pytest.raises(InputError, match="'radau' takes no events"):
        simulate(kicked, 2.0, settings=Settings(method="radau"))


def test_radau_keeps_what_came_before_it_failed():
    bursting = model_of("a = 1; a' = a^2")
    settings = Settings(threads=1, method="radau")
    result = simulate(bursting, at=[0.5, 2.0], settings=settings)
    np.testing.assert_allclose(result["a"][0, 0], 2.0, rtol=1e-4)
    assert np.isnan(result["a"][0, 1])
    assert result.failures()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"rtol": 0.0}, "rtol lies between"),
        ({"atol": -1.0}, "atol lies between"),
        ({"max_steps": 0}, "max_steps lies between"),
        ({"method": "euler"}, "No method 'euler'"),
    ],
)
def test_settings_have_bounds(given, message):
    with pytest.raises(InputError, match=message):
        Settings(**given)


def test_an_infinite_value_is_named():
    with pytest.raises(InputError, match="not finite at time 0; k is infinite"):
        simulate(DECAY, 1.0, values={"k": np.inf})


def test_lanes_are_the_simulations_one_by_one():
    rates = np.array([0.1, 0.5, 2.0])
    together = simulate(DECAY, 3.0, points=5, values={"k": rates, "A": 4.0})
    for lane, rate in enumerate(rates):
        alone = simulate(DECAY, 3.0, points=5, values={"k": rate, "A": 4.0})
        np.testing.assert_array_equal(alone.courses[0], together.courses[lane])
    table = together.table()
    assert list(table.columns) == ["lane", "time", "A", "B"]
    assert len(table) == 3 * 6
    assert table["A"].to_numpy()[:6].tolist() == together["A"][0].tolist()


def test_a_lane_that_fails_leaves_the_others_alone():
    rates = [0.5, np.nan, np.inf, -0.5]
    result = simulate(DECAY, 3.0, points=5, values={"k": rates})
    assert result.failures() == {Outcome.NON_FINITE: 2}
    alone = simulate(DECAY, 3.0, points=5, values={"k": [0.5, -0.5]})
    np.testing.assert_array_equal(result.courses[[0, 3]], alone.courses)


def test_short_pulses_of_the_clock_are_not_stepped_over():
    model = model_of("""
        a = 0; on = 50; a' = piecewise(1000, time > on && time < on + 0.001, 0) - 0.5*a
    """)
    result = simulate(
        model, 100.0, points=10, values={"on": [50.0, 33.0]}, settings=PRECISE
    )
    area = 1000 * (1 - np.exp(-0.5 * 0.001)) / 0.5
    for lane, start in enumerate((50.0, 33.0)):
        after = result.times > start
        exact = area * np.exp(-0.5 * (result.times - start - 0.001))
        np.testing.assert_allclose(result["a"][lane, after], exact[after], 1e-7, 1e-14)
        assert not result["a"][lane, ~after].any()


def test_switches_are_found_in_straight_lines_of_time_alone():
    model = model_of("""
        a = 1; b = 2; c = 4; x = 1
        x' = piecewise(1, 2*time - a < b, 2, (time + 1)/c > b, 3, time > x, 4, 5)
    """)
    found = switches(model.ode.rhs)
    times = sorted(Evaluator(found)(0.0, model.ode.initial, model.ode.values))
    assert times == [1.5, 7.0]
    assert switch_times(found, model.ode.values[None], 5.0).tolist() == [[1.5, 5.0]]  # noqa: PD011 - no table


def test_values_at_a_switch_are_those_of_that_time():
    model = model_of("""
        x = 0; x' = 1; early := piecewise(1, time >= 2, 0)
        late := piecewise(1, time > 2, 0)
        same := piecewise(1, time == 2, 0)
    """)
    result = simulate(model, 4.0, points=4)
    assert result["early"].tolist() == [[0, 0, 1, 1, 1]]
    assert result["late"].tolist() == [[0, 0, 0, 1, 1]]
    assert result["same"].tolist() == [[0, 0, 1, 0, 0]]
    np.testing.assert_allclose(result["x"], [[0, 1, 2, 3, 4]], rtol=1e-12)


def test_recorded_names_mean_what_formulas_mean():
    model = model_of("""
        compartment C = 4, V = 2; C' = 4; species B in C = 3, $E in V = 5
        substanceOnly species N in V = 7; x = 0; x' = B + E + N
    """)
    result = simulate(model, 1.0, points=1)
    assert set(result.names) == {"C", "B", "E", "N", "x"}
    np.testing.assert_allclose(result["B"][0], [3.0, 1.5], rtol=1e-9)
    assert result["E"][0].tolist() == [5.0, 5.0]
    assert result["N"][0].tolist() == [7.0, 7.0]
    chosen = simulate(model, 1.0, points=1, outputs=["E", "amount(E)", "N"])
    assert chosen.courses[0, 0].tolist() == [5.0, 10.0, 7.0]
    given = simulate(model, 1.0, points=1, outputs=["E"], values={"E": 2.0})
    assert given["E"][0].tolist() == [2.0, 2.0]


def test_models_without_states_are_evaluated():
    result = simulate(model_of("k = 2; y := k*time"), 3.0, points=3)
    assert result["y"].tolist() == [[0.0, 2.0, 4.0, 6.0]]


def test_outputs_are_chosen_by_name():
    result = simulate(DECAY, 1.0, points=1, outputs=["k", "amount(A)", "J"])
    np.testing.assert_allclose(result.courses[0, 0], [0.5, 10.0, 5.0])
    with pytest.raises(InputError, match=r"No recorded output 'A'"):
        result["A"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"until": 0.0}, "end time must be positive"),
        ({"until": float("nan")}, "end time must be positive"),
        ({"until": 1.0, "points": 0}, "At least 1 point"),
        ({"until": "5"}, "end time must be a number, got '5'"),
        ({"until": 10**400}, "end time must be a number, got 1000"),
        ({"until": 1.0, "points": 2.5}, "points must be a whole number, got 2.5"),
        ({"until": 1.0, "points": 10**12}, "1,000,000,000,000 points are too many"),
        ({"at": ["a", "b"]}, "a list of finite numbers"),
        ({"until": 1.0, "values": {"kk": 1.0}}, "No parameter or state 'kk'.*'k'"),
        ({"until": 1.0, "values": {"k": ["fast"]}}, "'k' are not all numbers"),
        ({"until": 1.0, "values": {"k": [1, 2], "A": [1, 2, 3]}}, "'k' has 2 values"),
        ({"until": 1.0, "outputs": ["AA"]}, "No output 'AA'"),
        ({"until": 1.0, "points": 10**9}, "too many"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(InputError, match=message):
        simulate(DECAY, **arguments)


def test_division_by_zero_at_the_start_is_explained():
    model = model_of("model m; x = 1; k = 0; x' = x/k; end")
    with pytest.raises(
        InputError, match=r"rate of x is not finite at time 0.*division"
    ):
        simulate(model, 1.0)


def test_missing_values_are_named():
    model = model_of("model m; x = 1; var k; x' = -k*x; end")
    with pytest.raises(InputError, match="no value is given for k"):
        simulate(model, 1.0)
    assert simulate(model, 1.0, values={"k": 1.0}).failures() == {}


def test_concentrations_in_a_tiny_compartment_are_resolved_like_others():
    text = """
        compartment c; c = {}; species A in c; A = 1e-9
        -> A; c*0.5*A*(1 - A/1e-6)
    """
    one, tiny = (simulate(model_of(text.format(c)), 50.0) for c in ("1", "1e-15"))
    grown = np.exp(0.5 * one.times)
    exact = 1e-6 * grown / (999 + grown)
    np.testing.assert_allclose(one["A"][0], exact, rtol=1e-4)
    np.testing.assert_allclose(tiny["A"][0], one["A"][0], rtol=1e-6)
    assert tiny.warnings == ()


def test_amounts_below_the_tolerance_are_told():
    text = "compartment c = 1; substanceOnly species A in c; A = 1e-18; A -> ; 0.1*A"
    model = model_of(text)
    assert "A begins below the absolute" in simulate(model, 1.0).warnings[0]
    assert simulate(model, 1.0, settings=Settings(atol=1e-30)).warnings == ()


def test_a_method_that_does_not_look_for_jumps_by_states_says_so():
    model = model_of("x = 1; x' = -x; y = 0; y' = piecewise(1, x > 0.5, 0)")
    told = simulate(model, 1.0, settings=Settings(method="radau")).warnings
    assert "pass thresholds" in told[0]
    assert simulate(model, 1.0).warnings == ()


def test_a_compartment_of_size_zero_is_named():
    model = model_of("compartment c = 0; species A in c; A = 1; A -> ; 0.1*A")
    with pytest.raises(InputError, match="no concentrations in c, of size 0"):
        simulate(model, 1.0)
