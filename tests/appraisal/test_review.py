"""The review: published numbers beside simulated ones, and the numbers of the maps."""

import pytest

from oestra.appraisal.map_numbers import map_file, map_numbers
from oestra.appraisal.review import Scored
from oestra.evidence.published import targets
from oestra.model.parameters import best_parameters
from oestra.network.cell import cell
from oestra.trial.result import Estimate

TREATMENT = "exemestane 25 mg daily + everolimus 10 mg daily"


@pytest.fixture(scope="module")
def scored() -> list[Scored]:
    found = []
    for index, row in enumerate(targets()):
        away = row.estimate * (1.0 if index % 2 else 9.0)
        simulated = Estimate(estimate=away, low=away / 1.2, high=away * 1.2)
        found.append(Scored(row=row, simulated=simulated))
    return found


def test_nodes_of_the_map_are_symbols_of_the_cell():
    plan = map_file("figure_2")
    known = {*cell().states, *cell().model.ode.outputs}
    for node in plan["nodes"].values():
        assert node.get("symbol") in known | {None}
        assert 0 < node["x"] < plan["width"]
        assert 0 < node["y"] < plan["height"]
    for edge in plan["edges"]:
        assert {edge["from"], edge["to"]} <= plan["nodes"].keys()


def test_the_map_shows_what_everolimus_does():
    numbers = map_numbers(TREATMENT, best_parameters())
    assert numbers.treated["s6k_p"] < 0.7 * numbers.untreated["s6k_p"]
    assert numbers.treated["e2"] < 0.2 * numbers.untreated["e2"]


def test_printed_endpoints_have_what_the_contract_asks(scored: list[Scored]):
    shown = scored[0].to_json_dict()
    assert {"id", "trial", "arm", "control", "stratum", "endpoint", "use"} <= set(shown)
    assert set(shown["published"]) == {"estimate", "low", "high"}
    assert isinstance(shown["inside"], bool)


def test_a_row_without_interval_is_not_judged(scored: list[Scored]):
    bare = [one for one in scored if one.row.low is None]
    assert bare
    assert all(one.inside is None for one in bare)


def test_what_could_not_be_simulated_is_a_miss(scored: list[Scored]):
    nothing = Estimate(estimate=None, low=None, high=None, reason="not modeled")
    assert Scored(row=scored[0].row, simulated=nothing).inside is False
