"""Who is before menopause, and the estradiol that her ovaries make.

The population is drawn as if everybody were after menopause, as nearly all patients of
the review were. Only a trial that asks for menopausal status draws it, so that no other
result depends on it.
"""

import numpy as np
from numpy.typing import NDArray

from oestra.core.quantity import Origin, Quantity
from oestra.core.stream import Stream
from oestra.core.streams import Streams

__all__ = [
    "MENOPAUSE_AGE",
    "MENOPAUSE_AGE_SD",
    "OVARIAN_ESTRADIOL",
    "OVARIAN_ESTRADIOL_LOG_SD",
    "ovarian_estradiol",
    "premenopausal",
]

Array = NDArray[np.float64]
Ids = NDArray[np.int64]

MENOPAUSE_AGE = Quantity(
    value=51.0,
    unit="1",
    interval=(48.0, 53.0),
    origin=Origin.ASSUMED,
    reason="Mean age at menopause in years, from general knowledge.",
)
"""Mean age at which ovaries cease, years."""
MENOPAUSE_AGE_SD = Quantity(
    value=4.0,
    unit="1",
    interval=(2.5, 6.0),
    origin=Origin.ASSUMED,
    reason="Most women come to menopause between 43 and 58, from general knowledge.",
)
"""Its standard deviation between women, years."""
OVARIAN_ESTRADIOL = Quantity(
    value=0.4,
    unit="nM",
    interval=(0.12, 1.0),
    origin=Origin.ASSUMED,
    reason=(
        "Mean over a menstrual cycle in plasma, from general knowledge; more than ten "
        "times what there is after menopause. Cycles themselves are left out."
    ),
)
"""Estradiol in plasma that the ovaries of the median premenopausal woman make."""
OVARIAN_ESTRADIOL_LOG_SD = Quantity(
    value=0.5,
    unit="1",
    interval=(0.2, 0.8),
    origin=Origin.ASSUMED,
    reason="Women before menopause differ as those after it do, or a little less.",
)
"""Standard deviation of its log between women."""


def premenopausal(ids: Ids, age_years: Array, streams: Streams) -> NDArray[np.bool_]:
    """Tell who is before menopause.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
        Patient numbers.
    age_years : ndarray, shape (n,)
        Ages.
    streams : Streams
        Chance of the patients' own lives; the age at menopause is hers for life.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where her age at menopause is still to come.
    """
    spread = streams.normal(Stream.MENOPAUSE, ids)[:, 0]
    return age_years < MENOPAUSE_AGE.value + MENOPAUSE_AGE_SD.value * spread


def ovarian_estradiol(ids: Ids, streams: Streams) -> Array:
    """Draw the estradiol in plasma that ovaries make before menopause.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
        Patient numbers.
    streams : Streams
        Chance of the patients' own lives.

    Returns
    -------
    ndarray, shape (n,)
        Without suppression, nM.
    """
    spread = streams.normal(Stream.OVARIES, ids)[:, 0]
    return OVARIAN_ESTRADIOL.value * np.exp(OVARIAN_ESTRADIOL_LOG_SD.value * spread)
