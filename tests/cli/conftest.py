"""A trial file of one's own."""

import pytest

TRIAL_FILE = """\
id: MINE
title: A trial of mine
arms:
  - {id: A, label: two, regimen: letrozole 2.5 mg daily + everolimus 10 mg daily, n: 9}
  - {id: B, label: one, regimen: letrozole 2.5 mg daily, n: 9}
eligibility: [prior_nonsteroidal_ai]
visits: {interval_weeks: 8}
criteria: RECIST-1.1
accrual_months: 12
data_cut_months: 24
"""


@pytest.fixture(scope="session")
def trial_text():
    """Return the text of a small trial that can be run."""
    return TRIAL_FILE
