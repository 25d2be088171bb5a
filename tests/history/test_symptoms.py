"""How many patients have symptoms when a therapy is chosen."""

import numpy as np
import pytest

from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters


@pytest.mark.parametrize(
    ("changes", "expected"), [({}, 0.3), ({"symptomatic_share": 0.8}, 0.8)]
)
def test_a_share_of_patients_has_symptoms(changes, expected):
    p = prior_parameters().replace(**changes)
    decisions = simulate_cohort(160, p, seed=8, workers=1).decisions
    own = decisions.groupby("patient")["symptomatic"]
    # Symptoms are the patient's, whenever she is asked.
    assert (own.nunique() == 1).all()
    share, many = own.first().mean(), own.ngroups
    assert many > 100
    error = np.sqrt(expected * (1 - expected) / many)
    assert share == pytest.approx(expected, abs=3 * error)
