"""A fit is of several populations, each of its own patients."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from oestra.calibration.free import free_parameters
from oestra.calibration.objective import Objective
from oestra.model.parameters import prior_parameters


@pytest.fixture(scope="module")
def small():
    """Two populations, compared with one trial."""
    whole = Objective.of_trials(
        free_parameters(), prior_parameters(), patients=150, most=60, draws=1,
        cohorts=2, with_facts=False,
    )  # fmt: skip
    rows = tuple(row for row in whole.rows if row.trial == "FACT")
    return replace(whole, rows=rows)


def test_what_populations_show_is_averaged(small):
    z = np.zeros(len(small.free))
    parts = [small.part(number).evaluate(z) for number in range(2)]
    found = small.evaluate(z)
    assert found.residual == pytest.approx((parts[0].residual + parts[1].residual) / 2)
    assert found.value == pytest.approx((parts[0].value + parts[1].value) / 2)
    assert not np.allclose(parts[0].residual, parts[1].residual)


def test_populations_share_no_patient_and_go_around(small):
    z = np.zeros(len(small.free))
    one, other = (small.part(n).cohort(z).covariates.index for n in (0, 1))
    assert list(one) == list(range(150))
    assert list(other) == list(range(150, 300))
    assert small.part(2) == small.part(0)
    assert small.lives == 300


def test_executors_do_not_matter(small):
    z = np.zeros(len(small.free))
    with ThreadPoolExecutor(2) as pool:
        found = small.evaluate(z, workers=pool)
    assert np.array_equal(found.residual, small.evaluate(z).residual)
