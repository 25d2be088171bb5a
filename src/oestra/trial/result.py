"""The result of a virtual trial, and its printed form."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from oestra.trial.endpoints import LANDMARK
from oestra.trial.harm_result import HarmResult
from oestra.trial.looks import LookResult
from oestra.trial.value import Value

__all__ = [
    "ArmResult",
    "ContrastResult",
    "Estimate",
    "StratumResult",
    "TrialResult",
    "summarize",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number over replicates.

    Parameters
    ----------
    estimate, low, high : float or None
        Middle and central 90 % predictive interval; None where not estimable.
    reason : str
        Why something is None, empty otherwise.
    """

    estimate: float | None
    low: float | None
    high: float | None
    reason: str = ""

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        shown: dict[str, Any] = {
            "estimate": self.estimate,
            "low": self.low,
            "high": self.high,
        }
        return shown | {"reason": self.reason} if self.reason else shown


def _quantile(numbers: np.ndarray, level: float) -> float | None:
    # Values without an estimate count as beyond all others, so no interpolation
    # may mix the two.
    place = level * (numbers.size - 1)
    below, above = numbers[math.floor(place)], numbers[math.ceil(place)]
    if not math.isfinite(above):
        return None
    share = place - math.floor(place)
    return float(below * (1 - share) + above * share)


