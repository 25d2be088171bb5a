"""How strongly a drug slows growth, and the doses that are read from its curve.

Growth-rate inhibition compares how often treated and untreated cells doubled in the
time of treatment, so that it depends neither on how fast a line grows nor on how long
it was treated [1]_. An absolute IC50 is the dose at which half of the untreated readout
is left; a relative one that of half the change which the highest dose brings. They
differ where a drug does not bring the readout to zero.

References
----------
.. [1] Hafner M et al. (2016). Growth rate inhibition metrics correct for confounders in
   measuring sensitivity to cancer drugs. Nat Methods 13:521.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "NO_GROWTH",
    "ReadDose",
    "absolute_ic50",
    "gr50",
    "gr_values",
    "relative_ic50",
]

Array = NDArray[np.float64]
_LEAST_DOUBLING = 1e-3
"""Doublings below which untreated cells do not grow, so that GR has no meaning."""
_LEAST_CHANGE = 1e-9
NO_GROWTH = "untreated cells do not grow, so that GR has no value"
"""Why nothing is read from GR that has no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDose:
    """A dose that is read from a curve, or why it cannot be.

    Parameters
    ----------
    nm : float or None
        The dose, nM.
    reason : str
        Why there is none; empty where there is one.
    """

    nm: float | None = None
    reason: str = ""

    def __str__(self) -> str:
        """Write the dose with its unit, or why there is none."""
        told = f"not reached: {self.reason}"
        return told if self.nm is None else f"{self.nm:.3g} nM"

    def to_json_dict(self) -> dict[str, Any]:
        """Return the dose and why there is none."""
        return {"nm": self.nm, "reason": self.reason or None}


def gr_values(treated: ArrayLike, untreated: float) -> Array:
    """Return the growth-rate inhibition of cultures.

    Parameters
    ----------
    treated : array_like
        Cells at the end over those at the start of treatment.
    untreated : float
        The same without the drug.

    Returns
    -------
    ndarray
        1 for growth as without the drug, 0 for none, to -1 where cells are lost; NaN
        where untreated cells do not grow.

    Examples
    --------
    >>> gr_values([4.0, 2.0, 1.0], 4.0).round(3).tolist()
    [1.0, 0.414, 0.0]
    """
    fold = np.asarray(treated, dtype=float)
    doublings = np.log2(untreated)
    if doublings < _LEAST_DOUBLING:
        return np.full(fold.shape, np.nan)
    return np.exp2(np.log2(fold) / doublings) - 1.0


def gr50(doses: Array, values: Array) -> ReadDose:
    """Return the dose at which growth-rate inhibition is 0.5.

    Parameters
    ----------
    doses : ndarray, shape (n,)
        Positive and ascending, nM.
    values : ndarray, shape (n,)
        GR at each.

    Returns
    -------
    ReadDose
        Interpolated in the logarithm of the dose.
    """
    if np.isnan(values).any():
        return ReadDose(reason=NO_GROWTH)
    return _falls_to(doses, values, 0.5, "GR")


def absolute_ic50(doses: Array, response: Array, untreated: float) -> ReadDose:
    """Return the dose at which half of the untreated readout is left.

    Parameters
    ----------
    doses, response : ndarray, shape (n,)
        Ascending doses, nM, and the readout at each.
    untreated : float
        The readout without the drug.

    Returns
    -------
    ReadDose
        Interpolated in the logarithm of the dose.
    """
    if untreated <= 0.0:
        return ReadDose(reason=f"it is {untreated:.3g} without the drug")
    return _falls_to(doses, response / untreated, 0.5, "the share left")


def relative_ic50(doses: Array, response: Array, untreated: float) -> ReadDose:
    """Return the dose of half the change between none and the highest dose.

    Parameters
    ----------
    doses, response : ndarray, shape (n,)
        Ascending doses, nM, and the readout at each.
    untreated : float
        The readout without the drug.

    Returns
    -------
    ReadDose
        Interpolated in the logarithm of the dose.
    """
    change = response - untreated
    if abs(change[-1]) <= _LEAST_CHANGE * max(abs(untreated), _LEAST_CHANGE):
        return ReadDose(reason=f"at {doses[-1]:.3g} nM nothing has changed")
    return _falls_to(doses, 1.0 - change / change[-1], 0.5, "the share of the change")


def _falls_to(doses: Array, values: Array, level: float, what: str) -> ReadDose:
    """Return the lowest dose at which a curve has fallen to a level."""
    below = values <= level
    if not below.any():
        least = int(np.argmin(values))
        return ReadDose(
            reason=f"{what} is at least {values[least]:.3g}, at {doses[least]:.3g} nM"
        )
    past = int(np.argmax(below))
    if past == 0:
        if what == "the share of the change":
            return ReadDose(
                reason="the lowest dose brings more than half of the change"
            )
        return ReadDose(
            reason=f"{what} is {values[0]:.3g} already at the lowest dose, "
            f"{doses[0]:.3g} nM"
        )
    left, right = values[past - 1], values[past]
    step = (left - level) / (left - right)
    logs = np.log(doses[past - 1 : past + 1])
    return ReadDose(nm=float(np.exp(logs[0] + step * (logs[1] - logs[0]))))
