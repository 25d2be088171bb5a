"""The result of a virtual trial, and its printed form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from oestra.survival.proportion import Proportion
from oestra.trial.arm_engagement import ArmEngagement
from oestra.trial.endpoints import LANDMARK
from oestra.trial.estimate import Estimate
from oestra.trial.harm_result import HarmResult
from oestra.trial.look_summary import LookResult, TrialVerdict
from oestra.trial.looks import Decision
from oestra.trial.prediction_interval import LEVEL
from oestra.trial.restricted_means import RestrictedResult
from oestra.trial.two_readings import ReadersDiffer

__all__ = ["ArmResult", "ContrastResult", "Estimate", "StratumResult", "TrialResult"]


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
    restricted_means : mapping of float to RestrictedResult
        Mean of the primary endpoint by horizon, both in months.
    """

    id: str
    label: str
    n: int
    endpoints: Mapping[str, Estimate]
    landmarks: Mapping[float, Estimate] = field(default_factory=dict)
    restricted_means: Mapping[float, RestrictedResult] = field(default_factory=dict)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        shown: dict[str, Any] = {"label": self.label, "n": self.n}
        shown |= {name: e.to_json_dict() for name, e in self.endpoints.items()}
        if self.landmarks:
            shown[LANDMARK.name] = [
                {"months": month, **estimate.to_json_dict()}
                for month, estimate in self.landmarks.items()
            ]
        return shown | _means_record("restricted_mean_months", self.restricted_means)


def _means_record(
    key: str, means: Mapping[float, RestrictedResult]
) -> dict[str, list[dict[str, Any]]]:
    """Return the printed form of restricted means, where there are any."""
    rows = [{"months": month, **one.to_json_dict()} for month, one in means.items()]
    return {key: rows} if rows else {}


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
        Two-sided log-rank p; its median says little of whether trials are won.
    won : Proportion or None
        Share of all replicates that the arm wins, with its exact 95 % interval; None
        if none could be compared. What the trial tests first is won by its rules,
        looks included; what else, where the arm does better and its two-sided p is at
        most alpha, or that of one side twice alpha.
    interaction_p : Estimate, optional
        Two-sided p of the difference between a subgroup and the other patients, in the
        primary endpoint.
    restricted_means : mapping of float to RestrictedResult
        Difference of the means of the primary endpoint by horizon, both in months.
    """

    endpoint: str
    arm: str
    control: str
    hazard_ratio: Estimate
    p: Estimate
    won: Proportion | None
    interaction_p: Estimate | None = None
    restricted_means: Mapping[float, RestrictedResult] = field(default_factory=dict)

    @property
    def power(self) -> float | None:
        """Share of replicates that the arm wins."""
        return None if self.won is None else self.won.estimate

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        shown: dict[str, Any] = {
            "endpoint": self.endpoint,
            "arm": self.arm,
            "control": self.control,
            "hazard_ratio": self.hazard_ratio.to_json_dict(),
            "p": self.p.estimate,
            "power": self.power,
            "won_percent": None
            if self.won is None
            else self.won.percent | {"level": 0.95},
        }
        if self.interaction_p is not None:
            shown["interaction_p"] = self.interaction_p.estimate
        shown |= _means_record(
            "restricted_mean_difference_months", self.restricted_means
        )
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
        why, counted as simulated and, in percent, weighted to the practice of a year;
        that year; effective sample size.
    published : tuple of mapping
        Published results beside which these stand.
    looks : tuple of LookResult
        Interim and final analyses of a group-sequential trial.
    verdict : TrialVerdict or None
        What is won, and what it takes; None where no arms are compared.
    cautions : tuple of str
        What the numbers do not rest on, a sentence each without its period.
    audit : mapping of str to Any
        What the storeys below report of themselves, and warnings.
    adverse_events : DataFrame
        Events of every patient of every replicate, in CDISC ADAE columns.
    harm : HarmResult
        Events by arm, why treatment ended, and time to deterioration.
    engagement : mapping of str to ArmEngagement
        Exposure and targets by arm, of the first parameter set.
    readers : mapping of str to ReadersDiffer
        By arm, how two readers of the scans agree; empty where there is one.
    decisions : tuple of tuple of Decision
        What each replicate decided at its analyses; summed up in `looks`.
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
    verdict: TrialVerdict | None = None
    cautions: tuple[str, ...] = ()
    adverse_events: pd.DataFrame = field(default_factory=pd.DataFrame)
    harm: HarmResult = field(default_factory=HarmResult)
    engagement: Mapping[str, ArmEngagement] = field(default_factory=dict)
    readers: Mapping[str, ReadersDiffer] = field(default_factory=dict)
    decisions: tuple[tuple[Decision, ...], ...] = ()

    @property
    def sets(self) -> list[int]:
        """Number of the parameter set of each replicate: they take them in turn."""
        count = self.audit["parameter_sets"]
        return [number % count for number in range(self.replicates)]

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
        readers = {name: one.to_json_dict() for name, one in self.readers.items()}
        return {
            "trial": self.trial,
            "seed": self.seed,
            "replicates": self.replicates,
            "model": self.model,
            "parameters": self.parameters,
            **self.overall.to_json_dict(),
            "strata": {name: s.to_json_dict() for name, s in self.strata.items()},
            **({"looks": looks} if looks else {}),
            **({"testing": self.verdict.to_json_dict()} if self.verdict else {}),
            **({"readers": readers} if readers else {}),
            "level": LEVEL,
            "cautions": list(self.cautions),
            "adverse_events": self.harm.to_json_dict(),
            "engagement": {k: one.to_json_dict() for k, one in self.engagement.items()},
            "screening": dict(self.screening),
            "published": [dict(row) for row in self.published],
            "audit": dict(self.audit),
        }
