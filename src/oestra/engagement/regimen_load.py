"""What a regimen sets in the cells of patients: the share held of each target."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.core.vocabulary import Target
from oestra.drugs.occupancy import mean_occupancy
from oestra.drugs.regimen import Regimen
from oestra.drugs.schedule import Component
from oestra.drugs.subjects import PkSubjects, deviate_names
from oestra.engagement.competition import add_occupancy
from oestra.engagement.lever import LEVERS
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


def _occupancy(
    component: Component, target: Target, subjects: PkSubjects, accumulation: float
) -> Array:
    action = next(iter(component.drug.actions(target).values()))
    potency = action.potency.value / accumulation
    share = mean_occupancy(component, target, subjects, potency=potency)
    most = action.max_effect.value if LEVERS[target].capped else 1.0
    return np.clip(share * most, 0.0, 1.0 - 1e-9)


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
        Values of the cell's drug parameters: loads of inhibitors that share a target
        add; intermittent schedules enter by the share of time the target is held.
    """
    loads: Loads = {}
    for component in regimen.components:
        for target in component.drug.acts_on:
            lever = LEVERS[target]
            held = _occupancy(
                component, target, subjects, parameters[lever.accumulation]
            )
            if lever.kill:
                rate = parameters[lever.kill.replace("kill_", "kill_rate_")]
                loads[lever.kill] = loads.get(lever.kill, 0.0) + rate * held
            add_occupancy(loads, lever, held)
    return loads


def drug_ramps(regimen: Regimen, subjects: PkSubjects, edges: Array) -> Loads:
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
        LEVERS[target].parameter: _relative(load, late[target])
        for target, load in early.items()
        if LEVERS[target].parameter.startswith("load_")
    }


def _relative(load: Array, steady: Array) -> Array:
    """Divide loads by their steady state; by their peak where the course has ended."""
    peak = load.max(axis=1, keepdims=True)
    whole = np.where(steady > _ENDED * peak, steady, peak)
    return load / np.maximum(whole, 1e-300)
