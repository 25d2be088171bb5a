"""From the patients of one replicate to its estimates."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from oestra.survival.cox import CoxResult, hazard_ratio
from oestra.survival.log_rank import log_rank
from oestra.survival.restricted_mean import RestrictedMean
from oestra.trial.design import TimeToEvent, TrialDesign
from oestra.trial.endpoints import arm_statistics
from oestra.trial.restricted_means import means_apart, means_of
from oestra.trial.score import event_weights, score_z
from oestra.trial.statistic import event_times, free_at
from oestra.trial.value import Value

__all__ = [
    "ArmEstimate",
    "ContrastEstimate",
    "analyze_arm",
    "compare_arms",
]


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
    restricted_means : mapping of float to RestrictedMean
        Mean months of the primary endpoint by horizon.
    """

    n: int
    endpoints: Mapping[str, Value]
    landmarks: Mapping[float, Value]
    restricted_means: Mapping[float, RestrictedMean] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastEstimate:
    """Comparison of two arms in one replicate.

    Parameters
    ----------
    cox : CoxResult
        Hazard ratio from Cox's model, with its error.
    p : Value
        Two-sided log-rank p.
    z : float or None
        The log-rank statistic with its sign: positive where the arm does better.
    interaction_p : Value, optional
        Whether a subgroup differs from the other patients, in the primary endpoint.
    restricted_means : mapping of float to RestrictedMean
        Difference of the means of the primary endpoint, in months, by horizon.
    """

    cox: CoxResult
    p: Value
    z: float | None = None
    interaction_p: Value | None = None
    restricted_means: Mapping[float, RestrictedMean] = field(default_factory=dict)

    @property
    def hazard_ratio(self) -> Value:
        """Hazard ratio, or why there is none; an arm without events is beyond all."""
        place = None
        if self.cox.hazard_ratio is None and self.z is not None:
            place = 0.0 if self.z > 0 else math.inf
        return Value(self.cox.hazard_ratio, self.cox.reason, place)


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
    analysis = design.analysis
    times = event_times(table, analysis.primary)
    return ArmEstimate(
        n=len(table),
        endpoints={
            name: statistic.estimate(table, analysis)
            for name, statistic in arm_statistics(analysis).items()
        },
        landmarks=free_at(times, analysis.landmarks_months),
        restricted_means=means_of(times, analysis),
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
    parts = arm, control
    times = [event_times(part, endpoint) for part in parts]
    day = np.concatenate([one.day for one in times])
    event = np.concatenate([one.event for one in times])
    group = np.arange(len(day)) < len(arm)
    strata = None
    if design.analysis.stratified:
        strata = np.concatenate([part["stratum"].to_numpy() for part in parts])
    ratio = hazard_ratio(day, event, group, strata)
    weights = event_weights(design.analysis)
    test = log_rank(day, event, group, strata, events=weights)
    return ContrastEstimate(
        cox=ratio,
        p=Value(test.p, test.reason),
        z=score_z(day, event, group, strata, events=weights),
        restricted_means=means_apart(times[0], times[1], design.analysis)
        if endpoint is design.analysis.primary
        else {},
    )
