"""The lines that define a symbol."""

from oestra.network.contribution import named_quantities
from oestra.network.equation import equations_of


def test_every_part_of_the_cell_is_defined_somewhere():
    missing = [name for name in named_quantities() if not list(equations_of(name))]
    assert missing == []


def test_a_species_is_defined_by_the_reactions_it_is_in():
    texts = [one.text.partition(":")[0] for one in equations_of("er_e2")]
    assert texts == ["bind_er_e2", "degrade_er_e2"]


def test_a_rate_rule_defines_its_symbol():
    (one,) = equations_of("log_cell_number")
    assert one.text == "log_cell_number' = growth_rate;"
    assert (one.file, one.line) == ("growth.ant", 10)
