"""What a regimen sets in the cells of patients: the share held of each target."""

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.library import SHIPPED, Library
from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.drugs.action import TargetAction
from oestra.drugs.component import Component
from oestra.drugs.cycle_occupancy import mean_occupancy
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects, deviate_names
from oestra.drugs.target import find_lever
from oestra.engagement.occupancy import Engaged
from oestra.engagement.target_load import target_load

__all__ = ["drug_loads", "drug_ramps", "pk_subjects"]

Array = NDArray[np.float64]
Loads = dict[str, Array]
_STEADY_DAYS = np.array([1400.0, 1456.0])
"""Eight weeks, whole cycles of every schedule, when all drugs are at steady state."""
_ENDED = 1e-3
"""Share of the peak load below which a course is over rather than steady."""


def pk_subjects(
    covariates: pd.DataFrame,
    regimen: Regimen,
    streams: Streams,
    *,
    least_adherence: float = 1.0,
) -> PkSubjects:
    """Describe patients to pharmacokinetics.

    Parameters
    ----------
    covariates : DataFrame, n rows
        Traits of patients, indexed by patient number.
    regimen : Regimen
        What they take, to know whose kinetics vary.
    streams : Streams
        Source of chance; a patient's kinetics are hers for life.
    least_adherence : float
        Share of doses that everybody takes; 1 as in a trial or with metastatic disease.

    Returns
    -------
    PkSubjects
        Body, phenotype and deviates.
    """
    ids = covariates.index.to_numpy()
    names = sorted({n for c in regimen.components for n in deviate_names(c.drug)})
    taken = covariates["adherence"].to_numpy(dtype=float)
    return PkSubjects(
        weight=covariates["weight_kg"].to_numpy(dtype=float),
        surface=covariates["surface_m2"].to_numpy(dtype=float),
        adherence=np.maximum(taken, least_adherence),
        cyp2d6=covariates["cyp2d6"].to_numpy(dtype=str),
        deviates={name: streams.normal(name, ids)[:, 0] for name in names},
    )


def _held(
    component: Component, target: str, subjects: PkSubjects, accumulation: float
) -> tuple[Array, TargetAction]:
    """Return the share of a target held, and what the drug does to it."""
    drug = component.drug
    action = next(iter(drug.actions(target).values()))
    own = drug.tumor_to_plasma.value if drug.tumor_to_plasma else 1.0
    potency = action.potency.value / (accumulation * own)
    return mean_occupancy(component, target, subjects, potency=potency), action


def _accumulation(
    component: Component, of_class: str, parameters: ParameterSet
) -> float:
    """Return a fitted factor on the level of a drug, its class's times its own."""
    names = (of_class, f"exposure_{component.drug.id}")
    return math.prod(parameters[name] for name in names if name in parameters)


def drug_loads(
    regimen: Regimen, subjects: PkSubjects, parameters: ParameterSet
) -> Loads:
    """Return what a regimen sets in the cell at steady state.

    Parameters
    ----------
    regimen : Regimen
        The drugs and their schedule.
    subjects : PkSubjects
        The patients.
    parameters : ParameterSet
        Accumulation in the tumor and killing rates.

    Returns
    -------
    dict of str to ndarray, shape (patients,)
        Values of the cell's drug parameters: drugs that compete for a target share it
        by their loads; intermittent schedules enter by the share of time the target
        is held. Metabolites act with the drug they form from.
    """
    engaged = Engaged()
    for component in regimen.components:
        for target in component.drug.acts_on:
            lever = find_lever(target, parameters.library)
            scale = _accumulation(component, lever.accumulation, parameters)
            held, action = _held(component, target, subjects, scale)
            effect = engaged.add(lever, held, action)
            if lever.kill:
                engaged.kill(lever, parameters[lever.kill_rate] * effect)
    return engaged.values()


def drug_ramps(
    regimen: Regimen, subjects: PkSubjects, edges: Array, library: Library = SHIPPED
) -> Loads:
    """Return how far each load of a regimen is from its steady state over time.

    Depots and long half-lives take weeks to months, loading doses shorten that.

    Parameters
    ----------
    regimen : Regimen
        The drugs and their schedule.
    subjects : PkSubjects
        The patients.
    edges : ndarray, shape (periods + 1,)
        Days between which to average.
    library : Library
        Whose targets.

    Returns
    -------
    dict of str to ndarray, shape (patients, periods)
        Load over load at steady state, by parameter of the cell.
    """
    if not regimen.components:
        return {}
    early = target_load(regimen, edges, subjects)
    late = target_load(regimen, _STEADY_DAYS, subjects)
    return {
        find_lever(target, library).parameter: _relative(load, late[target])
        for target, load in early.items()
        if find_lever(target, library).is_load
    }


def _relative(load: Array, steady: Array) -> Array:
    """Divide loads by their steady state; by their peak where the course has ended."""
    peak = load.max(axis=1, keepdims=True)
    whole = np.where(steady > _ENDED * peak, steady, peak)
    return load / np.maximum(whole, 1e-300)
