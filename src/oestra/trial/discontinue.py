"""Stopping and lower doses for harm, and leaving the trial."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_MONTH
from oestra.drugs.onset import calendar_months
from oestra.drugs.regimen import Regimen
from oestra.follow.treatment import Lower
from oestra.trial.assumption import Assumptions
from oestra.trial.harm import DrugHarm, drug_harm

__all__ = ["Leaving", "Rates", "draw_leaving", "harm_rates"]

Array = NDArray[np.float64]


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
    stop, reduce : float or ndarray, shape (n,)
        Initial hazards per month of stopping, and of going on at a lower dose.
    reduced : Regimen
        What is taken then.
    drugs, lower : tuple of DrugHarm
        Harm of each drug at the dose of the trial, and at the lower dose.
    """

    stop: float | Array
    reduce: float | Array
    reduced: Regimen
    drugs: tuple[DrugHarm, ...] = ()
    lower: tuple[DrugHarm, ...] = ()

    def lower_from(self, day: NDArray[np.float64]) -> Lower | None:
        """Return the lower doses from a day of each; None where harm lowers none."""
        if not np.any(np.asarray(self.reduce) > 0):
            return None
        return Lower(day=day, regimen=self.reduced)


def harm_rates(
    regimen: Regimen,
    assumptions: Assumptions,
    exposure: Mapping[str, Array] | None = None,
) -> Rates:
    """Return how often harm stops a regimen or lowers its doses.

    Parameters
    ----------
    regimen : Regimen
        The drugs.
    assumptions : Assumptions
        Period over which published shares were counted, and what severe events lead to.
    exposure : mapping of str to ndarray, shape (n,), optional
        Exposure of each patient to each drug over that of the typical patient at the
        standard dose; by default one typical patient on it.

    Returns
    -------
    Rates
        Sums over the drugs, numbers where no exposure was given; a drug without
        published harm adds nothing.
    """
    given = exposure or {}
    one = np.ones(1)
    harms = tuple(
        drug_harm(c.drug, given.get(c.drug.id, one), assumptions)
        for c in regimen.components
    )
    harmful = [harm.drug for harm in harms if np.any(harm.reduce > 0)]
    left = assumptions.reduced_dose.value
    lower = tuple(
        drug_harm(
            c.drug,
            given.get(c.drug.id, one) * (left if c.drug.id in harmful else 1.0),
            assumptions,
        )
        for c in regimen.components
    )
    stop = sum((harm.stop for harm in harms), np.zeros(1))
    reduce = sum((harm.reduce for harm in harms), np.zeros(1))
    return Rates(
        stop=stop if exposure else float(stop[0]),
        reduce=reduce if exposure else float(reduce[0]),
        reduced=regimen.reduced(harmful, left),
        drugs=harms,
        lower=lower,
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

    def wait(name: Stream, per_month: float | Array) -> NDArray[np.float64]:
        level = streams.exponential(name, patient)[:, 0]
        often = np.broadcast_to(np.asarray(per_month, dtype=float), level.shape)
        able = often > 0
        return np.where(able, level / np.where(able, often, 1.0), np.inf)

    def harmed(name: Stream, initial: float | Array) -> NDArray[np.float64]:
        onset = assumptions.harm_onset.value
        return calendar_months(wait(name, initial), onset) * DAYS_PER_MONTH

    stop = harmed(Stream.ADVERSE_EVENT, rates.stop)
    withdrawn = wait(Stream.WITHDRAWAL, assumptions.withdrawal.value) * DAYS_PER_MONTH
    return Leaving(
        stop_day=stop,
        reduce_day=harmed(Stream.DOSE_REDUCTION, rates.reduce),
        last_day=withdrawn,
        new_therapy_day=stop + assumptions.new_therapy_delay.value,
    )
