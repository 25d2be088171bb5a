"""How many patients have symptoms when a therapy is chosen."""

import numpy as np
import pytest

from oestra.history.cohort import simulate_cohort
from oestra.model.parameters import prior_parameters


def test_three_in_ten_patients_have_symptoms():
    decisions = simulate_cohort(160, prior_parameters(), seed=8, workers=1).decisions
    own = decisions.groupby("patient")["symptomatic"]
    # Symptoms are the patient's, whenever she is asked.
    assert (own.nunique() == 1).all()
    share, many = own.first().mean(), own.ngroups
    assert many > 100
    assert share == pytest.approx(0.3, abs=3 * np.sqrt(0.3 * 0.7 / many))
