"""Facts besides the trials' endpoints, as published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from oestra.core.read_yaml import read_yaml

__all__ = ["Fact", "cell_facts", "facts", "read_facts"]

_LOST = 8.0
"""Residual of a fact that could not be measured; as far as any counts."""


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
        """Return the standard errors by which a value exceeds the fact.

        A fact that could not be measured is as far as any counts.
        """
        if not np.isfinite(value):
            return _LOST
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
        for entry in read_yaml(text)
    )


def _shipped(name: str) -> tuple[Fact, ...]:
    return read_facts(files("oestra.calibration").joinpath(name).read_text("utf-8"))


@cache
def facts() -> tuple[Fact, ...]:
    """Return the facts of tumors and patients, fitted together with the trials."""
    return _shipped("facts.yaml")


@cache
def cell_facts() -> tuple[Fact, ...]:
    """Return the facts of cells, fitted together with the measurements on them."""
    return _shipped("facts_cell.yaml")
