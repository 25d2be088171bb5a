"""A few simulated patients, shared by the tests of courses."""

import pandas as pd
import pytest

from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters


@pytest.fixture(scope="package")
def cohort():
    return simulate_cohort(32, prior_parameters(), seed=3, workers=1)


@pytest.fixture(scope="session")
def same():
    """Return a check that two cohorts are of the same bytes."""

    def check(one, other):
        pd.testing.assert_frame_equal(one.covariates, other.covariates)
        pd.testing.assert_frame_equal(one.decisions, other.decisions)
        assert one.y.tobytes() == other.y.tobytes()
        assert one.log_cells.tobytes() == other.log_cells.tobytes()

    return check
