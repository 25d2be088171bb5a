"""How often a drug harms, and how that follows exposure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import ConfigDict
from scipy.special import expit, logit

from oestra.drugs.onset import initial_hazard
from oestra.drugs.reported import STRICT, Reported

__all__ = [
    "LABORATORY",
    "Consequence",
    "Discontinuation",
    "Toxicity",
    "attributable_hazard",
    "attributable_share",
    "harm_probability",
]


LABORATORY = frozenset(
    {
        "ALT rise",
        "AST rise",
        "anemia",
        "hypercholesterolemia",
        "hyperglycemia",
        "hypertriglyceridemia",
        "leukopenia",
        "liver enzymes",
        "lymphopenia",
        "neutropenia",
        "thrombocytopenia",
        "transaminase rise",
    }
)
"""Harms that blood tests show: doses are held and lowered for them, rarely stopped."""


class Consequence(StrEnum):
    """The most that severe events of a kind lead to, short of stopping the drug."""

    DOSE_STEP = "dose step"
    """Treatment is held, and goes on at a lower dose."""
    INTERRUPTION = "interruption"
    """Doses are held and never lowered, as of antibodies and depots."""
    NONE = "none"
    """What befalls patients with the disease whatever they take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toxicity:
    """How often a harm occurs at the standard dose.

    Parameters
    ----------
    event : str
        The harm.
    grade : str
        ``"any"`` or ``"3+"``.
    rate : Reported
        Share of patients.
    control_rate : Reported, optional
        Share in the control arm.
    exposure_slope : float
        Rise of the log odds with the log of relative exposure.
    leads_to : Consequence
        The most that severe events lead to; where it is none, no event of the kind is
        held to be of the drug.
    rescue : str
        What is given for severe events, such as corticosteroids; empty for nothing.
    """

    event: str
    grade: str = "any"
    rate: Reported
    control_rate: Reported | None = None
    exposure_slope: float = 1.0
    leads_to: Consequence = Consequence.DOSE_STEP
    rescue: str = ""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Discontinuation:
    """Share of patients who stop the drug for harm.

    Parameters
    ----------
    rate : Reported
        Share on the drug.
    control_rate : Reported, optional
        Share in the control arm.
    exposure_slope : float
        Rise of the log odds with the log of relative exposure.
    """

    rate: Reported
    control_rate: Reported | None = None
    exposure_slope: float = 1.0

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


def harm_probability(
    harm: Toxicity | Discontinuation, relative_exposure: ArrayLike
) -> NDArray[np.float64]:
    """Return the probability of a harm in patients of given exposure.

    The log odds rise in proportion to the logarithm of exposure. The slope is assumed
    to be 1 where a drug's file does not say otherwise.

    Parameters
    ----------
    harm : Toxicity or Discontinuation
        Rate at the standard dose.
    relative_exposure : array_like of float
        Average exposure over that of the typical patient at the standard dose; 0
        without the drug.

    Returns
    -------
    ndarray of float64
        Probability, same shape: the published rate at a relative exposure of 1.
    """
    exposed = np.asarray(relative_exposure, dtype=float)
    odds = logit(harm.rate.value / 100.0) + harm.exposure_slope * np.log(
        np.maximum(exposed, 1e-12)
    )
    return np.where(exposed > 0, expit(odds), 0.0)


def attributable_hazard(
    harm: Toxicity | Discontinuation,
    relative_exposure: ArrayLike,
    *,
    months: float,
    control_months: float,
    onset: float,
) -> NDArray[np.float64]:
    """Return the hazard of a harm beyond the control arm, on the first day.

    Hazards of drugs that are taken together add up, so that a drug and its control
    give the published rates of both arms.

    Parameters
    ----------
    harm : Toxicity or Discontinuation
        With or without the rate of its control arm.
    relative_exposure : array_like of float
        As of `harm_probability`.
    months, control_months : float
        Median time on treatment over which the rates of both arms were counted.
    onset : float
        Time constant with which hazards fall, months.

    Returns
    -------
    ndarray of float64
        Initial hazard per month as of `oestra.drugs.onset`, at least 0, same shape.
    """
    share = np.minimum(harm_probability(harm, relative_exposure), 0.9999)
    hazard = initial_hazard(share, months, onset)
    if harm.control_rate is None:
        return hazard
    control = initial_hazard(harm.control_rate.value / 100.0, control_months, onset)
    return np.maximum(hazard - control, 0.0)


def attributable_share(harm: Toxicity | Discontinuation) -> float:
    """Return the share of patients harmed beyond the control arm.

    Parameters
    ----------
    harm : Toxicity or Discontinuation
        With or without the rate of its control arm, which then counts as 0.

    Returns
    -------
    float
        A fraction, at least 0.
    """
    control = harm.control_rate.value if harm.control_rate else 0.0
    return max(harm.rate.value - control, 0.0) / 100.0
