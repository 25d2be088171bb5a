"""From the patients of one replicate to its estimates."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.units import DAYS_PER_MONTH
from oestra.survival.cox import CoxResult, hazard_ratio
from oestra.survival.log_rank import log_rank
from oestra.survival.product_limit import product_limit
from oestra.trial.design import Denominator, TimeToEvent, TrialDesign
from oestra.trial.recist import Code

__all__ = [
    "ArmEstimate",
    "ContrastEstimate",
    "Value",
    "analyze_arm",
    "compare_arms",
]


@dataclass(frozen=True, slots=True)
class Value:
    """A number of one replicate, or why there is none.

    Parameters
    ----------
    number : float or None
        The estimate.
    reason : str
        Why there is none, empty otherwise.
    """

    number: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmEstimate:
    """Estimates of one arm in one replicate.

    Parameters
    ----------
    n : int
        Patients.
    endpoints : mapping of str to Value
        Estimates by name, such as ``pfs_median_months``.
    landmarks : mapping of float to Value
        Event-free share in percent by month.
    """

    n: int
    endpoints: Mapping[str, Value]
    landmarks: Mapping[float, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastEstimate:
    """Comparison of two arms in one replicate.

    Parameters
    ----------
    cox : CoxResult
        Hazard ratio from Cox's model, with its error.
    p : Value
        Two-sided log-rank p.
    interaction_p : Value, optional
        Whether a subgroup differs from the other patients, in the primary endpoint.
    """

    cox: CoxResult
    p: Value
    interaction_p: Value | None = None

    @property
    def hazard_ratio(self) -> Value:
        """Hazard ratio, or why there is none."""
        return Value(self.cox.hazard_ratio, self.cox.reason)


def _percent(met: NDArray[np.bool_], why: str) -> Value:
    if not met.size:
        return Value(None, why)
    return Value(100.0 * float(met.mean()))


def _median(
    day: NDArray[np.float64], event: NDArray[np.bool_], nobody: str = "no patients"
) -> Value:
    if not day.size:
        return Value(None, nobody)
    if not event.any():
        return Value(None, "no events")
    median = product_limit(day, event).median
    if median is None:
        return Value(None, "median not reached")
    return Value(median / DAYS_PER_MONTH)


def _response_duration(table: pd.DataFrame) -> Value:
    """Median time from the first response to progression or death."""
    start = table["response_day"].to_numpy()
    responded = np.isfinite(start)
    day = table["pfs_day"].to_numpy()[responded] - start[responded]
    event = table["pfs_event"].to_numpy(dtype=bool)[responded]
    return _median(np.maximum(day, 0.0), event, "no responses")


def _ki67(table: pd.DataFrame, below: float) -> dict[str, Value]:
    before, after = table["ki67_before"].to_numpy(), table["ki67_after"].to_numpy()
    pair = np.isfinite(before) & np.isfinite(after) & (before > 0)
    if not pair.any():
        none = Value(None, "no pair of biopsies")
        return {"ki67_response_percent": none, "ki67_change_percent": none}
    # Geometric mean of the ratio, as the trials report the reduction of Ki67.
    ratio = np.log(np.maximum(after[pair], 1e-6) / before[pair])
    return {
        "ki67_response_percent": _percent(after[pair] < below, ""),
        "ki67_change_percent": Value(100 * float(np.exp(ratio.mean()) - 1)),
    }


def _metabolic(table: pd.DataFrame, fall_percent: float) -> dict[str, Value]:
    before, after = table["uptake_before"].to_numpy(), table["uptake_after"].to_numpy()
    pair = np.isfinite(before) & np.isfinite(after) & (before > 0)
    if not pair.any():
        return {"metabolic_response_percent": Value(None, "no pair of scans")}
    fell = after[pair] <= before[pair] * (1 - fall_percent / 100)
    return {"metabolic_response_percent": _percent(fell, "")}


def _landmarks(table: pd.DataFrame, design: TrialDesign) -> dict[float, Value]:
    primary = design.analysis.primary
    months = design.analysis.landmarks_months
    if table.empty:
        return dict.fromkeys(months, Value(None, "no patients"))
    day = table[f"{primary}_day"].to_numpy()
    curve = product_limit(day, table[f"{primary}_event"].to_numpy())
    found: dict[float, Value] = {}
    for month in months:
        when = month * DAYS_PER_MONTH
        beyond = when > curve.times[-1] and curve.survival[-1] > 0
        found[month] = (
            Value(None, "follow-up ends earlier")
            if beyond
            else Value(100 * float(curve.at(when)[0]))
        )
    return found


def analyze_arm(table: pd.DataFrame, design: TrialDesign) -> ArmEstimate:
    """Estimate every endpoint of one arm.

    Parameters
    ----------
    table : DataFrame
        Its patients, as `conduct` returns them.
    design : TrialDesign
        The trial.

    Returns
    -------
    ArmEstimate
        The estimates; what cannot be estimated says why.
    """
    values = {
        f"{e}_median_months": _median(
            table[f"{e}_day"].to_numpy(), table[f"{e}_event"].to_numpy(dtype=bool)
        )
        for e in design.endpoints
    }
    response = table["best_response"].to_numpy() >= Code.PR
    if design.analysis.response_denominator is Denominator.MEASURABLE:
        response = response[table["has_targets"].to_numpy(dtype=bool)]
    values["orr_percent"] = _percent(response, "no patients with measurable disease")
    values["cbr_percent"] = _percent(
        table["benefit"].to_numpy(dtype=bool), "no patients"
    )
    values["response_duration_median_months"] = _response_duration(table)
    stopped = table["stopped_for_harm"].to_numpy(dtype=bool)
    values["discontinuation_percent"] = _percent(stopped, "no patients")
    reduced = table["reduced_for_harm"].to_numpy(dtype=bool)
    values["dose_reduction_percent"] = _percent(reduced, "no patients")
    if design.analysis.ki67 is not None:
        values |= _ki67(table, design.analysis.ki67.response_below_percent)
    if design.analysis.metabolic is not None:
        fall = design.analysis.metabolic.response_fall_percent
        values |= _metabolic(table, fall)
    return ArmEstimate(
        n=len(table), endpoints=values, landmarks=_landmarks(table, design)
    )


def compare_arms(
    arm: pd.DataFrame, control: pd.DataFrame, design: TrialDesign, endpoint: TimeToEvent
) -> ContrastEstimate:
    """Compare two arms in one endpoint.

    Parameters
    ----------
    arm, control : DataFrame
        Patients of the two arms, as `conduct` returns them.
    design : TrialDesign
        The trial; it says whether the comparison is stratified.
    endpoint : TimeToEvent
        The endpoint.

    Returns
    -------
    ContrastEstimate
        Hazard ratio and p; what cannot be estimated says why.
    """
    table = pd.concat([arm, control])
    group = np.arange(len(table)) < len(arm)
    day = table[f"{endpoint}_day"].to_numpy()
    event = table[f"{endpoint}_event"].to_numpy(dtype=bool)
    strata = table["stratum"].to_numpy() if design.analysis.stratified else None
    ratio = hazard_ratio(day, event, group, strata)
    test = log_rank(day, event, group, strata)
    return ContrastEstimate(
        cox=ratio,
        p=Value(test.p, test.reason),
    )
