"""Whether a model errs less than a rule, trial by trial: a paired bootstrap."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams

__all__ = ["paired_difference", "resampled_trials", "weighted_mean"]

_RESAMPLES = 4000
_SEED = 1979
Array = NDArray[np.float64]


def weighted_mean(
    value: ArrayLike, weight: ArrayLike, times: ArrayLike = 1.0
) -> NDArray[np.float64]:
    """Return weighted means over the last axis, of endpoints counted several times."""
    of = np.asarray(weight, dtype=float) * np.asarray(times, dtype=float)
    mean = (of * np.asarray(value, dtype=float)).sum(axis=-1) / of.sum(axis=-1)
    return np.asarray(mean)


def resampled_trials(trials: Sequence[str]) -> Array:
    """Return how often each endpoint is in each resample of whole trials.

    Parameters
    ----------
    trials : sequence of str, length m
        Trial of each endpoint: those of one trial come and go together.

    Returns
    -------
    ndarray, shape (4000, m)
        The same whenever the trials are.
    """
    names, place = np.unique(np.asarray(trials), return_inverse=True)
    chance = Streams(_SEED).uniform(
        Stream.RESAMPLE, np.arange(_RESAMPLES), len(names)
    )  # fmt: skip
    drawn = (chance * len(names)).astype(np.intp)
    times = np.zeros((_RESAMPLES, len(names)))
    np.add.at(times, (np.arange(_RESAMPLES)[:, None], drawn), 1.0)
    return times[:, place]


def paired_difference(
    model: Array, rule: Array, weight: Array, trials: Sequence[str]
) -> tuple[float, float, float]:
    """Return by how much a model's error is larger than a rule's.

    Parameters
    ----------
    model, rule : ndarray, shape (m,)
        Absolute errors.
    weight : ndarray, shape (m,)
        Precision of each published number.
    trials : sequence of str, length m
        Trial of each.

    Returns
    -------
    tuple of float
        Difference of the weighted errors, below zero where the model is better, and
        the limits of its 95 % interval when trials are drawn anew.
    """
    off = model - rule
    again = weighted_mean(off, weight, resampled_trials(trials))
    low, high = np.quantile(again, [0.025, 0.975])
    return float(weighted_mean(off, weight)), float(low), float(high)
