"""HORIZON against BOLERO-2: the schedule, or the line of therapy.

One trial gave an mTOR inhibitor five days in fourteen to patients who had taken no
aromatase inhibitor, and failed; the other gave one daily after such an inhibitor had
failed, and succeeded. Exchanging the regimens between the trials tells the two apart;
everolimus on HORIZON's schedule tells the drug from its schedule.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.objective import Objective
from oestra.calibration.residual import endpoint_residual
from oestra.history.cohort import Cohort
from oestra.trial.design import TrialDesign
from oestra.trial.designs import find_design
from oestra.trial.observe import observe_arms

__all__ = ["Crossed", "Crossing", "cross_trials", "crossings"]

_FAILED, _SUCCEEDED = "HORIZON", "BOLERO-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A trial with an mTOR inhibitor of its own or of the other trial.

    Parameters
    ----------
    inhibitor : str
        Drug, dose and days.
    own : bool
        Whether the trial gave it.
    design : TrialDesign
        The trial; only the regimen of its experimental arm is changed. Trial and arms
        keep their ids, and so patients, their chance and the rows of endpoints.
    """

    inhibitor: str
    own: bool
    design: TrialDesign


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """What a trial shows with an mTOR inhibitor of its own or of the other trial.

    Parameters
    ----------
    trial : str
        Whose patients, endocrine therapy, visits and criteria these are.
    endocrine, inhibitor : str
        Drug, dose and days of the control arm, and of what is added to it.
    own : bool
        Whether the trial gave that inhibitor.
    published : float or None
        Its published hazard ratio, where the inhibitor is its own.
    hazard_ratio : float
        Of progression-free survival.
    median_months, control_median_months : float
        Median progression-free survival with and without the inhibitor, months.
    """

    trial: str
    endocrine: str
    inhibitor: str
    own: bool
    published: float | None
    hazard_ratio: float
    median_months: float
    control_median_months: float


def _inhibitor(design: TrialDesign) -> str:
    """Return what the experimental arm takes besides the therapy of the control."""
    treated, control = design.arms
    return treated.regimen.removeprefix(f"{control.regimen} + ")


def _with_inhibitor(design: TrialDesign, inhibitor: str) -> TrialDesign:
    treated, control = design.arms
    changed = treated.model_copy(
        update={
            "label": f"{control.regimen.split()[0]} + {inhibitor}",
            "regimen": f"{control.regimen} + {inhibitor}",
        }
    )
    return design.model_copy(update={"arms": (changed, control)})


def crossings() -> tuple[Crossing, ...]:
    """Return each trial with each inhibitor, HORIZON's first.

    The three are HORIZON's temsirolimus, BOLERO-2's everolimus on HORIZON's schedule,
    and everolimus daily.
    """
    trials = [find_design(name) for name in (_FAILED, _SUCCEEDED)]
    temsirolimus, everolimus = (_inhibitor(design) for design in trials)
    days = temsirolimus[temsirolimus.index(" daily ") :]
    slow = everolimus.removesuffix(" daily") + days
    return tuple(
        Crossing(
            inhibitor=inhibitor,
            own=inhibitor == _inhibitor(design),
            design=_with_inhibitor(design, inhibitor),
        )
        for design in trials
        for inhibitor in (temsirolimus, slow, everolimus)
    )


def cross_trials(
    objective: Objective, z: NDArray[np.float64], *, workers: int = 1
) -> tuple[Crossed, ...]:
    """Simulate HORIZON and BOLERO-2 with each other's schedule.

    Parameters
    ----------
    objective : Objective
        Patients, seed and parameters that are not fitted.
    z : ndarray, shape (k,)
        Standardized parameters.
    workers : int
        Threads; the result does not depend on it.

    Returns
    -------
    tuple of Crossed
        In the order of `crossings`, with the estimates that the fit compares.
    """
    cohort = objective.cohort(z, workers=workers)
    with ThreadPoolExecutor(workers) as pool:
        return tuple(
            pool.map(lambda one: _measure(objective, cohort, one), crossings())
        )


def _measure(objective: Objective, cohort: Cohort, crossing: Crossing) -> Crossed:
    design = crossing.design
    rows = [row for row in objective.rows if row.trial == design.id]
    seen = observe_arms(
        design,
        cohort,
        {row.stratum for row in rows},
        seed=objective.seed,
        most=objective.most,
        draws=objective.draws,
    )
    treated, control = design.arm_ids
    compared = {
        (row.kind, row.arm): row
        for row in rows
        if row.stratum == "ITT" and row.kind in {"hazard_ratio", "median"}
    }
    value = {key: endpoint_residual(row, seen)[1] for key, row in compared.items()}
    ratio = ("hazard_ratio", treated)
    return Crossed(
        trial=design.id,
        endocrine=design.arm(control).regimen,
        inhibitor=crossing.inhibitor,
        own=crossing.own,
        published=compared[ratio].estimate if crossing.own else None,
        hazard_ratio=value[ratio],
        median_months=value["median", treated],
        control_median_months=value["median", control],
    )
