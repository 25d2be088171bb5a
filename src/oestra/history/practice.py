"""What patients are given outside trials, and when practice sees progression."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.history.therapies import practice
from oestra.tumor.spread import new_lesion_risk

__all__ = ["PROGRESSION", "adjuvant_choice", "line_choice", "sees_progression"]

PROGRESSION = np.log(1.2**3)
"""Log of the rise in volume of 20 % in diameter, progression by RECIST 1.1."""
Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def _inhibitor(ids: NDArray[np.int64], p: ParameterSet, streams: Streams) -> Codes:
    """Letrozole or anastrozole, the same for life."""
    known = practice(p.library)
    letrozole = (
        streams.uniform(Stream.WHICH_INHIBITOR, ids)[:, 0] < p["letrozole_share"]
    )
    return np.where(letrozole, known.code("letrozole"), known.code("anastrozole"))


def adjuvant_choice(c: pd.DataFrame, p: ParameterSet, streams: Streams) -> Codes:
    """Return the adjuvant therapy of patients, as codes of practice.

    Parameters
    ----------
    c : DataFrame, n rows
        Traits, indexed by patient number.
    p : ParameterSet
        Shares of practice.
    streams : Streams
        Source of chance.

    Returns
    -------
    ndarray of int, shape (n,)
        Codes.
    """
    inhibitor = _inhibitor(c.index.to_numpy(), p, streams)
    given = c["adjuvant_therapy"].to_numpy()
    tamoxifen = practice(p.library).code("tamoxifen")
    return np.where(
        given == "nonsteroidal_ai",
        inhibitor,
        np.where(given == "tamoxifen", tamoxifen, 0),
    )


def line_choice(
    ids: NDArray[np.int64],
    had: NDArray[np.bool_],
    line: int,
    p: ParameterSet,
    streams: Streams,
    *,
    luck: Streams | None = None,
) -> Codes:
    """Return the next line of metastatic therapy.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
        Patient numbers.
    had : ndarray of bool, shape (n, therapies)
        What each failed on lately; it is not given again while anything is left.
    line : int
        1 for the first line.
    p : ParameterSet
        Shares of practice.
    streams : Streams
        Chance of the patients' own lives.
    luck : Streams, optional
        Chance of this choice, where it is another.

    Returns
    -------
    ndarray of int, shape (n,)
        Codes.
    """
    known = practice(p.library)
    level = (luck or streams).uniform(Stream.LINE.of(line), ids, len(known.names))
    inhibitor = _inhibitor(ids, p, streams)
    everybody = np.arange(len(ids))
    share = np.zeros((len(ids), len(known.names)))
    if line == 1:
        share[everybody, inhibitor] = p["first_line_ai"]
        share[:, known.code("tamoxifen")] = 1.0 - p["first_line_ai"]
    else:
        share[:] = known.later_odds
        # Of the inhibitors alike, each patient takes her own.
        share[:, [known.code("letrozole"), known.code("anastrozole")]] = 0.0
        share[everybody, inhibitor] = known.later_odds[inhibitor]
    fallback = 1e-6 * (np.array(known.names) != "none")
    share = np.where(had, 1e-9, share + fallback)
    share[:, 0] = 0.0
    # Exponential race: the smallest waiting time wins with odds of its share.
    return np.argmin(-np.log(level) / np.maximum(share, 1e-300), axis=1)


def sees_progression(
    before: Array, total: Array, nadir: Array, luck: Array, p: Mapping[str, float],
    days: float,
) -> NDArray[np.bool_]:  # fmt: skip
    """Tell who progressed in a period: 20 % in diameter over nadir, or a new lesion.

    Parameters
    ----------
    before, total : ndarray, shape (n,)
        Log of all cells at the start and the end of the period.
    nadir : ndarray, shape (n,)
        Lowest log of all cells of the line; changed.
    luck : ndarray, shape (n,)
        What is left of the cumulative hazard at which a new lesion comes; changed.
    p : mapping of str to float
        Hazard of new lesions.
    days : float
        Length of the period.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for progression.
    """
    luck -= new_lesion_risk(before, total, days, p)
    # A tumor that no scan shows has no size; its return to sight is progression.
    least = np.log(10.0) * p["visible_log10_cells"]
    np.minimum(nadir, np.maximum(total, least), out=nadir)
    return (total - nadir > PROGRESSION) | (luck < 0)
