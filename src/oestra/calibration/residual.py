"""How far a simulated endpoint is from the published one, in standard errors."""

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.arms import Observed
from oestra.calibration.weighted import expected_log_median, log_hazard_ratio
from oestra.evidence.target import TargetRow
from oestra.trial.recist import Code

__all__ = ["endpoint_residual"]

_DAYS_PER_MONTH = 30.4375
_FEW = 100
"""Patients of an arm where their number was not published."""
_BLUR = 0.05
"""Survival by which visits are blurred, so that a median far off still has a slope."""
_KI67_BELOW = float(np.e)
"""Percent; trials count a response when the natural log of Ki67 is below 1."""


def _log_error(row: TargetRow) -> float:
    low = max(row.low or 0.0, 1e-3)
    return float(np.log((row.high or 1.0) / low) / (2 * 1.96))


def _logit(share: float) -> float:
    share = float(np.clip(share, 0.003, 0.997))
    return float(np.log(share / (1.0 - share)))


def _who(row: TargetRow, seen: Observed, arm: str) -> NDArray[np.bool_]:
    named = seen.strata[arm]
    return named.get(row.stratum, named["ITT"])


def _median(row: TargetRow, seen: Observed, kind: str) -> tuple[float, float]:
    """Compare with the median that a trial of the published size would print."""
    arm = str(row.arm)
    who, table = _who(row, seen, arm), seen.arms[arm]
    log_median = expected_log_median(
        table[f"{kind}_day"].to_numpy()[who],
        table[f"{kind}_event"].to_numpy(dtype=bool)[who],
        seen.weight[arm][who],
        float(np.sqrt(0.25 / (row.n or _FEW) + _BLUR**2)),
    )
    months = float(np.exp(log_median)) / _DAYS_PER_MONTH
    return float(np.log(months / row.estimate)) / _log_error(row), months


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
    z = (beta - np.log(row.estimate)) / _log_error(row)
    return float(z), float(np.exp(beta))


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
    low, high = (row.low or 0.0) / 100.0, (row.high or 100.0) / 100.0
    error = (_logit(high) - _logit(low)) / (2 * 1.96)
    return (_logit(share) - _logit(row.estimate / 100.0)) / error, 100.0 * share


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
