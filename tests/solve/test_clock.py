"""Jumps that can be solved for before they are reached."""

import pytest

from oestra.solve.clock import crossings
from oestra.solve.expression import const, operation, parameter, state, time

T, P, Y = time(), parameter(0), state(0)
DECAY = (-Y,)


def of(op, *args):
    return operation(op, *args)


@pytest.mark.parametrize(
    "trigger",
    [
        of("le", P, T),
        of("lt", 2.0 * T - P, const(3.0)),
        of("le", const(8.0), T - 24.0 * of("floor", T / 24.0)),
        of("lt", of("rem", T, const(7.0)), P),
        of("lt", of("abs", T - P), const(1.0)),
        of("lt", of("select", of("lt", T, P), T, 2.0 * T), const(9.0)),
        of("lt", of("max", T, P), const(9.0)),
    ],
)
def test_straight_lines_of_time_are_solved_for(trigger):
    found = crossings([trigger], DECAY)
    assert found.solved
    assert not found.open
    assert found.untimed == ()


def test_states_count_as_clocks_if_their_rate_is_constant():
    clock, held = state(1), state(2)
    rhs = (-Y, P, const(0.0))
    found = crossings([of("le", held, clock)], rhs)
    assert found.clocks == {1: P}
    assert not found.open
    assert len(found.solved) == 1


def test_a_clock_whose_rate_jumps_with_the_time_is_one():
    rate = of("select", of("lt", T - of("floor", T), const(0.5)), const(1.0), P)
    found = crossings([of("lt", Y, const(3.0))], (rate,))
    assert found.clocks == {0: rate}
    assert not found.open


@pytest.mark.parametrize(
    ("trigger", "untimed", "uncertain", "crests"),
    [
        (of("lt", Y, const(0.5)), False, False, 0),
        (of("lt", const(0.5), of("sin", T)), True, False, 1),
        (of("lt", T * T, P), True, False, 1),
        (of("lt", 100.0 * of("exp", -T * P), const(1.0)), True, False, 0),
        (of("lt", of("sin", T) + of("sin", P * T), P), True, True, 2),
        (of("lt", of("sin", 9.0 * of("sin", T)), P), True, True, 1),
        (of("le", of("floor", T * T), P), True, True, 1),
        (of("lt", Y, T), False, False, 0),
        (of("lt", Y * of("sin", T), P), True, True, 1),
    ],
)
def test_what_is_left_is_told(trigger, untimed, uncertain, crests):
    found = crossings([trigger], DECAY)
    assert len(found.solved) == crests
    assert found.open
    assert bool(found.untimed) is untimed
    assert bool(found.uncertain) is uncertain
    assert len(found.gauges) == 1


def test_jumps_of_rates_by_states_are_told_and_kinks_in_conditions():
    jump, kink = of("lt", Y, P), of("abs", Y - P)
    rate = of("select", jump, const(1.0), of("max", Y, P))
    found = crossings([of("lt", kink, const(0.1))], (rate,))
    assert set(found.turning) == {jump, kink}
    assert not found.untimed
