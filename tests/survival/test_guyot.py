"""Curves that were printed, read off with rounding, and rebuilt."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oestra.core.errors import InputError
from oestra.survival import hazard_ratio, kaplan_meier, product_limit
from oestra.survival.guyot import rebuild

# Freireich 1963, remission of leukemia in weeks, as printed in Cox (1972).
MP6 = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
MP6_EVENT = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def digitized(time, event, step, decimals=2, *, events=False):
    """Return a curve as somebody reads it: rounded, with numbers at risk."""
    curve = kaplan_meier(time, event)
    when = np.arange(0.0, curve.times[-1] + 1e-9, step)
    at_risk = [int((np.asarray(time) >= one).sum()) for one in when]
    total = int(np.sum(event)) if events else None
    return curve.times, np.round(curve.survival, decimals), when, at_risk, total


def simulated(rng, size, median):
    time = rng.exponential(median / np.log(2), size)
    censored = rng.uniform(8, 24, size)
    return np.round(np.minimum(time, censored), 1), time <= censored


def ratio(one, other):
    group = np.arange(len(one[0]) + len(other[0])) < len(one[0])
    return hazard_ratio(np.r_[one[0], other[0]], np.r_[one[1], other[1]], group)


def test_leukemia_is_rebuilt_from_its_curves():
    arms = [(MP6, MP6_EVENT), (PLACEBO, [1] * 21)]
    found = [rebuild(*digitized(t, e, 5, 3, events=True)) for t, e in arms]
    assert [len(one.durations) for one in found] == [21, 21]
    assert [one.events for one in found] == [9, 21]
    medians = [product_limit(f.durations, f.event_observed).median for f in found]
    assert medians == [23, 8]
    # R survival, Efron, of the data themselves: coef -1.5721, se 0.4124
    rebuilt = ratio(*((f.durations, f.event_observed) for f in found))
    assert rebuilt.log_hazard_ratio == pytest.approx(-1.5721, abs=0.05)
    assert rebuilt.standard_error == pytest.approx(0.4124, abs=0.02)


@pytest.mark.parametrize("events", [True, False])
def test_hazard_ratio_and_medians_come_back(events):
    rng = np.random.default_rng(7)
    off = []
    for _ in range(10):
        arms = [simulated(rng, 240, median) for median in (6.5, 4.0)]
        found = [rebuild(*digitized(t, e, 3, events=events)) for t, e in arms]
        rebuilt = [(f.durations, f.event_observed) for f in found]
        there, here = ratio(*arms), ratio(*rebuilt)
        off.append(here.log_hazard_ratio - there.log_hazard_ratio)
        assert here.standard_error == pytest.approx(there.standard_error, rel=0.02)
        for (time, event), one in zip(arms, found, strict=True):
            median = product_limit(one.durations, one.event_observed).median
            assert median == pytest.approx(product_limit(time, event).median, abs=0.5)
            assert one.events == pytest.approx(event.sum(), abs=5)
    assert np.abs(off).max() < 0.03


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    size=st.integers(5, 120),
    step=st.sampled_from([2, 6]),
)
def test_everybody_has_a_time_and_the_curve_is_followed(seed, size, step):
    time, event = simulated(np.random.default_rng(seed), size, 5.0)
    read = digitized(time, event, step)
    found = rebuild(*read)
    assert len(found.durations) == size
    assert (np.diff(found.durations) >= 0).all()
    again = kaplan_meier(found.durations, found.event_observed, read[0])
    # A rounded point is met to half a patient of those who are left.
    near = 0.006 + 1.0 / np.maximum(again.at_risk, 1)
    assert (np.abs(again.survival - read[1])[again.at_risk > 0]
            <= near[again.at_risk > 0]).all()  # fmt: skip


def test_the_number_of_events_tells_censoring_where_no_numbers_are_printed():
    rng = np.random.default_rng(2)
    time, event = simulated(rng, 300, 12.0)
    curve = kaplan_meier(time, event)
    read = curve.times, np.round(curve.survival, 2)
    without = rebuild(*read, [0], [300])
    known = rebuild(*read, [0], [300], int(event.sum()))
    assert abs(known.events - event.sum()) < abs(without.events - event.sum())
    assert known.events == pytest.approx(event.sum(), abs=3)


@pytest.mark.parametrize(
    ("curve", "said"),
    [
        (([0, 1, 2], [1, 0.8, 0.9], [0], [20]), "rises from 0.8 at time 1 to 0.9"),
        (([0, 1, 2], [1, 0.8, 0.5], [0, 1], [20, 25]), "never rise: 25 at time 1"),
        (([0, 1, 2], [1, 0.5, 0.1], [0, 2], [100, 80]), "the curve leaves 50"),
        (([0, 1], [1, 1.4], [0], [20]), "from 0 to 1, got 1.4"),
        (([0, 1], [1, -0.1], [0], [20]), "from 0 to 1, got -0.1"),
        (([0, 2, 1], [1, 0.9, 0.8], [0], [20]), "1 follows 2"),
        (([0, 2], [1, 0.9], [1], [20]), "at time 0, got time 1"),
        (([0, 2], [1, 0.9], [0, 9], [20, 5]), "he curve ends at time 2"),
        (([0, 2], [1, 0.9], [0], [20.5]), "whole numbers"),
        (([0, 2], [1, 0.9], [0], [20], 30), "30 events cannot come of 20"),
        (([0], [1], [0], [20]), "at least two points"),
    ],
)
def test_what_no_curve_can_be_is_refused(curve, said):
    with pytest.raises(InputError, match=said):
        rebuild(*curve)
