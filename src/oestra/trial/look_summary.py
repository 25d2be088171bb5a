"""Summing up what replicates decided: by analysis, and over the whole trial."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oestra.core.finite import finite
from oestra.survival.proportion import Proportion, clopper_pearson
from oestra.trial.design import TrialDesign
from oestra.trial.error_account import planned
from oestra.trial.hypotheses import hypotheses
from oestra.trial.looks import Decision, wins
from oestra.trial.planned_analysis import PlannedAnalysis

__all__ = [
    "LookResult",
    "TrialVerdict",
    "mean_of",
    "summarize_looks",
    "summarize_tests",
]

Decisions = Sequence[tuple[Decision, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookResult:
    """One analysis over replicates.

    Parameters
    ----------
    events : int or None
        Events at which it is due; None where the data cut alone decides.
    reached_percent : float
        Replicates that came to it without having stopped before.
    efficacy_percent, futility_percent : float
        Replicates whose first hypothesis was rejected there, and that it stopped for
        futility.
    final : bool
        Whether it is the end.
    month, patients : float or None
        Median time from the first patient, and patients entered.
    seen : float or None
        Median of the events seen.
    hazard_ratio : float or None
        Median of the first hypothesis.
    z, p : float or None
        Median bound of the statistic for efficacy, and the one-sided p that goes with
        it; None where nothing can be won.
    """

    events: int | None
    reached_percent: float
    efficacy_percent: float
    futility_percent: float
    final: bool = False
    month: float | None = None
    patients: float | None = None
    seen: float | None = None
    hazard_ratio: float | None = None
    z: float | None = None

    @property
    def p(self) -> float | None:
        """One-sided p at the bound."""
        return None if self.z is None else 0.5 * math.erfc(self.z / math.sqrt(2))

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {
            "events": self.events,
            "final": self.final,
            "months": self.month,
            "patients": self.patients,
            "events_seen": self.seen,
            "hazard_ratio": self.hazard_ratio,
            "bound_z": self.z,
            "bound_p_one_sided": self.p,
            "reached_percent": self.reached_percent,
            "efficacy_percent": self.efficacy_percent,
            "futility_percent": self.futility_percent,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialVerdict:
    """What a trial tests, over replicates.

    Parameters
    ----------
    alpha : float
        Type I error of all hypotheses together, of all sides.
    sided : int
        1 or 2.
    won : Proportion
        Share of replicates whose first hypothesis is rejected, with its exact 95 %
        interval: what few replicates leave open.
    rejected : mapping of str to Proportion
        The same of every hypothesis.
    events, months, patients : mapping of str to float
        Expected events of the first hypothesis, duration and patients entered when the
        trial ends: ``mean`` and ``monte_carlo_error``.
    """

    alpha: float
    sided: int
    won: Proportion
    rejected: Mapping[str, Proportion]
    events: Mapping[str, float | None]
    months: Mapping[str, float | None]
    patients: Mapping[str, float | None]

    def expected(self) -> dict[str, Any]:
        """Return hypotheses and what the trial takes, in the printed form."""
        return {
            "hypotheses": {name: _shown(one) for name, one in self.rejected.items()},
            "expected_events": dict(self.events),
            "expected_months": dict(self.months),
            "expected_patients": dict(self.patients),
        }

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        head = {"alpha": self.alpha, "sided": self.sided, "won": _shown(self.won)}
        return head | self.expected()


def _shown(share: Proportion) -> dict[str, Any]:
    keys = ("estimate", "low", "high")
    return {key: getattr(share, key) for key in keys} | {"level": 0.95}


def mean_of(values: Sequence[float]) -> dict[str, float | None]:
    """Return a mean with its Monte Carlo error.

    Parameters
    ----------
    values : sequence of float
        One a replicate.

    Returns
    -------
    dict of str to float or None
        ``mean`` and ``monte_carlo_error``; None where there are too few.
    """
    numbers = np.array(values, dtype=float)
    error = None
    if numbers.size > 1:
        error = float(numbers.std(ddof=1) / math.sqrt(numbers.size))
    mean = float(numbers.mean()) if numbers.size else None
    return {"mean": mean, "monte_carlo_error": error}


def _middle(values: Sequence[float | None]) -> float | None:
    """Return the median; None where it is not finite or there is none."""
    known = [value for value in values if value is not None]
    return finite(float(np.median(known))) if known else None


def summarize_looks(
    design: TrialDesign, replicates: Decisions
) -> tuple[LookResult, ...]:
    """Sum up the decisions of replicates, one analysis after the other.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    replicates : sequence of tuple of Decision
        From `decide`.

    Returns
    -------
    tuple of LookResult
        One an analysis; nothing where the data cut is the only one.
    """
    analysis = design.analysis
    if not design.contrasts or not (analysis.looks or analysis.final_events):
        return ()
    rows = planned(design)
    due = [*(look.events for look in analysis.looks), analysis.final_events]
    found: list[LookResult] = []
    share = 100.0 / max(len(replicates), 1)
    for number, events in enumerate(due):
        here = [d for made in replicates for d in made if d.number == number]
        if number == len(analysis.looks) and not here and found:
            break
        found.append(
            LookResult(
                events=events,
                final=number == len(due) - 1 or any(d.final for d in here),
                reached_percent=share * len(here),
                efficacy_percent=share * sum(d.won for d in here),
                futility_percent=share * sum(d.stops == "futility" for d in here),
                month=_middle([d.month for d in here]),
                patients=_middle([d.patients for d in here]),
                seen=_middle([d.events for d in here]),
                hazard_ratio=_middle([d.hazard_ratio for d in here]),
                z=_bound(rows, number, here),
            )
        )
    return tuple(found)


def _bound(
    rows: Sequence[PlannedAnalysis], number: int, here: Sequence[Decision]
) -> float | None:
    """Return the bound as it was met; as planned where nobody has met it."""
    met = _middle([d.bound for d in here])
    if met is None and number < len(rows) and math.isfinite(rows[number].upper):
        return rows[number].upper
    return met


def summarize_tests(design: TrialDesign, replicates: Decisions) -> TrialVerdict | None:
    """Sum up what replicates won, and what it took.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    replicates : sequence of tuple of Decision
        From `decide`.

    Returns
    -------
    TrialVerdict or None
        None where no arms are compared.
    """
    tests, count = hypotheses(design), len(replicates)
    if not tests:
        return None
    ends = [made[-1] for made in replicates if made]
    return TrialVerdict(
        alpha=design.analysis.alpha,
        sided=design.analysis.sided,
        won=clopper_pearson(sum(map(wins, replicates)), count),
        rejected={
            one.name: clopper_pearson(
                sum(any(one.name in d.rejected for d in made) for made in replicates),
                count,
            )
            for one in tests
        },
        events=mean_of([end.events for end in ends]),
        months=mean_of([end.month for end in ends]),
        patients=mean_of([end.patients for end in ends]),
    )
