"""A client of the page, in this process, and patients who are quickly followed."""

from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from oestra.trial.run import run_trial
from oestra.web import trial_answer
from oestra.web.app import application

STAND_IN = Path(__file__).parents[1] / "trial" / "conftest.py"


@pytest.fixture(scope="session")
def page():
    with TestClient(application(), base_url="http://localhost") as client:
        yield client


@pytest.fixture(scope="session")
def stand_in():
    """Return the population and the courses that the tests of trials have."""
    spec = spec_from_file_location("stand_in", STAND_IN)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    cohort = module.Cohort(module.make_decisions())
    return cohort, module.Follow(cohort.decisions)


@pytest.fixture
def quick_trials(monkeypatch, stand_in):
    cohort, follow = stand_in
    monkeypatch.setattr(trial_answer, "population", lambda: cohort)
    monkeypatch.setattr(trial_answer, "run_trial", partial(run_trial, follow=follow))
    return cohort, follow
