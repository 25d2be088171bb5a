"""Facts besides the trials' endpoints, and what the model makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from oestra.calibration.bench import measure_cells
from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.course.cohort import Cohort
from oestra.course.run import follow
from oestra.drugs.regimen import Regimen

__all__ = ["Fact", "cell_facts", "facts", "measure_facts", "read_facts"]

_MOST = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A published fact with its interval.

    Parameters
    ----------
    id, kind : str
        Key, and how it is measured: ``"ki67"``, ``"moment"``, ``"cell"`` or
        ``"culture"``.
    estimate, low, high : float
        Value and 95 % interval.
    source, reason : str
        Where it is from.
    how : mapping
        The experiment.
    confidence : str
        ``"verified"``, ``"recalled"`` or ``"stated"``; empty when the reason says it.
    """

    id: str
    kind: str
    estimate: float
    low: float
    high: float
    source: str
    reason: str
    how: Mapping[str, Any]
    confidence: str = field(default="", repr=False)

    @property
    def log_error(self) -> float:
        """Standard error of the logarithm."""
        return float(np.log(self.high / self.low) / (2 * 1.96))

    def residual(self, value: float) -> float:
        """Return the standard errors by which a value exceeds the fact."""
        return float(np.log(max(value, 1e-6) / self.estimate) / self.log_error)


def read_facts(text: str) -> tuple[Fact, ...]:
    """Read facts from YAML."""
    own = ("id", "kind", "estimate", "low", "high", "source", "reason")
    rest = {*own, "confidence"}
    return tuple(
        Fact(
            **{key: entry[key] for key in own},
            confidence=entry.get("confidence", ""),
            how={key: value for key, value in entry.items() if key not in rest},
        )
        for entry in YAML(typ="safe").load(text)
    )


def _shipped(name: str) -> tuple[Fact, ...]:
    return read_facts(files("oestra.calibration").joinpath(name).read_text("utf-8"))


@cache
def facts() -> tuple[Fact, ...]:
    """Return the facts of ``facts.yaml``, to which everything is fitted."""
    return _shipped("facts.yaml")


@cache
def cell_facts() -> tuple[Fact, ...]:
    """Return what is known of cells: those of `facts`, and of ``facts_cell.yaml``."""
    return (
        *(fact for fact in facts() if fact.kind == "cell"),
        *_shipped("facts_cell.yaml"),
    )


def _ki67(fact: Fact, cohort: Cohort, streams: Streams) -> float:
    primary = np.flatnonzero(
        (cohort.moments["setting"] == "primary") & ~cohort.moments["her2_positive"]
    )[:_MOST]
    seen = follow(
        cohort,
        primary,
        Regimen.parse(fact.how["regimen"]),
        days=np.array([0.0, float(fact.how["day"])]),
        stop_day=np.full(len(primary), np.inf),
        streams=streams,
    )
    ratio = np.maximum(seen.ki67[:, 1], 1e-3) / np.maximum(seen.ki67[:, 0], 1e-3)
    return float(np.exp(np.log(ratio).mean()))


def _moment(fact: Fact, cohort: Cohort) -> float:
    found = cohort.moments.query(fact.how["where"])
    if found.empty:
        return 0.0
    name = str(fact.how["share"])
    share = float(found[name.removeprefix("not ")].mean())
    return 1.0 - share if name.startswith("not ") else share


def measure_facts(
    cohort: Cohort, parameters: ParameterSet, seed: int
) -> dict[str, float]:
    """Measure every fact in the model.

    Parameters
    ----------
    cohort : Cohort
        The pool.
    parameters : ParameterSet
        What it was simulated with.
    seed : int
        Seed of chance on therapy.

    Returns
    -------
    dict of str to float
        Simulated value by id.
    """
    streams = Streams(seed).spawn("facts")
    cells = measure_cells(parameters)
    found = {}
    for fact in facts():
        if fact.kind == "ki67":
            found[fact.id] = _ki67(fact, cohort, streams)
        elif fact.kind == "moment":
            found[fact.id] = _moment(fact, cohort)
        else:
            found[fact.id] = cells[fact.how["measure"]]
    return found
