"""How large a trial must be: the levels of its factors, each with its power curve."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.trial.candidates import candidates
from oestra.trial.case_mix import weigh
from oestra.trial.design import TrialDesign
from oestra.trial.eligibility import screen
from oestra.trial.power import (
    PowerPoint,
    Required,
    power_curve,
    required_patients,
    vary,
)
from oestra.trial.run import Population
from oestra.trial.two_alleles import population_of

__all__ = ["Factors", "Level", "Sizing", "eligible_percent", "levels", "size_trial"]

_DOUBLINGS = 4
_FEWEST = 10
"""Fewest patients an arm that a search tries."""
_REACH = 2.0
"""How far beyond the simulated sizes a required size is still told."""
_NEAR = 0.1
Curve = Callable[[Sequence[int]], tuple[PowerPoint, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """What of a design is varied; all combinations are tried.

    Parameters
    ----------
    enrich : tuple of str
        Further criteria of eligibility, each tried besides none.
    interval_weeks : tuple of float
        Intervals between scans, instead of that of the design.
    regimens : tuple of mapping of str to str
        Other regimens by arm, each tried besides those of the design.
    """

    enrich: tuple[str, ...] = ()
    interval_weeks: tuple[float, ...] = ()
    regimens: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One combination of factors: its name for people, and the design it gives."""

    label: str
    design: TrialDesign


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """What was found for one level.

    Parameters
    ----------
    label : str
        The level.
    eligible_percent : float
        Share of the patients of the design as written who may enter.
    points : tuple of PowerPoint
        Power by size, ascending.
    required : Required or None
        Patients in all arms for the power wanted, with what few replicates leave open.
    reason : str
        Why there is no such size, empty otherwise.
    """

    label: str
    eligible_percent: float
    points: tuple[PowerPoint, ...]
    required: Required | None
    reason: str = field(default="")

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        shown: dict[str, Any] = {
            "level": self.label,
            "eligible_percent": self.eligible_percent,
            "required_patients": self.required and self.required.estimate,
            "required_patients_interval": self.required
            and {"low": self.required.low, "high": self.required.high, "level": 0.95},
            "points": [point.to_json_dict() for point in self.points],
        }
        return shown | {"reason": self.reason} if self.reason else shown


def _label(enrich: str, weeks: float | None, regimens: Mapping[str, str]) -> str:
    parts = [f"only {enrich}"] if enrich else []
    parts += [] if weeks is None else [f"scans every {weeks:g} weeks"]
    parts += [f"{arm}: {regimen}" for arm, regimen in regimens.items()]
    return ", ".join(parts) or "as designed"


def levels(
    design: TrialDesign, factors: Factors, library: Library = SHIPPED
) -> tuple[Level, ...]:
    """Combine the levels of all factors.

    Parameters
    ----------
    design : TrialDesign
        The design as written.
    factors : Factors
        What to vary.
    library : Library
        Whose words further criteria may use.

    Returns
    -------
    tuple of Level
        Every combination, the design as written first unless it is replaced.

    Raises
    ------
    InputError
        If a factor does not fit the design.
    """
    combinations = product(
        ("", *factors.enrich),
        factors.interval_weeks or (None,),
        ({}, *factors.regimens),
    )
    return tuple(
        Level(
            label=_label(enrich, weeks, regimens),
            design=vary(
                design,
                enrich=enrich,
                interval_weeks=weeks,
                regimens=regimens,
                library=library,
            ),
        )
        for enrich, weeks, regimens in combinations
    )


def eligible_percent(
    design: TrialDesign, changed: TrialDesign, population: Population
) -> float:
    """Return what share of a trial's patients a changed design admits.

    Parameters
    ----------
    design, changed : TrialDesign
        The trial as written, and with further criteria.
    population : Population
        Whom it recruits from.

    Returns
    -------
    float
        Percent, weighted to the case-mix of the trial as written.
    """
    # Columns that the further criteria alone ask for, such as those of an assay.
    further = set(changed.eligibility) - set(design.eligibility)
    named = {f"further {number}": text for number, text in enumerate(sorted(further))}
    asked = design.model_copy(update={"subgroups": {**design.subgroups, **named}})
    decisions = candidates(asked, population_of(asked, population))
    base = weigh(design, decisions, screen(design, decisions).rows)
    admitted = np.isin(base.rows, screen(changed, decisions).rows)
    return 100.0 * float(base.weight[admitted].sum() / base.weight.sum())


def _search(design: TrialDesign, target: float, curve: Curve) -> list[PowerPoint]:
    """Double or halve the planned size until the power wanted lies between two."""
    size = sum(arm.n for arm in design.arms)
    fewest = _FEWEST * len(design.arms)
    found = list(curve([size]))
    enough = found[0].percent[0] >= 100 * target
    for _ in range(_DOUBLINGS):
        size = size // 2 if enough else 2 * size
        if size < fewest:
            break
        found += curve([size])
        if (found[-1].percent[0] >= 100 * target) != enough:
            break
    needed, _ = _required(found, target)
    if needed is not None and all(
        abs(needed.estimate / point.patients - 1) > _NEAR for point in found
    ):
        found += curve([needed.estimate])
    return sorted(found, key=lambda point: point.patients)


def _required(
    points: Sequence[PowerPoint], target: float
) -> tuple[Required | None, str]:
    sizes = [point.patients for point in points]
    wanted = f"{100 * target:.0f} %"
    if all(point.percent[0] >= 100 * target for point in points):
        return None, f"{wanted} or more with {min(sizes)} patients already"
    needed = required_patients(points, power=target)
    if needed is None:
        return None, "two sizes are needed" if len(points) < 2 else (
            f"power does not rise with size up to {max(sizes)} patients"
        )
    if needed.estimate > _REACH * max(sizes):
        return None, f"less than {wanted} with {max(sizes)} patients by far"
    return needed, ""


def size_trial(
    level: Level,
    base: TrialDesign,
    *,
    cohort: Sequence[Population],
    patients: Sequence[int] = (),
    target: float = 0.8,
    replicates: int = 100,
    **run: Any,
) -> Sizing:
    """Find how many patients one level needs, or its power at given sizes.

    Parameters
    ----------
    level : Level
        The design to size.
    base : TrialDesign
        The design as written.
    cohort : sequence of Population
        One population a parameter set.
    patients : sequence of int
        Sizes, patients in all arms; by default the planned size is doubled or halved
        until the power wanted lies between two sizes, then the size between is run.
    target : float
        The power wanted, above 0 and below 1.
    replicates : int
        Trials simulated a size.
    **run
        What else `run_trial` takes.

    Returns
    -------
    Sizing
        Power by size and the size required.

    Raises
    ------
    InputError
        If the design compares no arms, nobody is eligible or a size is too small.
    """
    if not 0 < target < 1:
        raise InputError(f"A power lies between 0 and 1, got {target:g}.")

    def curve(sizes: Sequence[int]) -> tuple[PowerPoint, ...]:
        return power_curve(
            level.design, sizes, replicates=replicates, cohort=cohort, **run
        )

    points = curve(patients) if patients else _search(level.design, target, curve)
    required, reason = _required(points, target)
    return Sizing(
        label=level.label,
        eligible_percent=eligible_percent(base, level.design, cohort[0]),
        points=tuple(points),
        required=required,
        reason=reason,
    )
