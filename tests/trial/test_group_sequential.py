"""Boundaries against R's rpact 3.3.4, to 1e-4 and better.

Each row is what ``getDesignGroupSequential`` prints for the same information rates.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from oestra.trial.group_sequential import (
    critical_values,
    crossing,
    futility_values,
    power_family,
)
from oestra.trial.spending import Spending, spend

T2, T3, T4 = (0.6, 1.0), (1 / 3, 2 / 3, 1.0), (0.25, 0.5, 0.8, 1.0)
OF, PK, HSD = Spending
RPACT = [
    (OF, 0.025, 1, T3, (3.71030287, 2.51142748, 1.99304748)),
    (OF, 0.025, 1, T4, (4.33263365, 2.96313160, 2.26621314, 2.02780022)),
    (OF, 0.025, 1, T2, (2.66863014, 1.98096503)),
    (OF, 0.05, 1, T4, (3.74955184, 2.53994257, 1.93185004, 1.73486406)),
    (PK, 0.025, 1, T3, (2.27942824, 2.29491114, 2.29593959)),
    (PK, 0.025, 1, T4, (2.36832770, 2.36752429, 2.32706162, 2.36972895)),
    (PK, 0.05, 2, T4, (2.36832770, 2.36752429, 2.32706050, 2.36972239)),
    (PK, 0.2, 2, T4, (1.80244892, 1.74565665, 1.66442779, 1.68262004)),
    (HSD, 0.025, 1, T3, (3.01073949, 2.54653055, 1.99922635)),
    (HSD, 0.025, 1, T4, (3.15537303, 2.81834715, 2.34716054, 2.02202869)),
    (HSD, 0.05, 2, T3, (3.01073949, 2.54653055, 1.99922632)),
]


@pytest.mark.parametrize(("function", "alpha", "sided", "times", "bounds"), RPACT)
def test_spending_functions_agree_with_rpact(function, alpha, sided, times, bounds):
    spent = [sided * spend(function, t, alpha / sided, gamma=-4) for t in times]
    found = critical_values(times, spent, sided=sided)
    assert found == pytest.approx(bounds, abs=1e-5)


@pytest.mark.parametrize(
    ("shape", "times", "bounds"),
    [
        (0.0, T3, (3.47109144, 2.45443230, 2.00403558)),
        (0.0, T4, (4.06176157, 2.87209915, 2.27059375, 2.03088079)),
        (0.5, T3, (2.28947846,) * 3),
        (0.5, T4, (2.35924603,) * 4),
        (0.5, T2, (2.16051924,) * 2),
    ],
)
def test_classical_bounds_agree_with_rpact(shape, times, bounds):
    found = power_family(times, 0.025, shape=shape)
    assert found == pytest.approx(bounds, abs=1e-5)
    both = power_family(times, 0.05, shape=shape, sided=2)
    assert both == pytest.approx(bounds, abs=1e-5)


@pytest.mark.parametrize("shape", [0.0, 0.5])
@pytest.mark.parametrize(
    "times", [(0.5, 0.501, 1.0), (0.2, 0.2001, 1.0), (0.5, 0.5001, 0.5002, 1.0)]
)
def test_looks_that_follow_on_each_other_spend_what_they_may(times, shape):
    """By the normal integral of scipy; rpact's own fails where looks are so near."""
    found = power_family(times, 0.025, shape=shape)
    ratio = np.minimum.outer(times, times) / np.maximum.outer(times, times)
    inside = multivariate_normal.cdf(found, cov=np.sqrt(ratio), maxpts=200_000)
    assert 1 - inside == pytest.approx(0.025, abs=2e-4)


def test_what_haybittle_and_peto_leave_for_the_end():
    for times, last in ((T3, 1.97509763), (T4, 1.98222857)):
        fixed = [3.0] * (len(times) - 1) + [None]
        found = critical_values(times, [0.025] * len(times), fixed=fixed)
        assert found[-1] == pytest.approx(last, abs=1e-5)


@pytest.mark.parametrize(
    ("function", "beta", "gamma", "times", "lower"),
    [
        (OF, 0.2, 0, T3, (-0.23614461, 1.17037203)),
        (PK, 0.1, 0, T4, (0.02586767, 0.83997179, 1.60668937)),
        (HSD, 0.1, -2, T4, (-0.62552733, 0.36284596, 1.38570736)),
    ],
)
def test_spending_of_beta_agrees_with_rpact(function, beta, gamma, times, lower):
    upper = critical_values(times, [spend(OF, t, 0.025) for t in times])
    spent = [spend(function, t, beta, gamma=gamma) for t in times]
    same, found, drift = futility_values(times, upper, spent)
    assert same == pytest.approx(upper)
    assert found[:-1] == pytest.approx(lower, abs=1e-5)
    power = crossing(times, upper, found, drift).above.sum()
    assert power == pytest.approx(1 - beta, abs=1e-7)


