"""What each parameter set predicts of the numbers of a trial, and how surely.

Each set is run on two populations of its own. Their mean is what it predicts; how far
they lie apart, over all sets, is the error of a finite population and of finitely many
simulated trials.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.updating.datum import Data, Datum
from oestra.core.errors import OestraError
from oestra.core.parameter_set import ParameterSet
from oestra.core.progress import Progress
from oestra.core.units import DAYS_PER_MONTH
from oestra.evidence.vocabulary import EndpointKind
from oestra.history.store import COHORT_SEED, ENSEMBLE_PATIENTS, load_cohort
from oestra.trial.assumption import assumptions
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import find_endpoint
from oestra.trial.enroll import check_groups
from oestra.trial.recipe import Recipe
from oestra.trial.replicate import Replicate, run_replicate
from oestra.work.each import Workers, in_order

__all__ = ["Predicted", "Task", "predict_sets", "slopes", "with_landmarks"]

Array = NDArray[np.float64]
_POOLS = 2
_APART = 5_000
"""Between the seeds of the first and the second population of a set."""
_PATIENTS = 1_400
"""Patients that are simulated for each set, at least, over its populations."""
_FURTHEST = 3.0
"""Log of a hazard ratio where one arm has no event."""
_EFFECT = 0.3
"""Log factor on growth over which slopes are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One parameter set to run.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    parameters : ParameterSet
        The set.
    index : int
        Its number in the ensemble, by which its populations are seeded.
    items : tuple of Datum
        What is predicted.
    seed : int
        Seed of chance on trial.
    growth_effect : float
        Log factor on the pace of all tumors.
    """

    design: TrialDesign
    parameters: ParameterSet
    index: int
    items: tuple[Datum, ...]
    seed: int
    growth_effect: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """Predictions of several sets.

    Parameters
    ----------
    index : ndarray of int64, shape (s,)
        Numbers of the sets that could be run.
    mean : ndarray of float64, shape (s, m)
        What each predicts, on the scales of the numbers.
    noise : ndarray of float64, shape (m, m)
        Monte Carlo covariance of one such prediction.
    told : tuple of str
        Why sets could not be run, a sentence each without its period.
    """

    index: NDArray[np.int64]
    mean: Array
    noise: Array
    told: tuple[str, ...] = ()


def with_landmarks(design: TrialDesign, items: Sequence[Datum]) -> TrialDesign:
    """Return a design that reports the landmarks among some numbers."""
    months = dict.fromkeys(one.at_months for one in items if one.at_months)
    analysis = design.analysis.model_copy(update={"landmarks_months": tuple(months)})
    return design.model_copy(update={"analysis": analysis})


def _longest(run: Replicate) -> float:
    """Return the longest follow-up of a replicate, months."""
    return float(run.patients["AVAL"].max()) / DAYS_PER_MONTH


def _read(item: Datum, run: Replicate, design: TrialDesign) -> float:
    """Return a number of a replicate on its scale."""
    if item.control:
        pairs = [(one.arm, one.control) for one in design.contrasts]
        at = pairs.index((item.arm, item.control))
        found = run.contrasts[item.stratum, at, item.of].hazard_ratio.rank
        if found is None:
            return np.nan
        if found <= 0 or not np.isfinite(found):
            return -_FURTHEST if found <= 0 else _FURTHEST
        return float(np.clip(np.log(found), -_FURTHEST, _FURTHEST))
    arm = run.arms[item.stratum, item.arm]
    if item.kind is EndpointKind.LANDMARK:
        value = arm.landmarks[item.at_months].rank
    else:
        value = arm.endpoints[item.endpoint].rank
    if value is None:
        return np.nan
    # A median that was not reached lies beyond all that was followed.
    value = value if np.isfinite(value) else _longest(run)
    return float(find_endpoint(item.endpoint).scale.to(value))


def run_task(task: Task) -> Array | str:
    """Run a set on its populations.

    Parameters
    ----------
    task : Task
        What to run.

    Returns
    -------
    ndarray of float64, shape (2, m), or str
        What each population gives, on the scales of the numbers; or why the set cannot
        be run.
    """
    size = sum(arm.n for arm in task.design.arms)
    times = max(1, int(np.ceil(_PATIENTS / (_POOLS * size))))
    rows: list[Array] = []
    for pool in range(_POOLS):
        seed = COHORT_SEED + task.index + pool * _APART
        try:
            cohort = load_cohort(
                task.parameters, n=ENSEMBLE_PATIENTS, seed=seed, workers=1
            )
            recipe = Recipe(
                design=task.design,
                pool=cohort,
                seed=task.seed,
                assumptions=assumptions(),
            )
            check_groups(task.design, recipe.decisions.iloc[recipe.screening.rows])
            setting = replace(recipe.setting, growth_effect=task.growth_effect)
        except OestraError as error:
            return str(error).splitlines()[0].removesuffix(".")
        runs = [
            run_replicate(task.design, setting, recipe.streams, pool * times + number)
            for number in range(times)
        ]
        rows.append(
            np.mean(
                [[_read(one, run, task.design) for one in task.items] for run in runs],
                axis=0,
            )
        )
    return np.array(rows)


def _tasks(
    design: TrialDesign, sets: Sequence[ParameterSet], data: Data, seed: int
) -> list[Task]:
    return [
        Task(design=design, parameters=one, index=index, items=data.items, seed=seed)
        for index, one in enumerate(sets)
    ]


def predict_sets(  # noqa: PLR0913 - who, what and with whom
    design: TrialDesign,
    sets: Sequence[ParameterSet],
    data: Data,
    *,
    seed: int,
    workers: Workers,
    progress: Progress,
    what: str,
) -> Predicted:
    """Run a trial with every set of an ensemble.

    Parameters
    ----------
    design : TrialDesign
        The trial, with its landmarks.
    sets : sequence of ParameterSet
        The ensemble.
    data : Data
        What is predicted.
    seed : int
        Seed of chance on trial, the same for all sets.
    workers : int or Executor
        Threads, or who does the work.
    progress : callable
        Told how far it is.
    what : str
        What it is told.

    Returns
    -------
    Predicted
        Of the sets that could be run.

    Raises
    ------
    InputError
        If none can be run.
    """
    calls = [(task,) for task in _tasks(design, sets, data, seed)]
    progress(what, 0, len(calls))
    kept: list[int] = []
    rows: list[Array] = []
    refused: list[str] = []
    with in_order(workers, run_task, calls) as results:
        for index, found in enumerate(results):
            if isinstance(found, str):
                refused.append(found)
            elif np.isfinite(found).all():
                kept.append(index)
                rows.append(found)
            else:
                refused.append("a number could not be estimated")
            progress(what, index + 1, len(calls))
    if not rows:
        raise OestraError(f"{design.id} cannot be run: {refused[0]}.")
    whole = np.array(rows)
    half = 0.5 * (whole[:, 0] - whole[:, 1])
    told = []
    if refused:
        told = [f"{len(refused)} of {len(sets)} sets were left out: {refused[0]}"]
    return Predicted(
        index=np.array(kept, dtype=np.int64),
        mean=whole.mean(axis=1),
        noise=np.array([[float((a * b).mean()) for b in half.T] for a in half.T]),
        told=tuple(told),
    )


def slopes(
    design: TrialDesign,
    best: ParameterSet,
    data: Data,
    *,
    seed: int,
    workers: Workers,
) -> Array:
    """Return how each number moves with the pace of all tumors of a trial.

    Parameters
    ----------
    design, data, seed, workers
        As `predict_sets` takes them.
    best : ParameterSet
        The set that is run, with tumors that grow faster and slower.

    Returns
    -------
    ndarray of float64, shape (m,)
        Change per unit of the log factor on growth; 0 where it could not be found.
    """
    task = Task(design=design, parameters=best, index=0, items=data.items, seed=seed)
    calls = [(replace(task, growth_effect=effect),) for effect in (_EFFECT, -_EFFECT)]
    with in_order(workers, run_task, calls) as results:
        found = list(results)
    if any(isinstance(one, str) for one in found):
        return np.zeros(len(data.items))
    faster, slower = (np.asarray(one).mean(axis=0) for one in found)
    return np.nan_to_num((faster - slower) / (2.0 * _EFFECT))
