"""The numbers that stand in Figures 1 and 2 of the review, of a median tumor."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from oestra.claims.cells import TUMOR, conduct
from oestra.claims.claim import Run
from oestra.core.parameter_set import ParameterSet

__all__ = ["MapNumbers", "map_file", "map_numbers"]

_DAYS = 28.0
_RUN = ("drug", "set", "days")
"""Entries of a bar that are those of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapNumbers:
    """Numbers for the maps, of a median tumor.

    Parameters
    ----------
    treatment : str
        Regimen of the second map.
    untreated, treated : dict of str to float
        Symbols of the second map, without and after four weeks of it.
    panels : dict of str to tuple of float
        Bars of the first map by panel letter.
    """

    treatment: str
    untreated: dict[str, float]
    treated: dict[str, float]
    panels: dict[str, tuple[float, ...]]


@cache
def map_file(name: str) -> dict[str, Any]:
    """Return a map as its file describes it."""
    text = files("oestra.appraisal.maps").joinpath(f"{name}.yaml").read_text("utf-8")
    return YAML(typ="safe").load(text)


def map_numbers(treatment: str, parameters: ParameterSet) -> MapNumbers:
    """Run the median tumor in every condition the maps show.

    Parameters
    ----------
    treatment : str
        Regimen of the second map.
    parameters : ParameterSet
        Parameters of the model.

    Returns
    -------
    MapNumbers
        What stands in the maps.
    """
    nodes = map_file("figure_2")["nodes"].values()
    symbols = [node["symbol"] for node in nodes if "symbol" in node]
    courses = [
        conduct(Run(line=TUMOR, drug=drug, days=_DAYS), parameters)
        for drug in ("none", treatment)
    ]
    untreated, treated = (
        {name: course.read(name, name).final for name in symbols} for course in courses
    )
    return MapNumbers(
        treatment=treatment,
        untreated=untreated,
        treated=treated,
        panels={
            panel["letter"]: tuple(_bar(bar, parameters) for bar in panel["bars"])
            for panel in map_file("figure_1")["panels"]
        },
    )


def _bar(bar: dict[str, Any], parameters: ParameterSet) -> float:
    entries = {"days": _DAYS, **{k: v for k, v in bar.items() if k in _RUN}}
    run = Run.model_validate({"line": TUMOR, **entries})
    return conduct(run, parameters).read(bar["symbol"], bar["symbol"]).final
