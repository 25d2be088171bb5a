"""Mechanisms of resistance in cells: beside the culture room, and beside the review."""

import pytest

from oestra.appraisal.mechanism import mechanisms
from oestra.appraisal.resistance import resist
from oestra.claims.row_library import find_row
from oestra.core.errors import InputError
from oestra.culture.experiment import run_cell
from oestra.model.parameters import best_parameters
from oestra.tumor.clone import Clone

EVERY = [(one, v) for one in mechanisms().mechanisms for v in one.variants]


@pytest.fixture(scope="module")
def usual():
    common = best_parameters()
    return {
        one.id: resist(one, one.variant(), common) for one in mechanisms().mechanisms
    }


@pytest.mark.parametrize(
    ("mechanism", "variant"),
    [("her2", "her2-18"), ("esr1", "y537s"), ("adaptation", "two-weeks")],
)
def test_cells_are_those_of_the_culture_room(mechanism, variant):
    chosen = mechanisms().find(mechanism)
    form = chosen.variant(variant)
    found = resist(chosen, form, best_parameters())
    tamoxifen = mechanisms().strategies[1]
    expected = run_cell(
        form.line,
        set=form.set,
        medium=chosen.medium,
        pretreat=form.pretreat,
        drug=tamoxifen.cells,
        days=7,
        readouts=["division_rate", "growth_rate"],
    )
    _, divisions = expected.final("division_rate")
    _, growth = expected.final("growth_rate")
    assert found.having["tamoxifen"].divisions == pytest.approx(divisions, rel=1e-4)
    assert found.having["tamoxifen"].growth == pytest.approx(growth, rel=1e-4)


def test_without_a_receptor_no_strategy_takes_a_division(usual):
    left = [c.divisions_left_percent for c in usual["receptor-loss"].having.values()]
    assert left == pytest.approx([100.0] * 4, abs=1.0)


def test_mutants_defy_deprivation_and_keep_some_sensitivity_to_fulvestrant(usual):
    cells = usual["esr1"].having
    assert cells["deprivation"].divisions_left_percent > 80
    assert cells["fulvestrant"].divisions_left_percent < 70


def test_metabolism_of_tamoxifen_matters_for_tamoxifen_alone(usual):
    found = usual["cyp2d6"]
    for strategy, cells in found.having.items():
        same = cells.divisions == found.lacking[strategy].divisions
        assert same is (strategy != "tamoxifen")


@pytest.mark.parametrize(("mechanism", "variant"), EVERY, ids=lambda one: one.id)
def test_a_mechanism_has_a_row_and_a_clone_that_exist(mechanism, variant):
    assert find_row(str(mechanism.row)).number == mechanism.row
    assert mechanism.clone in {"", *(one.name.lower() for one in Clone)}
    assert mechanism.variant(variant.id) is variant


def test_a_mechanism_that_is_not_there_is_told():
    with pytest.raises(InputError, match="nearest is 'her2'"):
        mechanisms().find("her3")
    with pytest.raises(InputError, match="'y537s'"):
        mechanisms().find("ESR1 mutants").variant("y537")
