"""How far a simulated endpoint is from the published one, in standard errors."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.arms import Observed
from oestra.calibration.weighted import expected_log_median, log_hazard_ratio
from oestra.core.units import DAYS_PER_MONTH
from oestra.evidence.target import TargetRow
from oestra.evidence.vocabulary import Endpoint
from oestra.trial.recist import Code

__all__ = ["Published", "endpoint_residual", "published", "standard_error"]

_SHARES = {Endpoint.ORR, Endpoint.CBR, Endpoint.KI67_RESPONSE}
"""Endpoints on the logit scale; all others are on that of the logarithm."""
_FEW = 100
"""Patients of an arm where their number was not published."""
_BLUR = 0.03
"""Survival by which visits are blurred, so that a median far off still has a slope."""
_KI67_BELOW = float(np.e)
"""Percent; trials count a response when the natural log of Ki67 is below 1."""


def standard_error(low: float, middle: float, high: float, *, above: bool) -> float:
    """Return the standard error of a published number on one side of it.

    Intervals are lopsided; half of one reaches to its own limit. No side is taken for
    narrower than half of what both together say.

    Parameters
    ----------
    low, middle, high : float
        The number with its 95 % interval, on the scale on which errors are normal.
    above : bool
        Whether the side above it is asked for.

    Returns
    -------
    float
        Standard error on that scale.
    """
    both = (high - low) / (2 * 1.96)
    side = ((high - middle) if above else (middle - low)) / 1.96
    return float(max(side, 0.5 * both))


def _log(value: float) -> float:
    return float(np.log(max(value, 1e-3)))


def _logit(percent: float) -> float:
    share = float(np.clip(percent / 100.0, 0.003, 0.997))
    return float(np.log(share / (1.0 - share)))


def _scale(row: TargetRow) -> Callable[[float], float]:
    return _logit if row.endpoint in _SHARES else _log


@dataclass(frozen=True, slots=True)
class Published:
    """A published number, on the scale on which its errors are normal.

    Parameters
    ----------
    low, middle, high : float
        The number with its 95 % interval: logits of shares, logarithms of others.
    """

    low: float
    middle: float
    high: float

    @property
    def error(self) -> float:
        """Standard error, both sides taken together."""
        return (self.high - self.low) / (2 * 1.96)

    def error_towards(self, off: float) -> float:
        """Return the standard error on the side to which a number is off."""
        return standard_error(self.low, self.middle, self.high, above=off > 0)


def published(row: TargetRow) -> Published:
    """Return what was published of an endpoint, on the scale of its errors."""
    scale = _scale(row)
    return Published(scale(row.low or 0.0), scale(row.estimate), scale(row.high or 0.0))


def _deviation(value: float, row: TargetRow) -> float:
    there = published(row)
    off = _scale(row)(value) - there.middle
    return off / there.error_towards(off)


def _who(row: TargetRow, seen: Observed, arm: str) -> NDArray[np.bool_]:
    named = seen.strata[arm]
    return named.get(row.stratum, named["ITT"])


def _median(row: TargetRow, seen: Observed, kind: str) -> tuple[float, float]:
    """Compare with the median that a trial of the published size would print."""
    arm = str(row.arm)
    who, table = _who(row, seen, arm), seen.arms[arm]
    day = table[f"{kind}_day"].to_numpy()
    event = table[f"{kind}_event"].to_numpy(dtype=bool)
    interval = table["interval_weeks"].to_numpy()
    blur = float(np.sqrt(0.25 / (row.n or _FEW) + _BLUR**2))
    # A trial has one interval between scans, which may not be known.
    log_median = [
        expected_log_median(day[here], event[here], seen.weight[arm][here], blur)
        for here in (who & (interval == each) for each in np.unique(interval[who]))
    ]
    months = float(np.exp(np.mean(log_median))) / DAYS_PER_MONTH
    return _deviation(months, row), months


def _hazard_ratio(row: TargetRow, seen: Observed) -> tuple[float, float]:
    parts = []
    kind = str(row.of)
    for treated, name in ((True, str(row.arm)), (False, str(row.control))):
        who, table = _who(row, seen, name), seen.arms[name]
        parts.append(
            (
                table[f"{kind}_day"].to_numpy()[who],
                table[f"{kind}_event"].to_numpy(dtype=bool)[who],
                np.full(int(who.sum()), treated),
                seen.weight[name][who],
            )
        )
    day, event, treated_, weight = (
        np.concatenate(columns) for columns in zip(*parts, strict=True)
    )
    beta = log_hazard_ratio(day, event, treated_, weight)
    ratio = float(np.exp(beta))
    return _deviation(ratio, row), ratio


def _share(row: TargetRow, seen: Observed) -> tuple[float, float]:
    arm = str(row.arm)
    who, table = _who(row, seen, arm).copy(), seen.arms[arm]
    if row.endpoint == "orr_percent":
        met = table["best_response"].to_numpy() >= Code.PR
        if row.denominator == "measurable":
            who &= table["has_targets"].to_numpy(dtype=bool)
    elif row.endpoint == "cbr_percent":
        met = table["benefit"].to_numpy(dtype=bool)
    else:
        before = table["ki67_before"].to_numpy()
        after = table["ki67_after"].to_numpy()
        who &= np.isfinite(before) & np.isfinite(after)
        met = after < _KI67_BELOW
    weight = seen.weight[arm][who]
    share = float(np.sum(weight * met[who]) / max(weight.sum(), 1e-12))
    return _deviation(100.0 * share, row), 100.0 * share


def endpoint_residual(row: TargetRow, seen: Observed) -> tuple[float, float]:
    """Compare one published endpoint with the simulation.

    Parameters
    ----------
    row : TargetRow
        The published endpoint with its interval.
    seen : Observed
        The trial's weighted patients under each arm.

    Returns
    -------
    tuple of float
        Standard errors by which the simulation exceeds the publication, and the
        simulated value in the publication's unit.
    """
    endpoint = str(row.endpoint)
    if endpoint == "hazard_ratio":
        return _hazard_ratio(row, seen)
    if endpoint.endswith("_median_months"):
        return _median(row, seen, endpoint.split("_", maxsplit=1)[0])
    return _share(row, seen)
