"""How often a drug harms, and how that follows exposure."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from oestra.drugs.drug import Discontinuation, Toxicity

__all__ = ["attributable_share", "harm_probability"]


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