def test_binding_futility_lowers_the_bounds_as_in_rpact():
    spent = [spend(OF, t, 0.025) for t in T3]
    found = critical_values(T3, spent, lower=[0.0, 0.3, -math.inf])
    assert found == pytest.approx((3.71030287, 2.51035810, 1.96724511), abs=1e-5)


@pytest.mark.parametrize(
    ("efficacy", "futility", "beta", "times", "upper", "lower"),
    [
        ((OF, 0), (PK, 0), 0.1, (0.418787, 0.427553, 1.0),
         (3.272467, 3.304835, 1.901080), (0.592562, 0.451834)),
        ((PK, 0), (HSD, -2.79), 0.2, (0.339961, 0.620795, 0.774519, 1.0),
         (2.273395, 2.327119, 2.399497, 2.330324), (-0.239142, 0.811091, 1.343753)),
        ((PK, 0), (PK, 0), 0.1, (0.287588, 1.0), (2.324885, 2.079327), (0.123764,)),
    ],
)  # fmt: skip
def test_bounds_that_rely_on_each_other_agree_with_rpact(
    efficacy, futility, beta, times, upper, lower
):
    spent = [spend(efficacy[0], t, 0.025, gamma=efficacy[1]) for t in times]
    found, low, _ = futility_values(
        times,
        critical_values(times, spent),
        [spend(futility[0], t, beta, gamma=futility[1]) for t in times],
        relying=lambda stop: critical_values(times, spent, lower=list(stop)),
    )
    assert found == pytest.approx(upper, abs=5e-5)
    assert low[:-1] == pytest.approx(lower, abs=5e-5)


def test_bounds_given_beforehand_spend_no_more_than_there_is():
    """Three standard errors at four looks spend 0.0036; of 0.002 the rest gives way."""
    times = (0.2, 0.4, 0.6, 0.8, 1.0)
    found = critical_values(times, [0.002] * 5, fixed=[3.0] * 4 + [None])
    assert found[0] == 3.0
    assert found[1] > 3.0
    assert crossing(times, found).above.sum() == pytest.approx(0.002, abs=1e-9)
    lone = critical_values((0.5, 1.0), [0.001] * 2, fixed=[3.0, None])
    assert lone[0] == pytest.approx(3.090232)
    assert lone[1] > 7


def test_power_agrees_with_rpact():
    """Shift 10.73216207 gives 90 %; chances of stopping as rpact prints them."""
    upper = critical_values(T4, [spend(OF, t, 0.025) for t in T4])
    above = crossing(T4, upper, drift=math.sqrt(10.73216207)).above
    printed = (0.0035232918, 0.2554816138, 0.4897722202, 0.1512228742)
    assert above == pytest.approx(printed, abs=1e-6)
    assert above.sum() == pytest.approx(0.9, abs=1e-6)


def test_looks_that_spend_nothing_inflate_the_error():
    """Three looks at a two-sided 0.0221 and an end at 0.05: 4.0 % one-sided."""
    events = [60, 118, 177, 246]
    above = crossing(events, [2.28864] * 3 + [1.95996]).above
    assert above.sum() == pytest.approx(0.0404, abs=1e-4)
    kept = critical_values(events, [0.025] * 4, fixed=[2.28864] * 3 + [None])
    assert crossing(events, kept).above.sum() == pytest.approx(0.025, abs=1e-6)


def test_agreement_with_simulation():
    rng = np.random.default_rng(3)
    steps = rng.normal(size=(200_000, 3)) * np.sqrt(np.diff([0, *T3])) + 1.5 / 3
    z = np.cumsum(steps, axis=1) / np.sqrt(T3)
    high, low = (2.8, 2.4, 2.0), (-0.5, 0.4, 2.0)
    going, found = np.ones(len(z), dtype=bool), []
    for k in range(3):
        found.append((going & (z[:, k] > high[k])).mean())
        going &= (z[:, k] <= high[k]) & (z[:, k] >= low[k])
    above = crossing(T3, high, low, drift=1.5).above
    assert above == pytest.approx(found, abs=4e-3)


@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=6, unique=True),
    st.sampled_from(list(Spending)),
    st.sampled_from([0.01, 0.025, 0.1]),
)
def test_all_of_alpha_is_spent_and_no_more(events, function, alpha):
    events = sorted(events)
    shares = [count / events[-1] for count in events]
    found = critical_values(shares, [spend(function, t, alpha) for t in shares])
    assert crossing(shares, found).above.sum() == pytest.approx(alpha, rel=1e-6)


@given(st.sampled_from(list(Spending)), st.floats(-6, 6))
def test_spending_rises_from_nothing_to_all(function, gamma):
    shares = np.linspace(0.01, 1.2, 40)
    spent = [spend(function, t, 0.05, gamma=gamma) for t in shares]
    assert np.all(np.diff(spent) >= -1e-12)
    assert spent[-1] == 0.05
    assert spent[0] >= 0
