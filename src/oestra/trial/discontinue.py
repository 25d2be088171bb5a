"""Stopping and lower doses for harm, and leaving the trial."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH, convert
from oestra.drugs.regimen import Regimen
from oestra.drugs.toxicity import severe_share
from oestra.trial.assumption import Assumptions

__all__ = ["Leaving", "Rates", "draw_leaving", "harm_rates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Days on which patients stop or leave.

    Parameters
    ----------
    stop_day, reduce_day : ndarray of float64, shape (n,)
        Treatment stopped, or its doses lowered, for an adverse event; inf if never.
    last_day : ndarray of float64, shape (n,)
        Last day on which the patient can be assessed, by withdrawal.
    new_therapy_day : ndarray of float64, shape (n,)
        Start of the next treatment after stopping for harm, inf if never.
    """

    stop_day: NDArray[np.float64]
    reduce_day: NDArray[np.float64]
    last_day: NDArray[np.float64]
    new_therapy_day: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often harm changes a treatment.

    Parameters
    ----------
    stop, reduce : float
        Rates per month of stopping, and of going on at a lower dose.
    reduced : Regimen
        What is taken then.
    """

    stop: float
    reduce: float
    reduced: Regimen


def harm_rates(regimen: Regimen, assumptions: Assumptions) -> Rates:
    """Return how often harm stops a regimen or lowers its doses.

    A published share that names a control arm counts only as far as it exceeds it. A
    drug without a published share of patients who stop loses a share of those with a
    severe event that they feel.

    Parameters
    ----------
    regimen : Regimen
        The drugs.
    assumptions : Assumptions
        Period over which published shares were counted, and what severe events lead to.

    Returns
    -------
    Rates
        Sums over the drugs; one without published harm adds nothing.
    """
    stop = reduce = 0.0
    harmful = []
    for drug in (component.drug for component in regimen.components):
        severe = severe_share(drug.toxicities)
        if severe > 0:
            harmful.append(drug.id)
        reduce -= math.log1p(-severe * assumptions.severe_reductions.value)
        published = drug.discontinuation
        if published is None:
            felt = severe_share(drug.toxicities, felt=True)
            stop -= math.log1p(-felt * assumptions.severe_stops.value)
            continue
        share = convert(published.rate.value, published.rate.unit, "1")
        hazard = -math.log1p(-share)
        if published.control_rate is not None:
            control = published.control_rate
            hazard += math.log1p(-convert(control.value, control.unit, "1"))
        stop += max(hazard, 0.0)
    period = assumptions.exposure_period.value
    return Rates(
        stop=stop / period,
        reduce=reduce / period,
        reduced=regimen.reduced(harmful, assumptions.reduced_dose.value),
    )


def draw_leaving(
    rates: Rates,
    patient: NDArray[np.int64],
    *,
    streams: Streams,
    assumptions: Assumptions,
) -> Leaving:
    """Draw when patients stop treatment, take less of it or leave.

    Parameters
    ----------
    rates : Rates
        How often harm stops or lowers the treatment.
    patient : ndarray of int64, shape (n,)
        Numbers that key the draws.
    streams : Streams
        Source of the times; a patient has the same times in every arm.
    assumptions : Assumptions
        Rate of withdrawal and delay of the next treatment.

    Returns
    -------
    Leaving
        Days from randomization.
    """

    def wait(name: Stream, per_month: float) -> NDArray[np.float64]:
        level = streams.exponential(name, patient)[:, 0]
        if per_month <= 0:
            return np.full(patient.size, np.inf)
        return level / per_month * DAYS_PER_MONTH

    stop = wait(Stream.ADVERSE_EVENT, rates.stop)
    withdrawn = wait(Stream.WITHDRAWAL, assumptions.withdrawal.value)
    return Leaving(
        stop_day=stop,
        reduce_day=wait(Stream.DOSE_REDUCTION, rates.reduce),
        last_day=withdrawn,
        new_therapy_day=stop + assumptions.new_therapy_delay.value,
    )
