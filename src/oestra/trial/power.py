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
from oestra.trial.looks import LookResult
from oestra.trial.result import Estimate
from oestra.trial.run import run_trial

__all__ = ["PowerPoint", "power_curve", "required_patients", "vary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerPoint:
    """What a trial of one size can show.

    Parameters
    ----------
    patients : int
        Patients in all arms.
    power : Proportion
        Share of replicates in which the first contrast of the design is won in the
        primary endpoint, at a look or at the data cut at a two-sided 0.05, with its
        exact 95 % interval.
    hazard_ratio : Estimate
        Over replicates.
    looks : tuple of LookResult
        Probability of stopping at each look.
    """

    patients: int
    power: Proportion
    hazard_ratio: Estimate
    looks: tuple[LookResult, ...]

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
        """Replicates that a look stopped for efficacy."""
        return sum(look.efficacy_percent for look in self.looks)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {
            "patients": self.patients,
            "power": {
                "estimate": self.power.estimate,
                "low": self.power.low,
                "high": self.power.high,
            },
            "hazard_ratio": self.hazard_ratio.to_json_dict(),
            "futility_percent": self.futility_percent,
            "efficacy_percent": self.efficacy_percent,
            "looks": [look.to_json_dict() for look in self.looks],
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
    """Let looks come after the same share of events as in the planned size."""
    planned = sum(arm.n for arm in design.arms)
    data = design.model_dump(exclude_unset=True)
    least = 1
    for look in data.get("analysis", {}).get("looks", ()):
        look["events"] = max(least, round(look["events"] * patients / planned))
        least = look["events"] + 1
    return _checked(data, design)


def power_curve(
    design: TrialDesign, patients: Sequence[int], *, replicates: int = 200, **run: Any
) -> tuple[PowerPoint, ...]:
    """Estimate the power of a design at several sizes.

    Looks keep their share of the planned size: half the patients, half the events.

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
            )
        )
    return tuple(points)


def required_patients(
    points: Sequence[PowerPoint], *, power: float = 0.8
) -> int | None:
    """Interpolate the size that reaches a power.

    The probit of power is linear in the square root of the number of patients where
    the test statistic is normal; a line is fitted through the points, weighted by their
    precision.

    Parameters
    ----------
    points : sequence of PowerPoint
        At least two sizes, of powers between 0 and 1.
    power : float
        The power wanted.

    Returns
    -------
    int or None
        Patients in all arms; None if power does not rise with size.
    """
    n = np.array([point.power.n for point in points], dtype=float)
    count = np.array([point.power.count for point in points], dtype=float)
    share = (count + 0.5) / (n + 1.0)
    probit = ndtri(share)
    density = np.exp(-0.5 * probit**2) / math.sqrt(2 * math.pi)
    weight = n * density**2 / (share * (1 - share))
    root = np.sqrt([float(point.patients) for point in points])
    if len(points) < 2:
        return None
    # Weighted least squares; a library of matrices would add in an order of its own.
    share_of = weight / weight.sum()
    middle, height = float((share_of * root).sum()), float((share_of * probit).sum())
    aside = share_of * (root - middle)
    spread = float((aside * (root - middle)).sum())
    slope = float((aside * (probit - height)).sum()) / spread if spread else 0.0
    level = height - slope * middle
    if slope <= 0:
        return None
    needed = (float(ndtri(power)) - level) / slope
    return math.ceil(max(needed, 0.0) ** 2)
