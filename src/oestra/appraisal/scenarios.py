"""Trials side by side: every arm against one of them, and each trial's hazard ratio.

Replicates of all trials that were run with one seed and one population take the same
parameter sets in turn, so that a difference is taken replicate by replicate and what
all trials share cancels out of its interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from oestra.appraisal.between_arms import (
    Times,
    arm_times,
    median_gain,
    ratio_between,
)
from oestra.core.errors import InputError
from oestra.trial.arm_engagement import ArmEngagement
from oestra.trial.design import TimeToEvent, TrialDesign
from oestra.trial.endpoints import median_of
from oestra.trial.estimate import Estimate
from oestra.trial.result import ContrastResult, TrialResult

__all__ = ["ScenarioArm", "Scenarios", "check_scenarios", "compare_scenarios"]

_RATES = ("orr_percent", "cbr_percent")
_NONE = Estimate(estimate=None, low=None, high=None, reason="the reference itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioArm:
    """One arm of one trial beside the others.

    Parameters
    ----------
    trial, arm, label : str
        Ids of trial and arm, and its treatment.
    n : int
        Patients a replicate.
    endpoints : mapping of str to Estimate
        Median, response and clinical benefit where reported.
    hazard_ratio : Estimate
        Against the reference arm.
    gain_months : Estimate
        Median less that of the reference arm.
    engagement : ArmEngagement
        Exposure to its drugs, and the share they take of their targets.
    """

    trial: str
    arm: str
    label: str
    n: int
    endpoints: dict[str, Estimate]
    hazard_ratio: Estimate
    gain_months: Estimate
    engagement: ArmEngagement = field(default_factory=ArmEngagement)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {
            "trial": self.trial,
            "arm": self.arm,
            "label": self.label,
            "n": self.n,
            **{name: one.to_json_dict() for name, one in self.endpoints.items()},
            "hazard_ratio": self.hazard_ratio.to_json_dict(),
            "median_gain_months": self.gain_months.to_json_dict(),
            **self.engagement.to_json_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenarios:
    """Trials side by side.

    Parameters
    ----------
    endpoint : TimeToEvent
        What all report, such as ``pfs``.
    reference : tuple of str
        Trial and arm against which all arms stand.
    arms : tuple of ScenarioArm
        In the order of the trials.
    contrasts : tuple of (str, ContrastResult)
        What each trial compares in that endpoint, with its id.
    """

    endpoint: TimeToEvent
    reference: tuple[str, str]
    arms: tuple[ScenarioArm, ...]
    contrasts: tuple[tuple[str, ContrastResult], ...]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {
            "endpoint": self.endpoint.value,
            "reference": dict(zip(("trial", "arm"), self.reference, strict=True)),
            "arms": [arm.to_json_dict() for arm in self.arms],
            "contrasts": [
                {"trial": trial, **one.to_json_dict()} for trial, one in self.contrasts
            ],
        }

    def table(self) -> pd.DataFrame:
        """Return the arms as a table, a row each."""
        rows = []
        for arm in self.arms:
            row: dict[str, Any] = {"trial": arm.trial, "arm": arm.arm, "n": arm.n}
            shown = {
                **arm.endpoints,
                "hazard_ratio": arm.hazard_ratio,
                "median_gain_months": arm.gain_months,
            }
            for name, one in shown.items():
                row |= {name: one.estimate, f"{name}_low": one.low}
                row[f"{name}_high"] = one.high
            row |= _engaged(arm.engagement)
            rows.append(row)
        return pd.DataFrame(rows)


def _engaged(known: ArmEngagement) -> dict[str, float]:
    """Return columns of exposures and of targets taken, in percent."""
    found: dict[str, float] = {}
    for kind, scale, values in (
        ("exposure", 1.0, known.exposure),
        ("taken_percent", 100.0, known.targets),
    ):
        for name, one in values.items():
            key = f"{kind} {name}"
            found |= {key: scale * one.median, f"{key}_low": scale * one.low}
            found[f"{key}_high"] = scale * one.high
    return found


def compare_scenarios(
    results: Sequence[TrialResult], designs: Sequence[TrialDesign]
) -> Scenarios:
    """Set trials that were run alike side by side.

    Parameters
    ----------
    results : sequence of TrialResult
        At least one, of one seed, number of replicates and population.
    designs : sequence of TrialDesign
        Theirs.

    Returns
    -------
    Scenarios
        The reference is the control of the first comparison of the first trial, or its
        first arm where nothing is compared.

    Raises
    ------
    InputError
        As `check_scenarios` raises.
    """
    endpoint = check_scenarios(designs)
    first = designs[0]
    reference = first.contrasts[0].control if first.contrasts else first.arm_ids[0]
    sets = results[0].sets
    own = arm_times(results[0], endpoint, reference)
    arms = [
        _arm(
            result, arm, endpoint, own if (place, arm) != (0, reference) else None, sets
        )
        for place, result in enumerate(results)
        for arm in result.arms
    ]
    return Scenarios(
        endpoint=endpoint,
        reference=(first.id, reference),
        arms=tuple(arms),
        contrasts=tuple(
            (result.trial, one)
            for result in results
            for one in result.contrasts
            if one.endpoint == endpoint
        ),
    )


def check_scenarios(designs: Sequence[TrialDesign]) -> TimeToEvent:
    """Return the endpoint in which trials are compared.

    Parameters
    ----------
    designs : sequence of TrialDesign
        The trials.

    Returns
    -------
    TimeToEvent
        The first that all report, in the order of the first trial.

    Raises
    ------
    InputError
        If two have one id, or they report no time to an event in common.
    """
    names = [design.id for design in designs]
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                f"{name} is given more than once; each trial that is compared needs an "
                "id of its own."
            )
    for endpoint in designs[0].endpoints:
        if all(endpoint in design.endpoints for design in designs):
            return endpoint
    reported = "; ".join(
        f"{one.id} reports {', '.join(e.value.upper() for e in one.endpoints)}"
        for one in designs
    )
    raise InputError(f"These trials have no time to an event in common: {reported}.")


def _arm(
    result: TrialResult,
    arm: str,
    endpoint: TimeToEvent,
    own: Sequence[Times] | None,
    sets: Sequence[int],
) -> ScenarioArm:
    """Sum up an arm beside the reference, which has nothing to stand beside."""
    known = result.arms[arm]
    names = (median_of(endpoint).name, *_RATES)
    times = arm_times(result, endpoint, arm)
    return ScenarioArm(
        trial=result.trial,
        arm=arm,
        label=known.label,
        n=known.n,
        endpoints={k: known.endpoints[k] for k in names if k in known.endpoints},
        hazard_ratio=_NONE if own is None else ratio_between(times, own, sets),
        gain_months=_NONE if own is None else median_gain(times, own, sets),
        engagement=result.engagement.get(arm, ArmEngagement()),
    )