def summarize(values: Sequence[Value], *, lumpy: bool = False) -> Estimate:
    """Reduce the values of replicates to their middle and 90 % interval.

    The middle is the median. Median survival is read on days of visits, and the middle
    replicate would jump from one visit to the next: it is summed up by its geometric
    mean, which is what such trials print on average and what the fit compares.

    A median that was not reached counts as longer than all that were; other values
    that could not be estimated are left out, and the reason says how many.

    Parameters
    ----------
    values : sequence of Value
        One a replicate.
    lumpy : bool
        Whether these are median survivals; if one was not reached, the middle is the
        median all the same.

    Returns
    -------
    Estimate
        The summary.
    """
    known = [v.number for v in values if v.number is not None]
    missing = [v.reason for v in values if v.number is None]
    late = sum(reason == "median not reached" for reason in missing)
    numbers = np.sort(np.array([*known, *([math.inf] * late)], dtype=float))
    reason = ""
    if missing:
        share = "" if len(values) == 1 else f" in {len(missing)} of {len(values)}"
        reason = f"{missing[0]}{share}{' replicates' if share else ''}"
    if not numbers.size:
        return Estimate(estimate=None, low=None, high=None, reason=reason)
    low, middle, high = (_quantile(numbers, level) for level in (0.05, 0.5, 0.95))
    if lumpy and np.isfinite(numbers).all() and numbers[0] > 0:
        middle = float(np.exp(np.log(numbers).mean()))
    return Estimate(estimate=middle, low=low, high=high, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmResult:
    """One arm over replicates.

    Parameters
    ----------
    id, label : str
        The arm.
    n : int
        Patients a replicate, the median where it varies.
    endpoints : mapping of str to Estimate
        Estimates by name, such as ``pfs_median_months``.
    landmarks : mapping of float to Estimate
        Event-free share in percent by month.
    """

    id: str
    label: str
    n: int
    endpoints: Mapping[str, Estimate]
    landmarks: Mapping[float, Estimate] = field(default_factory=dict)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        shown: dict[str, Any] = {"label": self.label, "n": self.n}
        shown |= {name: e.to_json_dict() for name, e in self.endpoints.items()}
        if self.landmarks:
            shown[LANDMARK.name] = [
                {"months": month, **estimate.to_json_dict()}
                for month, estimate in self.landmarks.items()
            ]
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastResult:
    """A comparison over replicates.

    Parameters
    ----------
    endpoint, arm, control : str
        What is compared.
    hazard_ratio : Estimate
        Hazard ratio of the arm against the control.
    p : Estimate
        Two-sided log-rank p.
    power : float or None
        Share of all replicates in which the arm does better with p below 0.05; None
        if none could be compared.
    interaction_p : Estimate, optional
        Two-sided p of the difference between a subgroup and the other patients, in the
        primary endpoint.
    """

    endpoint: str
    arm: str
    control: str
    hazard_ratio: Estimate
    p: Estimate
    power: float | None
    interaction_p: Estimate | None = None

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        shown: dict[str, Any] = {
            "endpoint": self.endpoint,
            "arm": self.arm,
            "control": self.control,
            "hazard_ratio": self.hazard_ratio.to_json_dict(),
            "p": self.p.estimate,
            "power": self.power,
        }
        if self.interaction_p is not None:
            shown["interaction_p"] = self.interaction_p.estimate
        return shown | {"reason": self.p.reason} if self.p.reason else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumResult:
    """Arms and comparisons of the whole trial or of a subgroup.

    Parameters
    ----------
    arms : mapping of str to ArmResult
        By arm id.
    contrasts : tuple of ContrastResult
        Comparisons.
    reason : str
        Why there are no arms, empty otherwise.
    """

    arms: Mapping[str, ArmResult]
    contrasts: tuple[ContrastResult, ...]
    reason: str = ""

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        shown: dict[str, Any] = {
            "arms": {name: arm.to_json_dict() for name, arm in self.arms.items()},
            "contrasts": [contrast.to_json_dict() for contrast in self.contrasts],
        }
        return shown | {"reason": self.reason} if self.reason else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """A virtual trial over its replicates.

    Parameters
    ----------
    trial : str
        Its id.
    seed, replicates : int
        What was run.
    model, parameters : str
        Hashes of the model and of the parameter set.
    overall : StratumResult
        The whole trial.
    strata : mapping of str to StratumResult
        Subgroups by name.
    patients : DataFrame
        Patients of every replicate and endpoint, in CDISC ADTTE columns.
    responses : DataFrame
        Best response of every patient, one row a patient.
    screening : mapping of str to Any
        Of the first parameter set: screened and eligible decisions and who was excluded
        why, counted as simulated and, in percent, weighted to the population; effective
        sample size.
    published : tuple of mapping
        Published results beside which these stand.
    looks : tuple of LookResult
        Interim and final looks of a group-sequential trial.
    audit : mapping of str to Any
        What the storeys below report of themselves, and warnings.
    adverse_events : DataFrame
        Events of every patient of every replicate, in CDISC ADAE columns.
    harm : HarmResult
        Events by arm, why treatment ended, and time to deterioration.
    """

    trial: str
    seed: int
    replicates: int
    model: str
    parameters: str
    overall: StratumResult
    strata: Mapping[str, StratumResult]
    patients: pd.DataFrame
    responses: pd.DataFrame
    screening: Mapping[str, Any]
    published: tuple[Mapping[str, Any], ...]
    looks: tuple[LookResult, ...]
    audit: Mapping[str, Any]
    adverse_events: pd.DataFrame = field(default_factory=pd.DataFrame)
    harm: HarmResult = field(default_factory=HarmResult)

    @property
    def arms(self) -> Mapping[str, ArmResult]:
        """Arms of the whole trial."""
        return self.overall.arms

    @property
    def contrasts(self) -> tuple[ContrastResult, ...]:
        """Comparisons of the whole trial."""
        return self.overall.contrasts

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form: plain values, null where not estimable."""
        looks = [look.to_json_dict() for look in self.looks]
        return {
            "trial": self.trial,
            "seed": self.seed,
            "replicates": self.replicates,
            "model": self.model,
            "parameters": self.parameters,
            **self.overall.to_json_dict(),
            "strata": {name: s.to_json_dict() for name, s in self.strata.items()},
            **({"looks": looks} if looks else {}),
            "adverse_events": self.harm.to_json_dict(),
            "screening": dict(self.screening),
            "published": [dict(row) for row in self.published],
            "audit": dict(self.audit),
        }
