"""The whole review against the model: claims, endpoints, and the maps' numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from oestra.claims.cells import TUMOR, conduct
from oestra.claims.check import check_all
from oestra.claims.laboratory import Laboratory
from oestra.claims.load import claims
from oestra.claims.schema import Run
from oestra.claims.verdict import ClaimResult
from oestra.core.errors import OestraError
from oestra.core.parameter_set import ParameterSet
from oestra.core.progress import Progress
from oestra.evidence.load import targets
from oestra.evidence.target import TargetRow
from oestra.evidence.vocabulary import Use
from oestra.trial.result import Estimate

__all__ = [
    "MapNumbers",
    "Review",
    "Scored",
    "map_file",
    "map_numbers",
    "misses_first",
    "review_model",
    "score",
]

_DAYS = 28.0
_RUN = ("drug", "set", "days")
"""Entries of a bar that are those of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One published quantity beside what the model gives.

    Parameters
    ----------
    row : TargetRow
        The published quantity.
    simulated : Estimate
        Median and central 90 % of replicates; None where there is none, with a reason.
    """

    row: TargetRow
    simulated: Estimate

    @property
    def inside(self) -> bool | None:
        """Whether the simulated estimate lies in the published interval, if any."""
        if self.row.low is None or self.row.high is None:
            return None
        value = self.simulated.estimate
        return value is not None and self.row.contains(value)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        row = self.row
        return {
            "id": row.id,
            "trial": row.trial,
            "arm": row.arm,
            "control": row.control,
            "stratum": row.stratum,
            "endpoint": row.endpoint.value,
            "use": row.use.value,
            "published": {"estimate": row.estimate, "low": row.low, "high": row.high},
            "simulated": self.simulated.to_json_dict(),
            "inside": self.inside,
        }


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything the report shows.

    Parameters
    ----------
    claims : tuple of ClaimResult
        Every claim, tried.
    endpoints : tuple of Scored
        Every published quantity.
    numbers : MapNumbers
        For the maps.
    replicates, seed : int
        How the trials were run.
    """

    claims: tuple[ClaimResult, ...]
    endpoints: tuple[Scored, ...]
    numbers: MapNumbers
    replicates: int
    seed: int

    def fitted(self, kind: str) -> list[Scored]:
        """Return the quantities of a kind that a fit aims at."""
        return [
            one
            for one in self.endpoints
            if one.row.use is Use.FIT and one.row.kind == kind
        ]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {
            "seed": self.seed,
            "replicates": self.replicates,
            "claims": [one.to_json_dict() for one in self.claims],
            "endpoints": [one.to_json_dict() for one in self.endpoints],
        }


def review_model(
    laboratory: Laboratory,
    *,
    treatment: str,
    progress: Progress,
    sets: Sequence[ParameterSet] = (),
) -> Review:
    """Try every claim and score every published quantity.

    Parameters
    ----------
    laboratory : Laboratory
        Where.
    treatment : str
        Regimen of the map.
    progress : callable
        Takes what is done, steps done and steps in all.
    sets : sequence of ParameterSet
        Sets in each of which claims about cells are tried too.

    Returns
    -------
    Review
        All results.

    Raises
    ------
    InputError
        If the treatment cannot be read.
    """
    numbers = map_numbers(treatment, laboratory.parameters)
    library = laboratory.parameters.library
    chosen, rows = list(claims(library).values()), targets()
    total = len(chosen) + len(rows)
    tried = check_all(
        chosen, laboratory, lambda what, done, _: progress(what, done, total), sets
    )
    scored = []
    for done, row in enumerate(rows):
        progress(f"Scoring {row.trial}", len(chosen) + done, total)
        scored.append(score(row, laboratory))
    return Review(
        claims=tried,
        endpoints=tuple(scored),
        numbers=numbers,
        replicates=laboratory.replicates,
        seed=laboratory.seed,
    )


def score(row: TargetRow, laboratory: Laboratory) -> Scored:
    """Set a published quantity beside the trial that gives it."""
    try:
        simulated = laboratory.trials.simulated(row)
    except OestraError as error:
        simulated = Estimate(estimate=None, low=None, high=None, reason=str(error))
    return Scored(row=row, simulated=simulated)


@cache
def map_file(name: str) -> dict[str, Any]:
    """Return a map as its file describes it."""
    text = files("oestra.report.maps").joinpath(f"{name}.yaml").read_text("utf-8")
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


def misses_first(scored: Sequence[Scored]) -> list[Scored]:
    """Order quantities with those outside their interval first."""
    return sorted(scored, key=lambda one: one.inside is not False)
