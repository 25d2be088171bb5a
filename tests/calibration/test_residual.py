"""Residuals of endpoints that are known by construction."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from oestra.calibration.residual import endpoint_residual
from oestra.trial.observe import Observed
from oestra.trial.recist import Code

N = 4000
MONTH = 30.4375
MEDIAN = 10.0


def arm(median_months):
    """Return patients whose times are exponential, without sampling noise."""
    level = (np.arange(N) + 0.5) / N
    day = -np.log(level) / np.log(2) * median_months * MONTH
    return pd.DataFrame(
        {
            "pfs_day": day,
            "interval_weeks": 8.0,
            "pfs_event": True,
            "best_response": np.where(level < 0.3, int(Code.PR), int(Code.SD)),
            "benefit": level < 0.6,
            "has_targets": level < 0.5,
            "ki67_before": np.where(level < 0.9, 20.0, np.nan),
            "ki67_after": np.where(level < 0.36, 2.0, 5.0),
        }
    )


@pytest.fixture(scope="module")
def seen():
    everybody = np.ones(N, dtype=bool)
    half = np.arange(N) < N // 2
    return Observed(
        arms={"A": arm(2 * MEDIAN), "B": arm(MEDIAN)},
        weight={"A": np.ones(N), "B": np.full(N, 3.0)},
        strata={name: {"ITT": everybody, "half": half} for name in "AB"},
        effective_size=N,
    )


def row(endpoint, estimate, low, high, **more):
    given = {
        "stratum": "ITT", "arm": "A", "control": "B", "of": "pfs",
        "denominator": "randomized", **more,
    }  # fmt: skip
    return SimpleNamespace(
        endpoint=endpoint, estimate=estimate, low=low, high=high, **given
    )


def test_hazard_ratio(seen):
    z, value = endpoint_residual(row("hazard_ratio", 0.5, 0.4, 0.625), seen)
    assert value == pytest.approx(0.5, rel=0.01)
    assert z == pytest.approx(0.0, abs=0.1)
    z, _ = endpoint_residual(row("hazard_ratio", 0.25, 0.2, 0.3125), seen)
    assert z == pytest.approx(np.log(2) / (np.log(1.5625) / 3.92), rel=0.02)


@pytest.mark.parametrize("published", [8.0, 10.0, 14.0])
def test_median(seen, published):
    target = row("pfs_median_months", published, published / 1.2, published * 1.2)
    arm_b = SimpleNamespace(**{**vars(target), "arm": "B", "n": 200})
    z, value = endpoint_residual(arm_b, seen)
    assert value == pytest.approx(MEDIAN, rel=0.02)
    error = 2 * np.log(1.2) / 3.92
    assert z == pytest.approx(np.log(MEDIAN / published) / error, abs=0.25)


@pytest.mark.parametrize(
    ("endpoint", "percent", "more"),
    [
        ("orr_percent", 30.0, {}),
        ("orr_percent", 60.0, {"denominator": "measurable"}),
        # The first half of the patients has the lower levels.
        ("orr_percent", 60.0, {"stratum": "half", "arm": "B"}),
        ("cbr_percent", 60.0, {}),
        ("ki67_response_percent", 40.0, {}),
    ],
)
def test_shares(seen, endpoint, percent, more):
    z, value = endpoint_residual(row(endpoint, percent, 20.0, 70.0, **more), seen)
    assert value == pytest.approx(percent, abs=0.1)
    assert z == pytest.approx(0.0, abs=0.02)


def test_a_share_above_the_published_one_counts_positive(seen):
    z, _ = endpoint_residual(row("orr_percent", 20.0, 12.0, 30.0), seen)
    # 30 % is the upper limit itself.
    assert z == pytest.approx(1.96, rel=0.01)


def test_a_lopsided_interval_reaches_to_its_own_limits(seen):
    for estimate, limit in ((0.45, 0.5), (0.8, 0.5)):
        low, high = min(estimate, limit) * 0.9999, max(estimate, limit) * 1.0001
        target = row("hazard_ratio", estimate, min(low, 0.4), max(high, 1.0))
        z, _ = endpoint_residual(target, seen)
        side = np.log(0.5 / estimate) / (
            np.log(1.0 / estimate) if limit > estimate else np.log(estimate / 0.4)
        )
        assert z == pytest.approx(1.96 * side, abs=0.15)


def test_unknown_intervals_between_scans_are_trials_of_their_own(seen):
    early, late = arm(5.0), arm(20.0)
    table = pd.concat([early, late.assign(interval_weeks=12.0)], ignore_index=True)
    everybody = np.ones(len(table), dtype=bool)
    mixed = Observed(
        arms={"A": table},
        weight={"A": np.ones(len(table))},
        strata={"A": {"ITT": everybody}},
        effective_size=len(table),
    )
    target = SimpleNamespace(**{**vars(row("pfs_median_months", 10, 8, 12)), "n": 200})
    z, value = endpoint_residual(target, mixed)
    assert value == pytest.approx(10.0, rel=0.02)
    assert z == pytest.approx(0.0, abs=0.3)
