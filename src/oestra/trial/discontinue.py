"""Stopping for harm, and leaving the trial."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH, convert
from oestra.drugs.load import find
from oestra.drugs.regimen import Regimen
from oestra.trial.assumption import Assumptions

__all__ = ["Leaving", "draw_leaving", "stopping_rate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Days on which patients stop or leave.

    Parameters
    ----------
    stop_day : ndarray of float64, shape (n,)
        Treatment stopped for an adverse event, inf if never.
    last_day : ndarray of float64, shape (n,)
        Last day on which the patient can be assessed without other treatment.
    """

    stop_day: NDArray[np.float64]
    last_day: NDArray[np.float64]


def stopping_rate(regimen: Regimen, assumptions: Assumptions) -> float:
    """Return the monthly rate of stopping a regimen for harm.

    A published share that names a control arm counts only as far as it exceeds it.

    Parameters
    ----------
    regimen : Regimen
        The drugs.
    assumptions : Assumptions
        Period over which published shares were counted.

    Returns
    -------
    float
        Rate per month, the sum over the drugs; a drug without a published share
        adds nothing.
    """
    total = 0.0
    for name in regimen.drugs:
        published = find(name).discontinuation
        if published is None:
            continue
        share = convert(published.rate.value, published.rate.unit, "1")
        hazard = -math.log1p(-share)
        if published.control_rate is not None:
            control = published.control_rate
            hazard += math.log1p(-convert(control.value, control.unit, "1"))
        total += max(hazard, 0.0)
    return total / assumptions.exposure_period.value


def draw_leaving(
    rate: float,
    patient: NDArray[np.int64],
    *,
    streams: Streams,
    assumptions: Assumptions,
) -> Leaving:
    """Draw when patients stop treatment or leave.

    Parameters
    ----------
    rate : float
        Monthly rate of stopping for harm.
    patient : ndarray of int64, shape (n,)
        Numbers that key the draws.
    streams : Streams
        Source of the times; the same patient has the same luck in every arm.
    assumptions : Assumptions
        Rate of withdrawal and delay of the next treatment.

    Returns
    -------
    Leaving
        Days from randomization.
    """

    def wait(name: str, per_month: float) -> NDArray[np.float64]:
        level = streams.exponential(name, patient)[:, 0]
        if per_month <= 0:
            return np.full(patient.size, np.inf)
        return level / per_month * DAYS_PER_MONTH

    stop = wait("adverse event", rate)
    withdrawn = wait("withdrawal", assumptions.withdrawal.value)
    next_therapy = stop + assumptions.new_therapy_delay.value
    return Leaving(stop_day=stop, last_day=np.minimum(withdrawn, next_therapy))
