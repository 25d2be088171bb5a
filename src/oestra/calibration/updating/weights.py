"""How likely each set of an ensemble makes what was seen, and what contradicts it.

Errors are normal, and their covariance has four parts: that of the numbers seen, that
of a finite simulation, the model's own error as left-out trials teach it, and what
trials differ by in the pace of all tumors. A fit, whose errors are those of the
publications alone, takes Student's in their place, so that contradictions do not pull
it; here the model's own error does this.

References
----------
.. [1] Kennedy MC, O'Hagan A (2001). Bayesian calibration of computer models. J R Stat
   Soc B 63:425-464.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.updating.datum import Data, Datum
from oestra.calibration.updating.simulate import Predicted
from oestra.core.linear_algebra import cholesky, dot, product, solve
from oestra.evidence.vocabulary import EndpointKind

__all__ = [
    "Errors",
    "model_errors",
    "perturbation",
    "resampled",
    "weigh_sets",
    "z_scores",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Errors of the numbers besides those of the simulation.

    Parameters
    ----------
    seen : ndarray of float64, shape (m, m)
        Covariance of the numbers seen.
    model : ndarray of float64, shape (m,)
        Standard deviation of the model's own error of each.
    trial : ndarray of float64, shape (m,)
        What each moves by for one standard deviation between trials in growth.
    """

    seen: Array
    model: Array
    trial: Array

    @property
    def covariance(self) -> Array:
        """All of them together, shape (m, m)."""
        return self.seen + np.diag(self.model**2) + np.outer(self.trial, self.trial)


def model_errors(
    data: Data, discrepancy: Mapping[str, Mapping[str, float]], least: int = 3
) -> Array:
    """Return the model's own error of each number.

    Parameters
    ----------
    data : Data
        The numbers.
    discrepancy : mapping of str to mapping
        As of `oestra.model.fit.Fit.discrepancy`.
    least : int
        Trials below which nothing was learned of a kind of endpoint.

    Returns
    -------
    ndarray of float64, shape (m,)
        Standard deviations on the scales of the numbers. That of a landmark is derived
        from that of medians as if times were exponential; 0 where nothing was learned.
    """

    def learned(kind: EndpointKind) -> float:
        known = discrepancy.get(str(kind.value), {})
        return float(known["sd"]) if known.get("trials", 0) >= least else 0.0

    def one(item: Datum) -> float:
        if item.kind is not EndpointKind.LANDMARK:
            return learned(item.kind)
        share = 1.0 / (1.0 + float(np.exp(-item.value)))
        return learned(EndpointKind.MEDIAN) * float(-np.log(share) / (1.0 - share))

    return np.array([one(item) for item in data.items])


def weigh_sets(data: Data, predicted: Predicted, errors: Errors) -> Array:
    """Return the weight of each set.

    Parameters
    ----------
    data : Data
        What was seen.
    predicted : Predicted
        What each set predicts.
    errors : Errors
        Errors besides those of the simulation.

    Returns
    -------
    ndarray of float64, shape (s,)
        Likelihoods over their sum; the sets are equally likely before.
    """
    covariance = errors.covariance + predicted.noise
    off = data.values - predicted.mean
    scaled = solve(covariance, off.T)
    square = np.array([dot(a, b) for a, b in zip(off, scaled.T, strict=True)])
    likelihood = np.exp(-0.5 * (square - square.min()))
    return likelihood / likelihood.sum()


def z_scores(data: Data, predicted: Predicted, errors: Errors) -> Array:
    """Return by how many standard errors each number lies above what was predicted.

    Parameters
    ----------
    data, predicted, errors
        As `weigh_sets` takes them.

    Returns
    -------
    ndarray of float64, shape (m,)
        Over the spread of the sets, which the error of the simulation is part of, and
        all other errors.
    """
    spread = predicted.mean.var(axis=0, ddof=1) if len(predicted.mean) > 1 else 0.0
    total = np.sqrt(np.diag(errors.covariance) + spread)
    return (data.values - predicted.mean.mean(axis=0)) / total


def resampled(weights: Array, count: int, start: float) -> NDArray[np.int64]:
    """Draw sets by their weights, systematically.

    Parameters
    ----------
    weights : ndarray of float64, shape (s,)
        Adding up to 1.
    count : int
        How many to draw.
    start : float
        Uniform from 0 to 1.

    Returns
    -------
    ndarray of int64, shape (count,)
        Places of the sets; each as often as its weight says, to the next whole number.
    """
    at = (np.arange(count) + start) / count
    found = np.searchsorted(np.cumsum(weights), at, side="right")
    return np.minimum(found, weights.size - 1).astype(np.int64)


def perturbation(errors: Errors, noise: Array) -> Array:
    """Return draws of the errors besides those of the simulation, shape (s, m)."""
    root = cholesky(errors.covariance)
    return product(noise, root.T)
