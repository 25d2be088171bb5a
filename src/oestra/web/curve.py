"""Curves of a trial as the page draws them: expected of each arm, on shared months."""

from typing import Any

import numpy as np

from oestra.appraisal.between_arms import arm_times
from oestra.report.expected_curve import expected_curve
from oestra.trial.design import TimeToEvent, TrialDesign
from oestra.trial.result import TrialResult

__all__ = ["curves"]

_POINTS = 121


def curves(
    result: TrialResult, design: TrialDesign, endpoint: TimeToEvent
) -> tuple[list[dict[str, Any]], list[float]]:
    """Return the curve expected of each arm, and the months they share.

    Parameters
    ----------
    result : TrialResult
        The trial.
    design : TrialDesign
        Its design.
    endpoint : TimeToEvent
        Until what patients are counted.

    Returns
    -------
    curves : list of dict
        Id and label of each arm, mean and band; null where few are at risk.
    months : list of float
        Where they are read.
    """
    found = [expected_curve(arm_times(result, endpoint, one.id)) for one in design.arms]
    months = np.linspace(0.0, max(float(one.times[-1]) for one in found), _POINTS)
    drawn: list[dict[str, Any]] = []
    for arm, one in zip(design.arms, found, strict=True):
        seen = months <= one.times[-1] + 1e-9
        course = {
            name: _within(np.interp(months, one.times, values), seen)
            for name, values in (("mean", one.mean), ("low", one.low),
                                 ("high", one.high))
        }  # fmt: skip
        drawn.append({"id": arm.id, "label": arm.label, **course})
    return drawn, [round(float(month), 3) for month in months]


def _within(values: Any, seen: Any) -> list[float | None]:
    pairs = zip(values.tolist(), seen.tolist(), strict=True)
    return [round(value, 4) if there else None for value, there in pairs]
