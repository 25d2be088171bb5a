"""Disease is measurable by the criteria of the trial that asks."""

import numpy as np
import pytest

from oestra.core.terms import Criteria
from oestra.history.store import load_cohort
from oestra.trial.candidates import candidates
from oestra.trial.criteria import rules_of
from oestra.trial.designs import find_design
from oestra.trial.measurable import measurable
from oestra.trial.run import run_trial


@pytest.fixture(scope="module")
def pool():
    return load_cohort()


def test_nodes_alone_must_be_larger_in_recist_1_1(pool):
    older, newer = (
        measurable(pool, pool.decisions, rules_of(criteria))
        for criteria in (Criteria.RECIST_1_0, Criteria.RECIST_1_1)
    )
    assert (older == pool.decisions["measurable"]).all()
    assert (older | ~newer).all()
    lost = older & ~newer
    assert 0 < lost.sum() < 0.2 * older.sum()


def test_whoever_enters_for_measurable_disease_has_targets(pool):
    design = find_design("HORIZON").model_copy(update={"criteria": Criteria.RECIST_1_1})
    table = candidates(design, pool)
    assert table["measurable"].sum() < pool.decisions["measurable"].sum()
    found = run_trial(design, cohort=pool, replicates=1, patients=60)
    assert (found.responses["MEASFL"] == "Y").all()


def test_a_trial_that_does_not_ask_is_told_nothing_else(pool):
    design = find_design("BELLE-2")
    table = candidates(design, pool)
    assert np.array_equal(table["measurable"], pool.decisions["measurable"])
