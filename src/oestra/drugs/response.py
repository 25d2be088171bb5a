"""Sums of exponentials: what one dose leaves behind, and what many add up to.

Every linear compartment model answers a dose with a sum of exponentials, so repeated
doses are geometric series: concentrations and areas at any time cost the same, whether
ten doses came before or ten thousand.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.ordered_sum import ordered_sum
from oestra.drugs.train import Train

__all__ = ["Response"]

Array = NDArray[np.float64]
_CLOSE = 1e-9


def _series(decay: Array, count: Array) -> Array:
    """Sum ``exp(-decay * k)`` for k below count; 0 for a count of 0."""
    return np.expm1(-decay * count) / np.expm1(-decay)


@dataclass(frozen=True, slots=True)
class Response:
    """Concentration after one unit of dose: a sum of decaying exponentials.

    Parameters
    ----------
    amplitudes : ndarray of float64, shape (exponentials, patients)
        Concentration per amount, 1/L.
    rates : ndarray of float64, shape (exponentials, patients)
        Decay, 1/day.
    """

    amplitudes: Array
    rates: Array

    @property
    def area(self) -> Array:
        """Area under the curve of one unit of dose, shape (patients,), day/L."""
        return ordered_sum(self.amplitudes / self.rates, axis=0)

    def fed(self, rate: Array, share: Array | float = 1.0) -> "Response":
        """Put a first-order step before this one, such as absorption.

        Parameters
        ----------
        rate : ndarray of float64, shape (patients,)
            Rate of the step, 1/day.
        share : ndarray or float
            Part of the dose that takes it.

        Returns
        -------
        Response
            One more exponential.
        """
        near = np.abs(rate - self.rates) < 1e-6 * self.rates
        step = np.where(near.any(axis=0), rate * (1 + 1e-5), rate)
        slopes = share * self.amplitudes * step / (step - self.rates)
        return Response(
            np.concatenate([slopes, -ordered_sum(slopes, axis=0)[None]]),
            np.concatenate([self.rates, step[None]]),
        )

    def plus(self, other: "Response") -> "Response":
        """Add the response of a parallel route."""
        return Response(
            np.concatenate([self.amplitudes, other.amplitudes]),
            np.concatenate([self.rates, other.rates]),
        )

    def scaled(self, factor: Array | float) -> "Response":
        """Multiply by a factor for each patient."""
        return Response(self.amplitudes * factor, self.rates)

    def concentration(self, train: Train, times: Array) -> Array:
        """Return concentrations under a train of unit doses.

        Parameters
        ----------
        train : Train
            The doses.
        times : ndarray of float64, shape (times,)
            Days; a dose at the very time counts as given.

        Returns
        -------
        ndarray of float64, shape (patients, times)
            Concentration per amount, 1/L.
        """
        clock = _Clock.read(train, times)
        return sum(
            (
                a[:, None] * clock.remaining(train, r[:, None])
                for a, r in zip(self.amplitudes, self.rates, strict=True)
            ),
            start=np.zeros((self.rates.shape[1], len(times))),
        )

    def cumulated(self, train: Train, times: Array) -> Array:
        """Return areas under the curve from the start, as `concentration`, day/L."""
        clock = _Clock.read(train, times)
        return sum(
            (
                (a / r)[:, None] * (clock.given - clock.remaining(train, r[:, None]))
                for a, r in zip(self.amplitudes, self.rates, strict=True)
            ),
            start=np.zeros((self.rates.shape[1], len(times))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """Where each time lies in a train: bouts done, doses of the present one."""

    whole: Array
    doses: Array
    since_whole: Array
    since_last: Array
    given: Array

    @classmethod
    def read(cls, train: Train, times: Array) -> "_Clock":
        elapsed = np.asarray(times, dtype=float) - train.start
        begun = np.floor(elapsed / train.cycle + _CLOSE) + 1
        begun = np.where(elapsed < -_CLOSE, 0, np.clip(begun, 0, train.bouts))
        whole = np.maximum(begun - 1, 0)
        cycle = train.cycle if np.isfinite(train.cycle) else 0.0
        within = elapsed - whole * cycle
        doses = np.floor(within / train.interval + _CLOSE) + 1
        doses = np.where(begun > 0, np.clip(doses, 0, train.count), 0)
        count = train.count if np.isfinite(train.count) else 0.0
        last_whole = (whole - 1) * cycle + (count - 1) * train.interval
        return cls(
            whole=whole,
            doses=doses,
            since_whole=np.where(whole > 0, np.maximum(elapsed - last_whole, 0.0), 0.0),
            since_last=np.maximum(within - (doses - 1) * train.interval, 0.0),
            given=doses + whole * count,
        )

    def remaining(self, train: Train, rate: Array) -> Array:
        """Sum ``exp(-rate * age)`` over all doses given."""
        left = np.exp(-rate * self.since_last) * _series(
            rate * train.interval, self.doses
        )
        if not self.whole.any():
            return left
        bouts = _series(rate * train.interval, np.asarray(train.count))
        bouts = bouts * _series(rate * train.cycle, self.whole)
        return left + np.exp(-rate * self.since_whole) * bouts
