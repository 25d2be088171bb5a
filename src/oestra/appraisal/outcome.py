"""What became of registered predictions: each beside what the trial then reported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from oestra.appraisal.comparison import WHOLE
from oestra.evidence.published import published
from oestra.evidence.target_row import TargetRow
from oestra.evidence.vocabulary import Endpoint, Use

__all__ = ["Outcome", "Registration", "outcomes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One number that was predicted, and what was published of it.

    Parameters
    ----------
    row : TargetRow
        The publication.
    estimate, low, high : float or None
        What was registered; an end is None where too few virtual trials reach it, the
        estimate where half do not.
    """

    row: TargetRow
    estimate: float | None
    low: float | None
    high: float | None

    @property
    def inside(self) -> bool:
        """Whether the publication lies in the registered interval, open ends too."""
        above = self.low is not None and self.row.estimate >= self.low
        return above and (self.high is None or self.row.estimate <= self.high)

    @property
    def off(self) -> float:
        """How far the publication lies outside, as a factor of at least 1."""
        if self.low is None:
            return float("inf")
        high = float("inf") if self.high is None else self.high
        value = self.row.estimate
        return max(self.low / value, value / high, 1.0) if value > 0 else 1.0

    def to_json_dict(self) -> dict[str, Any]:
        """Return the pair as JSON can hold it."""
        return {
            "target": self.row.id,
            "stratum": self.row.stratum,
            "endpoint": str(self.row.endpoint),
            "predicted": {
                "estimate": self.estimate,
                "low": self.low,
                "high": self.high,
            },
            "published": {
                "estimate": self.row.estimate,
                "low": self.row.low,
                "high": self.row.high,
                "confidence": str(self.row.confidence),
            },
            "inside": self.inside,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A prediction whose trial has reported.

    Parameters
    ----------
    file, trial, date : str
        The file, its trial, and when it was registered.
    newest : bool
        Whether none of the same trial was registered later; of those of one day, the
        last by file name, for nothing else tells them apart.
    outcomes : tuple of Outcome
        Misses first, the furthest first.
    """

    file: str
    trial: str
    date: str
    newest: bool
    outcomes: tuple[Outcome, ...]

    @property
    def inside(self) -> int:
        """How many publications lie in the registered interval."""
        return sum(one.inside for one in self.outcomes)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the prediction and its outcomes as JSON can hold them."""
        return {
            "file": self.file,
            "trial": self.trial,
            "date": self.date,
            "newest": self.newest,
            "inside": self.inside,
            "of": len(self.outcomes),
            "outcomes": [one.to_json_dict() for one in self.outcomes],
        }


def _said(record: Mapping[str, Any], row: TargetRow) -> Mapping[str, Any] | None:
    """Return what a prediction says of a published number; None where nothing."""
    whole = row.stratum == WHOLE
    part = record if whole else record["strata"].get(row.stratum)
    if part is None:
        return None
    if row.endpoint is Endpoint.HAZARD_RATIO:
        for one in part["contrasts"]:
            keys = (one["endpoint"], one["arm"], one["control"])
            if keys == (row.of, row.arm, row.control):
                return one["hazard_ratio"]
        return None
    return part["arms"].get(row.arm, {}).get(str(row.endpoint))


def _pairs(record: Mapping[str, Any]) -> Iterator[Outcome]:
    for row in published(record["trial"]):
        said = _said(record, row) if row.use is not Use.EXCLUDE else None
        if said is not None:
            ends = {name: said[name] for name in ("estimate", "low", "high")}
            yield Outcome(row=row, **ends)


def outcomes(found: Mapping[str, Mapping[str, Any]]) -> tuple[Registration, ...]:
    """Set predictions beside what was published since.

    Parameters
    ----------
    found : mapping of str to mapping
        Predictions by file name, as of `oestra.appraisal.prediction.read_predictions`.

    Returns
    -------
    tuple of Registration
        Those whose trial has reported, by trial, the newest first.
    """
    names = sorted(found, key=lambda name: (found[name]["date"], name), reverse=True)
    told: list[Registration] = []
    for name in sorted(names, key=lambda name: found[name]["trial"]):
        record = found[name]
        pairs = tuple(sorted(_pairs(record), key=lambda one: (one.inside, -one.off)))
        if pairs:
            told.append(
                Registration(
                    file=name,
                    trial=record["trial"],
                    date=record["date"],
                    newest=all(one.trial != record["trial"] for one in told),
                    outcomes=pairs,
                )
            )
    return tuple(told)
