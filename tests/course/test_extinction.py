"""The last cells of a clone live or die: less than one cell is a chance of one."""

import numpy as np
import pytest

from oestra.core.streams import Streams
from oestra.course.tumors import Tumors
from oestra.model.parameters import prior_parameters
from oestra.network.cell import cell
from oestra.tumor.clone import SECOND_ESR1, Clone

PATIENTS = 400
ROWS = np.arange(PATIENTS)


def after_an_instant(share, seed=5, period=0):
    """Return the cells of clones, one of which was left with less than one cell."""
    model = cell()
    values = model.model.ode.values
    start = model.model.initial_states(values)
    log_cells = np.full((PATIENTS, len(Clone)), -np.inf)
    log_cells[:, Clone.PARENTAL] = np.log(50.0)
    log_cells[:, Clone.RTK_HIGH] = np.log(share)
    tumors = Tumors(
        cell=model,
        ids=ROWS,
        y=np.tile(start, (PATIENTS, len(Clone), 1)),
        log_cells=log_cells,
    )
    # So short that nothing grows, dies or mutates: only the last cell is decided on.
    tumors.grow(np.tile(values, (PATIENTS, len(Clone), 1)), ROWS, np.array([1e-9]))
    tumors.mutate(ROWS, period, prior_parameters(), Streams(seed))
    return np.exp(tumors.log_cells)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_less_than_one_cell_is_a_chance_to_live(share):
    cells = after_an_instant(share)[:, Clone.RTK_HIGH]
    assert set(np.round(cells, 6)) == {0.0, 1.0}
    error = np.sqrt(share * (1 - share) / PATIENTS)
    assert cells.mean() == pytest.approx(share, abs=4 * error)


def test_clones_with_cells_and_without_are_left_alone():
    cells = after_an_instant(3.5)
    assert cells[:, Clone.RTK_HIGH] == pytest.approx(3.5)
    assert cells[:, Clone.PARENTAL] == pytest.approx(50.0)
    assert not np.delete(cells, [Clone.PARENTAL, Clone.RTK_HIGH], axis=1).any()


def test_each_period_and_patient_is_decided_anew():
    one, same, later = (after_an_instant(0.5, period=k) for k in (0, 0, 1))
    assert np.array_equal(one, same)
    lived = [found[:, Clone.RTK_HIGH] > 0 for found in (one, later)]
    assert np.corrcoef(lived)[0, 1] == pytest.approx(0.0, abs=0.2)


def with_second(shares, seed=5):
    """Return the cells of patients who have a clone of a second allele, or had."""
    model = cell()
    values = model.model.ode.values
    clones = len(Clone) + 1
    log_cells = np.full((PATIENTS, clones), -np.inf)
    log_cells[:, Clone.PARENTAL] = np.log(1e12)
    log_cells[:, Clone.RTK_HIGH] = log_cells[:, SECOND_ESR1] = np.log(0.5)
    tumors = Tumors(
        cell=model,
        ids=ROWS,
        y=np.tile(model.model.initial_states(values), (PATIENTS, clones, 1)),
        log_cells=log_cells,
        second=shares,
    )
    tumors.grow(np.tile(values, (PATIENTS, clones, 1)), ROWS, np.array([1e-9]))
    before = np.exp(tumors.log_cells[:, SECOND_ESR1])
    tumors.mutate(ROWS, 0, prior_parameters(), Streams(seed))
    assert before == pytest.approx(0.5)
    return np.exp(tumors.log_cells)


def test_the_last_cell_of_a_second_allele_has_a_chance_of_its_own():
    cells = with_second(np.zeros(PATIENTS))
    lived = cells[:, SECOND_ESR1] > 0
    assert set(np.round(cells[:, SECOND_ESR1], 6)) == {0.0, 1.0}
    assert lived.mean() == pytest.approx(0.5, abs=0.1)
    other = cells[:, Clone.RTK_HIGH] > 0
    assert np.corrcoef(lived, other)[0, 1] == pytest.approx(0.0, abs=0.2)
    # The others have the luck that they have without it.
    assert np.array_equal(cells[:, Clone.RTK_HIGH], after_an_instant(0.5)[:, 2])


def test_a_second_allele_arises_where_it_may_and_moves_nothing_else():
    model = cell()
    values = model.model.ode.values

    def after_four_weeks(clones, second):
        log_cells = np.full((2, clones), -np.inf)
        log_cells[:, Clone.PARENTAL] = np.log(1e12)
        tumors = Tumors(
            cell=model,
            ids=ROWS[:2],
            y=np.tile(model.model.initial_states(values), (2, clones, 1)),
            log_cells=log_cells,
            second=second,
        )
        tumors.grow(np.tile(values, (2, clones, 1)), ROWS[:2], np.array([28.0]))
        tumors.mutate(ROWS[:2], 0, prior_parameters(), Streams(5))
        return np.exp(tumors.log_cells)

    plain = after_four_weeks(len(Clone), None)
    found = after_four_weeks(len(Clone) + 1, np.array([0.5, 0.0]))
    assert np.array_equal(found[:, : len(Clone)], plain)
    # As many as half of all ESR1 mutants that arise, and none where none may.
    expected = 0.5 * plain[0, Clone.ESR1_MUTANT]
    assert expected > 1e3
    assert found[0, SECOND_ESR1] == pytest.approx(expected, rel=0.2)
    assert found[1, SECOND_ESR1] == 0


def test_mutants_are_counted_after_growth_only():
    model = cell()
    tumors = Tumors(
        cell=model,
        ids=ROWS[:1],
        y=np.zeros((1, len(Clone), len(model.states))),
        log_cells=np.zeros((1, len(Clone))),
    )
    with pytest.raises(ValueError, match="mutate follows grow"):
        tumors.mutate(ROWS[:1], 0, prior_parameters(), Streams(1))
