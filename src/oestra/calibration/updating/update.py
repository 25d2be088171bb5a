"""An ensemble updated by one's own trial: reweighted where it can be, else moved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.free import free_parameters
from oestra.calibration.updating.datum import Data
from oestra.calibration.updating.gather import Gathered
from oestra.calibration.updating.simulate import (
    Predicted,
    predict_sets,
    slopes,
    with_landmarks,
)
from oestra.calibration.updating.smoother import moved_sets
from oestra.calibration.updating.weights import (
    Errors,
    model_errors,
    resampled,
    weigh_sets,
    z_scores,
)
from oestra.core.errors import InputError
from oestra.core.parameter_set import ParameterSet
from oestra.core.progress import Progress
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.model.fit import shipped_fit
from oestra.model.parameters import between_trial_sd
from oestra.trial.case_mix import effective_sample_size
from oestra.work.each import Workers

__all__ = ["CONFLICT", "FEWEST", "Updated", "update_ensemble"]

Array = NDArray[np.float64]
FEWEST = 5.0
"""Effective sets below which they are moved in place of being weighed."""
CONFLICT = 2.0
"""Standard errors beyond which a number contradicts the model."""
_KEPT = 20
"""Sets that are kept after weighing: as many as commands run with at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """An updated ensemble, and what the update did.

    Parameters
    ----------
    method : str
        ``reweighted`` or ``moved``.
    best : ParameterSet
        The set that stands for all.
    sets : tuple of ParameterSet
        Those that stand for what is still open.
    weights : ndarray of float64, shape (s,)
        Weight of each set of the old ensemble that could be run.
    effective_sets : float
        Kish's effective size of these weights.
    data : Data
        What was seen.
    errors : Errors
        Its errors, besides those of the simulation.
    before, after : Predicted
        Predictions, those after with `after_weights`.
    after_weights : ndarray of float64
        Weight of each prediction after.
    z_before, z_after : ndarray of float64, shape (m,)
        Standard errors by which each number lies above what was, and is, predicted.
    told : tuple of str
        What a reader must know, a sentence each without its period.
    """

    method: str
    best: ParameterSet
    sets: tuple[ParameterSet, ...]
    weights: Array
    effective_sets: float
    data: Data
    errors: Errors
    before: Predicted
    after: Predicted
    after_weights: Array
    z_before: Array
    z_after: Array
    told: tuple[str, ...]

    @property
    def conflicts(self) -> list[int]:
        """Places of the numbers that contradict what was predicted before."""
        return [int(k) for k in np.flatnonzero(np.abs(self.z_before) > CONFLICT)]

    def rows(self) -> list[dict[str, Any]]:
        """Return each number with predictions before and after, in its unit."""
        even = np.full(len(self.before.mean), 1.0 / len(self.before.mean))
        found: list[dict[str, Any]] = []
        for k, item in enumerate(self.data.items):
            told = item.to_json_dict()
            for name, one, weights in (
                ("before", self.before, even),
                ("after", self.after, self.after_weights),
            ):
                low, middle, high = _range(one.mean[:, k], weights)
                told[name] = {
                    "estimate": item.natural(middle),
                    "low": item.natural(low),
                    "high": item.natural(high),
                    "level": 0.9,
                }
            told["model_error_sd"] = float(self.errors.model[k])
            told["z_before"] = float(self.z_before[k])
            told["z_after"] = float(self.z_after[k])
            told["conflict"] = k in self.conflicts
            found.append(told)
        return found


def _range(values: Array, weights: Array) -> tuple[float, float, float]:
    """Return the 5 %, middle and 95 % points of weighted values."""
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) - 0.5 * weights[order]
    low, middle, high = np.interp([0.05, 0.5, 0.95], share, values[order])
    return float(low), float(middle), float(high)


def _weighted_z(
    data: Data, predicted: Predicted, errors: Errors, weights: Array
) -> Array:
    """Return z scores against weighted predictions."""
    middle = (weights[:, None] * predicted.mean).sum(axis=0)
    spread = (weights[:, None] * (predicted.mean - middle) ** 2).sum(axis=0)
    return (data.values - middle) / np.sqrt(np.diag(errors.covariance) + spread)


