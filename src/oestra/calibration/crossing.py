"""Two trials with treatments exchanged: what the drug does, and what the patients.

Where one trial failed and another succeeded with a like treatment in other patients,
giving each treatment to both tells the two apart; a third treatment between them tells,
for instance, a drug from its schedule. Which trials, stands in `exchanges.yaml`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.exchange import Exchange, added_regimen
from oestra.calibration.objective import Objective
from oestra.calibration.residual import endpoint_residual
from oestra.history.cohort import Cohort
from oestra.trial.design import TrialDesign
from oestra.trial.designs import find_design
from oestra.trial.observe import observe_arms
from oestra.work.each import Workers, in_order

__all__ = ["Crossed", "Crossing", "Exchanged", "cross_trials", "crossings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A trial that adds to its control what it gave, or something else.

    Parameters
    ----------
    added : str
        Drug, dose and days.
    own : bool
        Whether the trial gave it.
    design : TrialDesign
        The trial; only the regimen of its experimental arm is changed. Trial and arms
        keep their ids, and so patients, their chance and the rows of endpoints.
    """

    added: str
    own: bool
    design: TrialDesign


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """What a trial shows with something added to its control.

    Parameters
    ----------
    trial : str
        Whose patients, control therapy, visits and criteria these are.
    control, added : str
        Drug, dose and days of the control arm, and of what is added to it.
    own : bool
        Whether the trial added that.
    published : float or None
        Its published hazard ratio, where it did.
    hazard_ratio : float
        Of progression-free survival.
    median_months, control_median_months : float
        Median progression-free survival with and without what is added, months.
    """

    trial: str
    control: str
    added: str
    own: bool
    published: float | None
    hazard_ratio: float
    median_months: float
    control_median_months: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """Two trials with their treatments exchanged, and what they show.

    Parameters
    ----------
    exchange : Exchange
        Which trials, and what is exchanged.
    crossed : tuple of Crossed
        In the order of `crossings`.
    """

    exchange: Exchange
    crossed: tuple[Crossed, ...]


def _with_added(design: TrialDesign, added: str) -> TrialDesign:
    treated, control = design.arms
    changed = treated.model_copy(
        update={
            "label": f"{control.regimen.split()[0]} + {added}",
            "regimen": f"{control.regimen} + {added}",
        }
    )
    return design.model_copy(update={"arms": (changed, control)})


def crossings(exchange: Exchange) -> tuple[Crossing, ...]:
    """Return each trial with each treatment, the first trial and its own first.

    Parameters
    ----------
    exchange : Exchange
        Which trials, and what is exchanged.

    Returns
    -------
    tuple of Crossing
        Three for each trial: with what the first adds to its control, with what stands
        between the two, and with what the second adds.
    """
    return tuple(
        Crossing(
            added=added,
            own=added == added_regimen(design),
            design=_with_added(design, added),
        )
        for design in map(find_design, exchange.trials)
        for added in exchange.added
    )


def cross_trials(
    objective: Objective,
    z: NDArray[np.float64],
    chosen: Sequence[Exchange],
    *,
    workers: Workers = 1,
) -> tuple[Exchanged, ...]:
    """Simulate pairs of trials with each other's treatment.

    Parameters
    ----------
    objective : Objective
        Patients, seed and parameters that are not fitted.
    z : ndarray, shape (k,)
        Standardized parameters.
    chosen : sequence of Exchange
        The pairs.
    workers : int or Executor
        Threads, or who does the work; the result does not depend on it.

    Returns
    -------
    tuple of Exchanged
        One a pair, with the estimates that the fit compares.
    """
    cohort = objective.cohort(z, workers=workers)
    found: list[Exchanged] = []
    for exchange in chosen:
        calls = ((objective, cohort, one) for one in crossings(exchange))
        with in_order(workers, _measure, calls) as results:
            found.append(Exchanged(exchange=exchange, crossed=tuple(results)))
    return tuple(found)


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
        control=design.arm(control).regimen,
        added=crossing.added,
        own=crossing.own,
        published=compared[ratio].estimate if crossing.own else None,
        hazard_ratio=value[ratio],
        median_months=value["median", treated],
        control_median_months=value["median", control],
    )
