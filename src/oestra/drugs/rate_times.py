"""Over which time on treatment the published shares of patients with harm were counted.

A share without its time is no rate: the same drug harms more patients in the trial that
keeps them on it longer.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError, unknown_name
from oestra.drugs.drug import Drug
from oestra.drugs.toxicity import Discontinuation, Toxicity, attributable_hazard

__all__ = [
    "harms",
    "rate_time_faults",
    "rate_times",
    "timed_hazard",
]

_Harm = Toxicity | Discontinuation


def harms(drug: Drug) -> tuple[_Harm, ...]:
    """Return all that a drug's file says of harm, stopping for it last."""
    stopping = (drug.discontinuation,) if drug.discontinuation else ()
    return (*drug.toxicities, *stopping)


def rate_times(drug: Drug, harm: _Harm, usual: float) -> tuple[float, float]:
    """Return the median times on treatment of a harm's rate and of its control's.

    Parameters
    ----------
    drug : Drug
        The drug.
    harm : Toxicity or Discontinuation
        One of its harms.
    usual : float
        Months where the file has no time for the source of the rate.

    Returns
    -------
    tuple of float and float
        Months on the drug, and in the control arm: the same where it has none.
    """
    timed = drug.times_on_drug.get(harm.rate.source)
    months = timed.value if timed else usual
    control = harm.control_rate and drug.control_times.get(harm.control_rate.source)
    return months, control.value if control else months


def timed_hazard(
    drug: Drug,
    harm: _Harm,
    exposed: NDArray[np.float64],
    *,
    usual: float,
    onset: float,
) -> NDArray[np.float64]:
    """Return the initial hazard of a harm beyond the control arm, per month.

    Parameters
    ----------
    drug, harm, usual
        As of `rate_times`.
    exposed : ndarray of float64, shape (n,)
        Relative exposure of each patient, as of
        `oestra.drugs.toxicity.harm_probability`.
    onset : float
        Time constant with which hazards fall, months.

    Returns
    -------
    ndarray of float64, shape (n,)
        At least 0.
    """
    months, control = rate_times(drug, harm, usual)
    return attributable_hazard(
        harm, exposed, months=months, control_months=control, onset=onset
    )


def rate_time_faults(drug: Drug) -> Iterator[tuple[tuple[str, ...], InputError]]:
    """Yield times that belong to no rate of the drug, or that are none.

    Parameters
    ----------
    drug : Drug
        The drug.

    Yields
    ------
    place : tuple of str
        Keys of the drug's file that lead there.
    error : InputError
        What is wrong.
    """
    known_harms = harms(drug)
    rated = {one.rate.source for one in known_harms}
    controls = {one.control_rate.source for one in known_harms if one.control_rate}
    for key, what, times, known in (
        ("times_on_drug", "rate of harm from", drug.times_on_drug, rated),
        ("control_times", "control rate from", drug.control_times, controls),
    ):
        for source, months in times.items():
            if source not in known:
                told = unknown_name(what, source, sorted(known), where=key)
                yield (key, source), told
            elif not months.value > 0:
                fault = f"{key}.{source} must be above 0 months, got {months.value:g}."
                yield (key, source), InputError(fault)
