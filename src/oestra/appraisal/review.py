"""The whole review against the model: claims, endpoints, and the maps' numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from oestra.appraisal.claim_check import check_all
from oestra.appraisal.map_numbers import MapNumbers, map_numbers
from oestra.appraisal.verdict import ClaimResult
from oestra.claims.claim_library import claims
from oestra.claims.laboratory import Laboratory
from oestra.core.errors import OestraError
from oestra.core.parameter_set import ParameterSet
from oestra.core.progress import Progress
from oestra.evidence.published import targets
from oestra.evidence.target_row import TargetRow
from oestra.evidence.vocabulary import Use
from oestra.trial.result import Estimate

__all__ = [
    "Review",
    "Scored",
    "misses_first",
    "review_model",
    "score",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One published quantity beside what the model gives.

    Parameters
    ----------
    row : TargetRow
        The published quantity.
    simulated : Estimate
        Median and 95 % prediction interval of replicates; None where there is none,
        with a reason.
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


def misses_first(scored: Sequence[Scored]) -> list[Scored]:
    """Order quantities with those outside their interval first."""
    return sorted(scored, key=lambda one: one.inside is not False)
