"""A number over replicates: middle, prediction interval, Monte Carlo error."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.trial.prediction_interval import (
    FEWEST,
    LEVEL,
    Interval,
    median_error,
    prediction_interval,
)
from oestra.trial.scale import LOGIT, Scale
from oestra.trial.value import Value

__all__ = ["Estimate", "summarize"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number over replicates.

    Parameters
    ----------
    estimate : float or None
        Median of the replicates; None where not estimable or not reached.
    low, high : float or None
        Prediction interval: where one more trial would fall; None where it is not
        estimable or has no end.
    reason : str
        Why something is None, empty otherwise.
    level : float
        How often the interval holds the number of another trial.
    error : float or None
        Monte Carlo standard error of the estimate: what few replicates leave open.
    """

    estimate: float | None
    low: float | None
    high: float | None
    reason: str = ""
    level: float = LEVEL
    error: float | None = None

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        shown: dict[str, Any] = {
            "estimate": self.estimate,
            "low": self.low,
            "high": self.high,
            "level": self.level,
            "monte_carlo_error": self.error,
        }
        return shown | {"reason": self.reason} if self.reason else shown


def _scaled(rank: float, scale: Scale) -> float:
    """Return a number on a scale; the ends of the scale are infinite."""
    if math.isinf(rank):
        return rank
    if scale is LOGIT:
        if rank <= 0:
            return -math.inf
        return math.inf if rank >= 100 else scale.to(rank)
    return (
        -math.inf if scale.floor is not None and rank <= scale.floor else scale.to(rank)
    )


def _natural(value: float, scale: Scale) -> float | None:
    """Return an end of an interval in the unit of the endpoint, None if it has none."""
    if math.isnan(value):
        return None
    if math.isfinite(value):
        return scale.back(value)
    if value < 0:
        return 0.0 if scale is LOGIT else scale.floor
    return 100.0 if scale is LOGIT else None


def _middle(ranks: NDArray[np.float64]) -> float | None:
    numbers = np.sort(ranks)
    below, above = numbers[(numbers.size - 1) // 2], numbers[numbers.size // 2]
    # What is beyond all others is mixed with nothing.
    return float((below + above) / 2) if np.isfinite((below, above)).all() else None


def summarize(
    values: Sequence[Value],
    *,
    scale: Scale | None = None,
    sets: Sequence[int] = (),
) -> Estimate:
    """Reduce the values of replicates to their median and a prediction interval.

    What could not be estimated but is known to lie beyond all others counts so; only
    values of which nothing is known are left out, and the reason says how many.

    Parameters
    ----------
    values : sequence of Value
        One a replicate.
    scale : Scale, optional
        On which they are nearly normal; without one there is no interval.
    sets : sequence of int
        Number of the parameter set of each; one set by default.

    Returns
    -------
    Estimate
        The summary.
    """
    drawn = list(sets) or [0] * len(values)
    known = [(v.rank, one) for v, one in zip(values, drawn, strict=True)
             if v.rank is not None]  # fmt: skip
    missing = [v.reason for v in values if v.number is None]
    reason = ""
    if missing:
        share = "" if len(values) == 1 else f" in {len(missing)} of {len(values)}"
        reason = f"{missing[0]}{share}{' replicates' if share else ''}"
    if not known:
        return Estimate(estimate=None, low=None, high=None, reason=reason)
    ranks = np.array([rank for rank, _ in known], dtype=float)
    number = np.array([one for _, one in known])
    if scale is None:
        return Estimate(estimate=_middle(ranks), low=None, high=None, reason=reason)
    found = prediction_interval(
        np.array([_scaled(rank, scale) for rank in ranks]), number
    )
    reasons = [reason] if reason else []
    reasons += _too_few(found, ranks)
    return Estimate(
        estimate=_middle(ranks),
        low=_natural(found.low, scale),
        high=_natural(found.high, scale),
        reason="; ".join(reasons),
        error=median_error(ranks, number),
    )


def _too_few(found: Interval, ranks: NDArray[np.float64]) -> list[str]:
    if not math.isnan(found.low) and not math.isnan(found.high):
        return []
    few = int(np.isfinite(ranks).sum())
    whole = f"{100 * LEVEL:g} % interval"
    if ranks.size < FEWEST:
        return [f"{ranks.size} of the at least {FEWEST} replicates a {whole} needs"]
    return [f"{few} of {ranks.size} replicates with a number tell no {whole}"]
