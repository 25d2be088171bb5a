"""Where too few sets make likely what was seen, all sets are moved toward it.

One step of an ensemble smoother [1]_: what parameters and predictions have in common
over the ensemble says how far each parameter goes for what a number was off. It is
exact where both are normal and predictions linear; the moved sets are simulated anew,
and what they then predict is what counts.

References
----------
.. [1] Emerick AA, Reynolds AC (2013). Ensemble smoother with multiple data
   assimilation. Comput Geosci 55:3-15. doi:10.1016/j.cageo.2012.03.011
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.free import FreeParameter, to_parameters
from oestra.calibration.standardize import standardize
from oestra.calibration.updating.datum import Data
from oestra.calibration.updating.simulate import Predicted
from oestra.calibration.updating.weights import Errors, perturbation
from oestra.core.linear_algebra import product, solve
from oestra.core.parameter_set import ParameterSet

__all__ = ["moved_sets", "smooth"]

Array = NDArray[np.float64]
_REACH = 3.0
"""Standard deviations of the prior beyond which no parameter goes, as in the fit."""


def _shared(z: Array, y: Array) -> Array:
    """Return the covariance of parameters and predictions, shape (k, m).

    Few sets make two things that have nothing to do with each other seem to go
    together: a covariance is drawn toward zero by as much as chance alone would give.
    """
    count = len(z)
    off_z, off_y = z - z.mean(axis=0), y - y.mean(axis=0)
    found = product(off_z.T, off_y) / (count - 1)
    sizes = np.outer(off_z.std(axis=0, ddof=1), off_y.std(axis=0, ddof=1))
    square = np.clip((found / np.where(sizes > 0, sizes, 1.0)) ** 2, 0.0, 1.0 - 1e-9)
    by_chance = (1.0 - square) / (max(count - 2, 1) * np.maximum(square, 1e-12))
    return found * np.maximum(1.0 - by_chance, 0.0)


def smooth(
    z: Array, predicted: Array, data: Data, errors: Errors, noise: Array, chance: Array
) -> Array:
    """Move standardized parameters by one step of an ensemble smoother.

    Parameters
    ----------
    z : ndarray of float64, shape (s, k)
        Standardized parameters of each set, the best one first.
    predicted : ndarray of float64, shape (s, m)
        What each predicts.
    data : Data
        What was seen.
    errors : Errors
        Errors besides those of the simulation.
    noise : ndarray of float64, shape (m, m)
        Monte Carlo covariance of a prediction.
    chance : ndarray of float64, shape (s, m)
        Standard normal numbers, by which each set is drawn toward a number of its own.

    Returns
    -------
    ndarray of float64, shape (s, k)
        Where each goes; the first, which stands for the best, toward the numbers
        themselves.
    """
    off = predicted - predicted.mean(axis=0)
    spread = product(off.T, off) / (len(off) - 1)
    # The simulation's error is in the spread already, and never less than in it.
    total = spread + errors.covariance
    diagonal = np.diag(spread).copy()
    total[np.diag_indices_from(total)] += np.maximum(np.diag(noise) - diagonal, 0.0)
    aside = perturbation(errors, chance)
    aside[0] = 0.0
    wanted = data.values + aside - predicted
    step = product(_shared(z, predicted), solve(total, wanted.T)).T
    return np.clip(z + step, -_REACH, _REACH)


def moved_sets(
    sets: Sequence[ParameterSet],
    predicted: Predicted,
    data: Data,
    errors: Errors,
    free: Sequence[FreeParameter],
    chance: Array,
) -> list[ParameterSet]:
    """Return the sets that could be run, moved toward what was seen.

    Parameters
    ----------
    sets : sequence of ParameterSet
        The ensemble.
    predicted : Predicted
        What those that could be run predict.
    data, errors
        As `smooth` takes them.
    free : sequence of FreeParameter, length k
        The fitted parameters.
    chance : ndarray of float64, shape (s, m)
        Standard normal numbers, a row for each that could be run.
    """
    kept = [sets[index] for index in predicted.index.tolist()]
    z = np.array([standardize(one, free) for one in kept])
    moved = smooth(z, predicted.mean, data, errors, predicted.noise, chance)
    return [to_parameters(row, one, free) for row, one in zip(moved, kept, strict=True)]
