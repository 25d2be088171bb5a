"""A measurement that the culture room repeats: what it predicts, and how far off.

Errors of a course hang together, so that the readings of one count as one: each is
given the error of its noise and of the model, times the root of their number.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from oestra.calibration.cells.experiment import Arm, Setting

__all__ = ["KINDS", "LEAST", "Needs", "Predicted", "Reading", "Sight", "log_of"]

KINDS = {
    "kinase": 0.25,
    "growth": 0.5,
    "protein": 0.35,
    "drug": 0.2,
    "direction": 1.0,
    "null": 0.25,
}
"""Standard deviation of the model itself by kind of reading: log10 of kinases, log2 of
cells and proteins, GR of drugs."""
LEAST = 1e-9
"""What amounts are taken for at least, so that they have a logarithm."""
_LOST = 6.0
"""Residual of what could not be followed; as far as any counts."""
_CHANGE, _SAME = 0.15, 0.3
"""Log change that a direction asks for, and the error of none."""


Needs = tuple[tuple[Setting, Arm, tuple[float, ...]], ...]
Sight = Callable[[Setting, Arm, str, float], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measurement that the culture room can repeat.

    Parameters
    ----------
    id : str
        Key of the row; rows with several symbols have one reading each.
    kind : str
        One of `KINDS`.
    group : str
        Experiment it belongs to; left out as a whole in cross-validation.
    course : str
        Readings whose errors hang together.
    observed : float
        On the scale of its kind; of directions 1, -1 or 0.
    error : float
        Standard deviation of the measurement on that scale.
    side : int
        1 where the truth is at least the observed, -1 where at most, else 0.
    needs : tuple
        Setting, arm and days of each dish that must be seen.
    predict : callable
        Takes what was seen, returns the prediction on the same scale.
    nothing : float
        What it would read if nothing had an effect.
    weight : float
        Share of a whole reading that it counts for.
    """

    id: str
    kind: str
    group: str
    course: str
    observed: float
    error: float
    side: int = 0
    needs: Needs
    predict: Callable[[Sight], float]
    nothing: float = 0.0
    weight: float = 1.0

    def residual(self, value: float) -> float:
        """Return standard errors by which a prediction exceeds the measurement."""
        if not math.isfinite(value):
            return _LOST
        if self.kind == "direction":
            if self.observed:
                return max(0.0, _CHANGE - self.observed * value) / _CHANGE
            return float(np.clip(value / _SAME, -_LOST, _LOST))
        off = value - self.observed
        if self.side * off > 0:
            off = 0.0
        return float(np.clip(off / self.total_error, -_LOST, _LOST))

    @property
    def total_error(self) -> float:
        """Standard deviation of measurement and model, as far as it counts alone."""
        return math.hypot(self.error, KINDS[self.kind]) / math.sqrt(self.weight)

    def value_at(self, residual: float) -> float:
        """Return a prediction that is off by a residual."""
        if self.kind == "direction":
            if self.observed:
                return self.observed * _CHANGE * (1.0 - residual)
            return _SAME * residual
        return self.observed + residual * self.total_error


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """What the culture room makes of a measurement.

    Parameters
    ----------
    reading : Reading
        The measurement.
    value : float
        Predicted; NaN where the cells could not be followed.
    """

    reading: Reading
    value: float

    @property
    def residual(self) -> float:
        """Standard errors by which the prediction exceeds the measurement."""
        return self.reading.residual(self.value)


def log_of(x: float, base: float) -> float:
    """Return a logarithm; of what is next to nothing that of `LEAST`."""
    return math.log(max(x, LEAST)) / math.log(base)
