"""What the pages draw: the map of the network, scenes, columns of eligibility."""

from functools import cache
from importlib.resources import files
from typing import Any

from oestra.core.read_yaml import read_yaml

__all__ = ["eligibility_columns", "examples", "network_map", "opening", "scenes"]


def _read(name: str) -> Any:
    text = files("oestra.web").joinpath(name).read_text("utf-8")
    return read_yaml(text)


@cache
def network_map() -> dict[str, Any]:
    """Return the map: nodes by name, edges, and where drugs and lesions are drawn."""
    return _read("network_map.yaml")


@cache
def scenes() -> list[dict[str, str]]:
    """Return what to try first: title, text, and the query of an address."""
    return _read("scenes.yaml")


@cache
def opening() -> dict[str, str]:
    """Return what the views open with where their address names nothing."""
    return _read("opening.yaml")


@cache
def eligibility_columns() -> dict[str, Any]:
    """Return columns of eligibility: groups with labels, stops of sliders, words."""
    return _read("eligibility_columns.yaml")


@cache
def examples() -> list[dict[str, Any]]:
    """Return comparisons to try first: id, title, text, scenarios, and their YAML."""
    return [
        {
            **one,
            "yaml": files("oestra.web.scenarios")
            .joinpath(f"{one['id']}.yaml")
            .read_text("utf-8"),
        }
        for one in _read("comparisons.yaml")
    ]
