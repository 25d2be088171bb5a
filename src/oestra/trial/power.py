"""Power and sample size by simulation.

References
----------
.. [1] Burton A, Altman DG, Royston P, Holder RL (2006). The design of simulation
   studies in medical statistics. Stat Med 25:4279-4292. doi:10.1002/sim.2673
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import ValidationError
from scipy.special import ndtri

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.survival.proportion import Proportion, clopper_pearson
from oestra.trial.admissible import check_criterion
from oestra.trial.design import TrialDesign
from oestra.trial.look_summary import LookResult, TrialVerdict
from oestra.trial.result import Estimate
from oestra.trial.run import run_trial
from oestra.trial.stopping import Rules, final_look, rules_of

__all__ = ["PowerPoint", "Required", "power_curve", "required_patients", "vary"]

_MOST_PATIENTS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerPoint:
    """What a trial of one size can show.

    Parameters
    ----------
    patients : int
        Patients in all arms.
    power : Proportion
        Share of replicates in which the first hypothesis of the design is rejected, at
        a look or at the end, with its exact 95 % interval.
    hazard_ratio : Estimate
        Over replicates.
    looks : tuple of LookResult
        Probability of stopping at each analysis.
    verdict : TrialVerdict or None
        Every hypothesis, and expected events, months and patients.
    """

    patients: int
    power: Proportion
    hazard_ratio: Estimate
    looks: tuple[LookResult, ...]
    verdict: TrialVerdict | None = None

    @property
    def percent(self) -> tuple[float, float, float]:
        """Power in percent with its interval: estimate, low, high."""
        found = (self.power.estimate, self.power.low, self.power.high)
        estimate, low, high = (100.0 * (value or 0.0) for value in found)
        return estimate, low, high

    @property
    def futility_percent(self) -> float:
        """Replicates that a look stopped for futility."""
        return sum(look.futility_percent for look in self.looks)

    @property
    def efficacy_percent(self) -> float:
        """Replicates whose first hypothesis was rejected at a look, before the end."""
        return sum(look.efficacy_percent for look in self.looks if not look.final)

    @property
    def events(self) -> float | None:
        """Expected events of the first hypothesis."""
        return None if self.verdict is None else self.verdict.events["mean"]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {
            "patients": self.patients,
            "power": {
                "estimate": self.power.estimate,
                "low": self.power.low,
                "high": self.power.high,
                "level": 0.95,
            },
            "hazard_ratio": self.hazard_ratio.to_json_dict(),
            "futility_percent": self.futility_percent,
            "efficacy_percent": self.efficacy_percent,
            "looks": [look.to_json_dict() for look in self.looks],
            **({} if self.verdict is None else self.verdict.expected()),
        }


def vary(
    design: TrialDesign,
    *,
    enrich: str = "",
    interval_weeks: float | None = None,
    regimens: Mapping[str, str] | None = None,
    library: Library = SHIPPED,
) -> TrialDesign:
    """Return a design with some factors changed.

    Parameters
    ----------
    design : TrialDesign
        The design.
    enrich : str
        A further criterion of eligibility, such as ``'pik3ca != "wild type"'``.
    interval_weeks : float, optional
        Another interval between scans.
    regimens : mapping of str to str, optional
        Other regimens by arm.
    library : Library
        Whose words the criterion may use.

    Returns
    -------
    TrialDesign
        The changed design, checked.

    Raises
    ------
    InputError
        If an arm or a column of the criterion is unknown, or the interval does not
        fit the trial.
    """
    if enrich:
        check_criterion(enrich, design.definitions, where="enrich", library=library)
    data = design.model_dump(exclude_unset=True)
    if enrich:
        data["eligibility"] = (*design.eligibility, enrich)
    if interval_weeks is not None:
        data["visits"]["interval_weeks"] = interval_weeks
        after = data["visits"].get("later_after_weeks")
        if after is not None:
            # A later interval from before the first scan would take its place.
            data["visits"]["later_after_weeks"] = max(after, interval_weeks)
    for name, regimen in (regimens or {}).items():
        if name not in design.arm_ids:
            raise unknown_name("arm", name, design.arm_ids, where=design.id)
        data["arms"][design.arm_ids.index(name)]["regimen"] = regimen
    return _checked(data, design)


def _checked(data: dict[str, Any], design: TrialDesign) -> TrialDesign:
    try:
        return TrialDesign.model_validate(data)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise InputError(f"{design.id}, changed: {reason}.") from None


def _resized(design: TrialDesign, patients: int) -> TrialDesign:
    """Let analyses come after the same share of events as in the planned size."""
    scale = patients / sum(arm.n for arm in design.arms)
    data = design.model_dump(exclude_unset=True)
    _scale_events(data.get("analysis", {}), scale, rules_of(design.analysis))
    # The arms grow with the trial, or more events would be planned than patients.
    for arm in data["arms"]:
        arm["n"] = max(1, round(arm["n"] * scale))
    if design.run_in is not None:
        data["run_in"]["n"] = math.ceil(design.run_in.n * scale)
    groups = data.get("groups", {}).values()
    for group in groups:
        group["n"] = {a: max(1, round(n * scale)) for a, n in group["n"].items()}
    for arm in data["arms"] if groups else ():
        arm["n"] = sum(group["n"].get(arm["id"], 0) for group in groups)
    return _checked(data, design)


def _scale_events(analysis: dict[str, Any], scale: float, rules: Rules) -> None:
    least = 1
    for look in analysis.get("looks", ()):
        look["events"] = max(least, round(look["events"] * scale))
        least = look["events"] + 1
    if analysis.get("final_events") is not None:
        last = least - 1 if final_look(rules) else least
        analysis["final_events"] = max(last, round(analysis["final_events"] * scale))
    for one in analysis.get("hypotheses", {}).values():
        if one.get("events") is not None:
            one["events"] = max(1, round(one["events"] * scale))


def power_curve(
    design: TrialDesign, patients: Sequence[int], *, replicates: int = 200, **run: Any
) -> tuple[PowerPoint, ...]:
    """Estimate the power of a design at several sizes.

    Analyses keep their share of the planned size: half the patients, half the events.

    Parameters
    ----------
    design : TrialDesign
        A design with at least one contrast.
    patients : sequence of int
        Sizes, patients in all arms.
    replicates : int
        Trials simulated a size.
    **run
        What else `run_trial` takes: cohort, seed, workers and so on.

    Returns
    -------
    tuple of PowerPoint
        One a size, in ascending order.

    Raises
    ------
    InputError
        If the design compares no arms or a size is too small.
    """
    if not design.contrasts:
        raise InputError(f"{design.id} compares no arms, so it has no power.")
    points: list[PowerPoint] = []
    for size in sorted(set(patients)):
        plan = _resized(design, size)
        result = run_trial(plan, patients=size, replicates=replicates, **run)
        points.append(
            PowerPoint(
                patients=size,
                power=clopper_pearson(result.audit["won"], replicates),
                hazard_ratio=result.contrasts[0].hazard_ratio,
                looks=result.looks,
                verdict=result.verdict,
            )
        )
    return tuple(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """How many patients reach a power, and what few replicates leave open.

    Parameters
    ----------
    estimate : int
        Patients in all arms.
    low, high : int or None
        95 % limits from the Monte Carlo error of the powers; None where they leave it
        open, as beyond the 100,000 patients that a trial has at most here.
    """

    estimate: int
    low: int | None
    high: int | None

    def text(self) -> str:
        """Write it for people."""
        low = "few" if self.low is None else f"{self.low}"
        high = "an open number" if self.high is None else f"{self.high}"
        return f"{self.estimate} patients (95 % interval {low} to {high})"


def required_patients(
    points: Sequence[PowerPoint], *, power: float = 0.8
) -> Required | None:
    """Interpolate the size that reaches a power.

    The probit of power is linear in the square root of the number of patients where
    the test statistic is normal; a line is fitted through the points, weighted by their
    precision. The limits are those of Fieller: the sizes at which the line, with its
    error, is not told apart from the power wanted.

    Parameters
    ----------
    points : sequence of PowerPoint
        At least two sizes, of powers between 0 and 1.
    power : float
        The power wanted.

    Returns
    -------
    Required or None
        Patients in all arms; None if power does not rise with size.
    """
    if len(points) < 2:
        return None
    n = np.array([point.power.n for point in points], dtype=float)
    count = np.array([point.power.count for point in points], dtype=float)
    share = (count + 0.5) / (n + 1.0)
    probit = ndtri(share)
    density = np.exp(-0.5 * probit**2) / math.sqrt(2 * math.pi)
    weight = n * density**2 / (share * (1 - share))
    root = np.sqrt([float(point.patients) for point in points])
    # Weighted least squares; a library of matrices would add in an order of its own.
    whole = float(weight.sum())
    share_of = weight / whole
    middle, height = float((share_of * root).sum()), float((share_of * probit).sum())
    aside = share_of * (root - middle)
    spread = float((aside * (root - middle)).sum())
    slope = float((aside * (probit - height)).sum()) / spread if spread else 0.0
    if slope <= 0:
        return None
    target = float(ndtri(power)) - height
    needed = middle + target / slope
    low, high = _fieller(target, slope, 1 / whole, 1 / (whole * spread))
    return Required(
        estimate=_patients(needed),
        low=None if low is None else _patients(middle + low),
        high=None if high is None else _bounded(_patients(middle + high)),
    )


def _bounded(patients: int) -> int | None:
    """Return a size that a trial may have; None of one that leaves the limit open."""
    return patients if patients <= _MOST_PATIENTS else None


def _patients(root: float) -> int:
    return math.ceil(max(root, 0.0) ** 2)


def _fieller(
    target: float, slope: float, of_height: float, of_slope: float
) -> tuple[float | None, float | None]:
    """Return where a line of independent height and slope may reach a height."""
    z2 = float(ndtri(0.975)) ** 2
    a = slope**2 - z2 * of_slope
    b = -target * slope
    c = target**2 - z2 * of_height
    if a <= 0:
        return None, None
    half = math.sqrt(max(b * b - a * c, 0.0))
    return (-b - half) / a, (-b + half) / a
