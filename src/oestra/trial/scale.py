"""Scales on which endpoints are compared, for there their errors are normal."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["LOG", "LOGIT", "LOG_CHANGE", "Scale"]

_SMALLEST = 1e-3
_EDGE = 0.003
"""Shares nearer to 0 or 1 count as this far; no trial tells them apart."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale and the way back.

    Parameters
    ----------
    name : str
        What it is called in tables.
    to : callable
        From the unit of the endpoint to the scale.
    back : callable
        From the scale to the unit of the endpoint.
    lowest, highest : float
        The range, in the unit of the endpoint, in which ``back`` undoes ``to``; values
        beyond count as its ends.
    floor : float, optional
        Number at which the scale ends below, in the unit of the endpoint.
    """

    name: str
    to: Callable[[float], float]
    back: Callable[[float], float]
    lowest: float
    highest: float
    floor: float | None = None


def _log(value: float) -> float:
    return float(np.log(max(value, _SMALLEST)))


def _exp(value: float) -> float:
    return float(np.exp(value))


def _logit(percent: float) -> float:
    share = float(np.clip(percent / 100.0, _EDGE, 1.0 - _EDGE))
    return float(np.log(share / (1.0 - share)))


def _percent(logit: float) -> float:
    return float(100.0 / (1.0 + np.exp(-logit)))


def _log_ratio(percent: float) -> float:
    return _log(1.0 + percent / 100.0)


def _change(log_ratio: float) -> float:
    return float(100.0 * (np.exp(log_ratio) - 1.0))


LOG = Scale("log", _log, _exp, _SMALLEST, np.inf, 0.0)
"""Of hazard ratios and medians."""
LOGIT = Scale("logit", _logit, _percent, 100.0 * _EDGE, 100.0 * (1.0 - _EDGE))
"""Of shares in percent."""
LOG_CHANGE = Scale(
    "log of the ratio", _log_ratio, _change, 100.0 * (_SMALLEST - 1.0), np.inf, -100.0
)
"""Of changes in percent: the logarithm of after over before."""
