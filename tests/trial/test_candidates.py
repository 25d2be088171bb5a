"""Nobody is randomized who is about to die."""

import numpy as np
import pytest

from oestra.core.errors import InputError
from oestra.course.death import fatal_log_cells
from oestra.course.tumors import Tumors
from oestra.history.store import load_cohort
from oestra.trial.candidates import FIT_BY_DEFAULT, candidates, entry_criteria
from oestra.trial.case_mix import weigh
from oestra.trial.criterion import evaluate
from oestra.trial.designs import designs, find_design
from oestra.trial.eligibility import screen
from oestra.trial.two_alleles import cohort_of


@pytest.fixture(scope="module")
def pool():
    return load_cohort()


def dead_at_entry(pool, rows):
    """Tell whose tumor is fatal when treatment begins, as trials have it."""
    lanes = pool.lanes(rows)
    tumors = Tumors(
        cell=lanes.cell,
        ids=pool.decisions["patient"].to_numpy()[rows],
        y=pool.y[rows].astype(float),
        log_cells=pool.log_cells[rows].copy(),
    )
    everybody = np.arange(len(rows))
    tumors.grow(lanes.p, everybody, np.array([pool.parameters["baseline_lead_days"]]))
    return tumors.total(everybody) > fatal_log_cells(pool.parameters)


def test_nobody_dies_on_the_day_of_randomization_in_any_trial(pool):
    eligible, asked = set(), set()
    for design in designs().values():
        population = cohort_of(design, pool)
        table = candidates(design, population)
        rows = screen(design, table).rows
        if population is not pool:
            assert not dead_at_entry(population, rows).any()
            continue
        eligible |= set(rows.tolist())
        met = np.ones(len(table), dtype=bool)
        for text in design.eligibility:
            met &= evaluate(text, table, design.definitions)
        asked |= set(np.flatnonzero(met).tolist())
    assert not dead_at_entry(pool, np.array(sorted(eligible))).any()
    # Without the criteria some would be.
    assert dead_at_entry(pool, np.array(sorted(asked - eligible))).sum() > 100


def test_criteria_of_the_trial_replace_those_by_default(pool):
    design = find_design("HORIZON")
    columns = candidates(design, pool).columns
    assert entry_criteria(design, columns)[-2:] == tuple(FIT_BY_DEFAULT.values())
    own = design.model_copy(
        update={
            "definitions": {"well": "ecog <= 1"},
            "eligibility": ("well", *design.eligibility),
        }
    )
    asked = entry_criteria(own, columns)
    assert asked == (
        *design.eligibility,
        "well",
        FIT_BY_DEFAULT["life_expectancy_months"],
    )
    table = candidates(own, pool)
    rows = screen(own, table).rows
    assert table["ecog"].to_numpy()[rows].max() == 1
    assert table["life_expectancy_months"].to_numpy()[rows].min() >= 3


def test_a_criterion_nobody_meets_says_which(pool):
    design = find_design("HORIZON").model_copy(
        update={"eligibility": ("ecog <= 2", "life_expectancy_months >= 1200.5")}
    )
    with pytest.raises(InputError, match=r"after 'life_expectancy_months >= 1200\.5'"):
        screen(design, candidates(design, pool))


def test_the_published_share_of_fully_active_patients_is_met(pool):
    design = find_design("BOLERO-2")
    table = candidates(design, pool)
    found = weigh(design, table, screen(design, table).rows)
    active = table["ecog"].to_numpy()[found.rows] == 0
    assert found.weight[active].sum() == pytest.approx(0.60, abs=0.02)
