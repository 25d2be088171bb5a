"""What is computed from readouts: potency, synergy, order.

References
----------
.. [1] Bliss CI (1939). The toxicity of poisons applied jointly. Annals of Applied
   Biology 26:585-615. doi:10.1111/j.1744-7348.1939.tb06990.x
.. [2] Chou TC, Talalay P (1984). Quantitative analysis of dose-effect relationships.
   Advances in Enzyme Regulation 22:27-55. doi:10.1016/0065-2571(84)90007-4
"""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from oestra.claims.readings import Readings, number
from oestra.core.errors import InputError

__all__ = ["MEASURES"]

Value = Readings | float


def _doses(readings: Value, function: str) -> Readings:
    if not isinstance(readings, Readings) or not readings.over_doses:
        raise InputError(f"{function} needs a readout of a run with doses.")
    return readings


def _crossing(curve: Readings, level: float) -> float:
    """Return the dose at which a curve first reaches a level, between its doses."""
    above = curve.values >= level
    change = np.flatnonzero(above[1:] != above[:-1])
    if not change.size:
        return math.inf
    i = int(change[0])
    share = (level - curve.values[i]) / (curve.values[i + 1] - curve.values[i])
    low, high = np.log(curve.at[i]), np.log(curve.at[i + 1])
    return float(np.exp(low + share * (high - low)))


def ec50(curve: Value) -> float:
    """Return the dose halfway between the readouts at the lowest and highest dose."""
    curve = _doses(curve, "ec50")
    return _crossing(curve, float(curve.values[0] + curve.values[-1]) / 2)


def effect_span(curve: Value) -> float:
    """Return how far a readout falls from the lowest to the highest dose."""
    curve = _doses(curve, "effect_span")
    return float(curve.values[0] - curve.values[-1])


def dose_for(curve: Value, fall: Value) -> float:
    """Return the dose at which a readout has fallen so far; infinite if never."""
    curve = _doses(curve, "dose_for")
    return _crossing(curve, float(curve.values[0]) - number(fall))


def bliss_excess(control: Value, first: Value, second: Value, both: Value) -> float:
    """Return the share of cells that a pair takes off beyond independent action.

    Cell numbers in, untreated first; above 0 is synergy, below antagonism [1]_.
    """
    whole = number(control)
    independent = number(first) / whole * number(second) / whole
    return independent - number(both) / whole


def combination_index(
    first: Value, second: Value, both: Value, first_dose: Value, second_dose: Value
) -> float:
    """Return the combination index of a pair of doses by Loewe additivity.

    Each dose is divided by that which alone would do what the pair does [2]_; a drug
    that alone never does it adds nothing. Below 1 is synergy.
    """
    level = number(both)
    parts = (
        (_doses(first, "combination_index"), number(first_dose)),
        (_doses(second, "combination_index"), number(second_dose)),
    )
    return sum(dose / _crossing(curve, level) for curve, dose in parts)


def least(*values: Value) -> float:
    """Return the smallest."""
    return min(number(value) for value in values)


def most(*values: Value) -> float:
    """Return the largest."""
    return max(number(value) for value in values)


def least_step(*values: Value) -> float:
    """Return the smallest ratio of a value to the one before it."""
    return min(number(b) / number(a) for a, b in pairwise(values))


def ln(value: Value) -> float:
    """Return the natural logarithm, minus infinity at zero."""
    given = number(value)
    return math.log(given) if given > 0 else -math.inf


MEASURES: dict[str, Callable[..., float]] = {
    function.__name__: function
    for function in (
        ec50,
        effect_span,
        dose_for,
        bliss_excess,
        combination_index,
        least,
        most,
        least_step,
        ln,
    )
}
"""Functions an expression may call, by name."""
