"""The hand-laid map names only what exists, and draws every drug on its target."""

from urllib.parse import parse_qsl

import pytest

from oestra.appraisal.network_course import NetworkState, network_course
from oestra.drugs.target import levers
from oestra.model.parameters import best_parameters
from oestra.network.alteration import alterations
from oestra.network.contribution import named_quantities
from oestra.network.parameter import parameter_table
from oestra.web.endpoint import read_given
from oestra.web.page_data import network_map, scenes
from oestra.web.requests import ENDPOINTS

MAP = network_map()
SIZES = {
    "normal": (112, 44),
    "small": (86, 36),
    "wide": (164, 44),
    "ligand": (94, 36),
}


def test_every_node_is_a_part_of_the_cell():
    parts, numbers = set(named_quantities()), parameter_table()
    for name, node in MAP["nodes"].items():
        assert name in (numbers if node.get("constant") else parts), name
    assert set(MAP["names"]) <= parts - MAP["nodes"].keys()


def test_every_edge_ends_at_nodes_and_what_it_means_is_in_the_equations():
    for edge in MAP["edges"]:
        assert {edge["from"], edge["to"]} <= MAP["nodes"].keys()
        assert edge.get("kind", "inhibits") == "inhibits"


def test_every_drug_target_and_every_gene_is_drawn():
    # Some targets are known and do nothing to the cell.
    acting = {one.parameter or one.kill for one in levers().values()} - {""}
    assert acting <= MAP["targets"].keys() <= acting | set(parameter_table())
    assert {one["node"] for one in MAP["targets"].values()} <= MAP["nodes"].keys()
    assert {gene for gene, _ in alterations()} <= MAP["genes"].keys()
    assert set(MAP["genes"].values()) <= MAP["nodes"].keys()


def boxes():
    for name, node in MAP["nodes"].items():
        wide, high = SIZES[node.get("size", "normal")]
        yield name, node["x"] - wide / 2, node["y"] - high / 2, wide, high


def test_nodes_lie_on_the_map_and_hide_no_other():
    seen = []
    for name, x, y, wide, high in boxes():
        assert 0 <= x <= x + wide <= MAP["width"], name
        assert 0 <= y <= y + high <= MAP["height"], name
        for other, x2, y2, wide2, high2 in seen:
            apart_x = x + wide <= x2 + 4 or x2 + wide2 <= x + 4
            apart_y = y + high <= y2 + 4 or y2 + high2 <= y + 4
            assert apart_x or apart_y, f"{name} lies over {other}"
        seen.append((name, x, y, wide, high))


@pytest.mark.parametrize("scene", scenes(), ids=lambda one: one["title"])
def test_scenes_can_be_shown(scene):
    given = parse_qsl(scene["query"].replace("+", "%2B"))
    network = next(one for one in ENDPOINTS if one.path == "/api/network")
    for prefix in ("", "b_"):
        own = [
            (name.removeprefix(prefix), value)
            for name, value in given
            if name.startswith(prefix)
            and (prefix or not name.startswith("b_"))
            and name not in ("day", "node")
        ]
        if own:
            told = read_given(network.given, own)
            state = NetworkState(
                line=told["line"], set=tuple(told["set"]), drug=told["drug"]
            )
            course = network_course(state, best_parameters())
            assert dict(given)["node"] in course.symbols