def update_ensemble(
    sets: Sequence[ParameterSet],
    gathered: Gathered,
    *,
    seed: int = 1,
    workers: Workers = 1,
    progress: Progress = lambda *_: None,
    fewest: float = FEWEST,
) -> Updated:
    """Learn from one's own trial.

    Parameters
    ----------
    sets : sequence of ParameterSet
        The ensemble, the best set first; at least two.
    gathered : Gathered
        The trial and what was seen in it.
    seed : int
        Seed of all chance.
    workers : int or Executor
        Threads, or who does the work; the result does not depend on it.
    progress : callable, optional
        Told how far it is.
    fewest : float
        Effective sets below which sets are moved in place of being weighed.

    Returns
    -------
    Updated
        The ensemble reweighted and drawn anew by its weights; or, where fewer than
        `fewest` effective sets remain, every set moved and simulated anew.

    Raises
    ------
    InputError
        If there are fewer than two sets, or none can be run.
    """
    fit = shipped_fit()
    if fit is None or len(sets) < 2:
        raise InputError("An update needs a fit with an ensemble of at least two sets.")
    data = gathered.data
    design = with_landmarks(gathered.design, data.items)

    def run(some: Sequence[ParameterSet], what: str) -> Predicted:
        return predict_sets(
            design, some, data, seed=seed, workers=workers, progress=progress, what=what
        )

    before = run(sets, "Running the trial with each set")
    if len(before.index) < 2:
        raise InputError(f"{design.id} can be run with one set only: {before.told[0]}.")
    slope = slopes(design, sets[0], data, seed=seed, workers=workers)
    errors = Errors(
        seen=data.covariance,
        model=model_errors(data, fit.discrepancy),
        trial=between_trial_sd() * slope,
    )
    weights = weigh_sets(data, before, errors)
    size = effective_sample_size(weights)
    streams = Streams(seed).spawn(Stream.RESAMPLE, Stream.ENSEMBLE)
    found = _Found(sets, data, before, errors, weights, streams)
    few = size < fewest
    new, after, after_weights, told = (
        found.moved(lambda some: run(some, "Running it with the moved sets"))
        if few
        else found.redrawn()
    )
    return Updated(
        method="moved" if few else "reweighted",
        best=new[0],
        sets=tuple(new[1:]),
        weights=weights,
        effective_sets=size,
        data=data,
        errors=errors,
        before=before,
        after=after,
        after_weights=after_weights,
        z_before=z_scores(data, before, errors),
        z_after=_weighted_z(data, after, errors, after_weights),
        told=(*data.told, *before.told, *told),
    )


New = tuple[list[ParameterSet], Predicted, Array, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known before sets are drawn anew or moved."""

    sets: Sequence[ParameterSet]
    data: Data
    before: Predicted
    errors: Errors
    weights: Array
    streams: Streams

    def redrawn(self) -> New:
        """Draw sets by their weights; the best stays where data do not speak against.

        The order is by chance, so that the first few stand for all.
        """
        start = float(self.streams.uniform(Stream.POSTERIOR, [0])[0, 0])
        place = resampled(self.weights, _KEPT, start)
        order = np.argsort(self.streams.uniform(Stream.ORDER, [0], _KEPT)[0])
        index = self.before.index
        kept = [self.sets[int(index[k])] for k in place[order].tolist()]
        best = int(np.argmax(self.weights))
        if index[0] == 0 and self.weights[0] >= 1.0 / len(self.weights):
            best = 0
        return [self.sets[int(index[best])], *kept], self.before, self.weights, ()

    def moved(self, run: Callable[[list[ParameterSet]], Predicted]) -> New:
        """Move every set, and simulate it anew."""
        count = len(self.before.index)
        chance = self.streams.normal(
            Stream.POSTERIOR, np.arange(count), len(self.data.items)
        )
        moved = moved_sets(
            self.sets, self.before, self.data, self.errors, free_parameters(), chance
        )
        after = run(moved)
        new = [moved[k] for k in after.index]
        even = np.full(len(new), 1.0 / len(new))
        return new, after, even, after.told
