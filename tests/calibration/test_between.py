"""The size of the effect of trials is found where it is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oestra.calibration.between import marginal_sd

TRIALS, EACH = 400, 6


def simulated(sd, seed):
    rng = np.random.default_rng(seed)
    trial = np.repeat(np.arange(TRIALS), EACH)
    slope = rng.normal(0.0, 1.5, len(trial))
    effect = rng.normal(0.0, sd, TRIALS)[trial]
    return rng.normal(size=len(trial)) + slope * effect, slope, trial


@pytest.mark.parametrize("sd", [0.15, 0.3, 0.6])
def test_a_known_size_is_found(sd):
    assert marginal_sd(*simulated(sd, 1)) == pytest.approx(sd, rel=0.15)


def test_no_difference_is_found_where_there_is_none():
    assert marginal_sd(*simulated(0.0, 2)) < 0.06


@given(st.integers(0, 50))
def test_endpoints_that_do_not_depend_on_growth_say_nothing(seed):
    residual, _, trial = simulated(0.5, seed)
    assert marginal_sd(residual, np.zeros_like(residual), trial) < 1e-3
