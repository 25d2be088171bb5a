"""A few simulated patients, shared by the tests of courses."""

import pytest

from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters


@pytest.fixture(scope="package")
def cohort():
    return simulate_cohort(32, prior_parameters(), seed=3, workers=1)
