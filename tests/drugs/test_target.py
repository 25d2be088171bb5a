"""Targets take hold of parameters that the cell and the tumor have."""

import pytest

from oestra.core.errors import InputError
from oestra.core.terms import Target
from oestra.drugs.load import drugs
from oestra.drugs.target import Maximum, find_lever, levers
from oestra.network.parameter import parameter_table
from oestra.tumor.tumor_table import tumor_table


@pytest.mark.parametrize("name", levers())
def test_a_target_names_parameters_that_exist(name):
    lever = find_lever(name)
    assert bool(lever.parameter or lever.kill) != bool(lever.outside)
    for parameter in (lever.parameter, lever.kill):
        assert not parameter or parameter in parameter_table()
    assert (lever.accumulation in tumor_table()) != bool(lever.outside)
    assert bool(lever.kill) == bool(lever.kill_rate)
    assert not lever.kill_rate or lever.kill_rate in tumor_table()
    assert bool(lever.limited_by) == (lever.maximum is Maximum.CELL)
    assert set(lever.limited_by) <= set(parameter_table())
    assert lever.text


def test_no_two_targets_set_one_parameter():
    for field in ("parameter", "kill"):
        given = [name for one in levers().values() if (name := getattr(one, field))]
        assert len(given) == len(set(given))


def test_what_code_and_drugs_speak_of_is_there():
    acted_on = {action.target for drug in drugs().values() for action in drug.targets}
    assert {str(target) for target in Target} | acted_on <= set(levers())


def test_an_unknown_target_is_explained():
    with pytest.raises(InputError, match="nearest is 'MTORC1:allosteric'"):
        find_lever("MTORC1:allostery")
