"""The trial whose figures are drawn."""

import pytest

from oestra.trial.designs import find_design


@pytest.fixture(scope="session")
def design():
    return find_design("BOLERO-2")
