"""Every number of the model has its origin, and every source exists."""

from oestra.calibration.fact import cell_facts, facts
from oestra.core.quantity import Origin
from oestra.evidence.published import sources
from oestra.model.parameters import best_parameters, prior_parameters, with_reference
from oestra.model.quantities import quantities
from oestra.network.alteration import alterations
from oestra.network.cell import cell
from oestra.network.cell_line import cell_lines
from oestra.network.parameter import parameter_table
from oestra.network.reference import REFERENCE
from oestra.patients.population import population_table
from oestra.tumor.tumor_table import tumor_table

CITED = (Origin.MEASURED, Origin.DERIVED)


def cited():
    """Yield where a source is cited, its origin, and its key."""
    for name, item in quantities().items():
        yield name, item.origin, item.source
    for key, item in alterations().items():
        yield "-".join(key), item.origin, item.source
    for line in cell_lines().values():
        named = {"doubling_time": line.doubling_time, "ki67": line.ki67}
        for name, item in {**line.traits, **line.medium, **named}.items():
            if item is not None:
                yield f"{line.id} {name}", item.origin, item.source


def test_sources_resolve():
    known = sources()
    wrong = [
        f"{where} is {origin} and cites {key!r}"
        for where, origin, key in cited()
        if (key or origin in CITED) and key not in known
    ]
    assert wrong == []


def test_sources_of_facts_resolve():
    every = [*facts(), *cell_facts()]
    assert {fact.source for fact in every} <= set(sources())


def test_the_tables_do_not_overlap():
    tables = parameter_table(), population_table(), tumor_table()
    assert len(quantities()) == sum(map(len, tables))


def test_the_files_hold_what_the_parameters_start_from():
    prior = prior_parameters()
    assert prior.keys() == quantities().keys()
    assert all(prior[name] == item.value for name, item in quantities().items())


def test_the_best_set_names_every_parameter():
    best = best_parameters()
    assert best.keys() == quantities().keys()


def test_the_reference_follows_and_nothing_else_moves():
    changed = prior_parameters().replace(gain_akt_tsc=6.0)
    found = with_reference(changed)
    moved = {name for name in found if found[name] != changed[name]}
    assert moved <= set(REFERENCE)
    assert "translation_reference" in moved
    assert set(REFERENCE) <= set(cell().parameters)
