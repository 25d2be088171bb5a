"""Alterations name parameters the cell has."""

import pytest

from oestra.core.errors import InputError
from oestra.network.alteration import alterations, find_alteration
from oestra.network.parameter import parameter_table


@pytest.mark.parametrize("key", alterations(), ids="-".join)
def test_every_alteration_changes_parameters_of_the_cell(key):
    item = alterations()[key]
    table = parameter_table()
    assert item.set or item.scale
    for name, value in item.set.items():
        low, high = table[name].interval
        assert low <= value <= high, name
    for name, factor in item.scale.items():
        assert name in table
        assert factor > 0
    assert item.reason


def test_find_ignores_case():
    assert find_alteration("esr1", "y537s").name == "Y537S"


@pytest.mark.parametrize(
    ("gene", "name", "says"),
    [
        ("PIK3C", "H1047R", r"No gene 'PIK3C' in alterations\.yaml; nearest is 'PIK3C"),
        ("PIK3CA", "H1047L", r"No alteration 'H1047L' of PIK3CA; known are.*H1047R"),
        ("ESR1", "Y537", "known are Y537S, Y537N, D538G"),
    ],
)
def test_unknown_names_are_explained(gene, name, says):
    with pytest.raises(InputError, match=says):
        find_alteration(gene, name)
