"""What patients are given outside trials, and when practice sees progression."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.streams import Streams
from oestra.drugs.regimen import Regimen
from oestra.tumor.spread import new_lesion_risk

__all__ = [
    "NAMES",
    "PROGRESSION",
    "REGIMENS",
    "adjuvant_choice",
    "line_choice",
    "sees_progression",
    "therapy_class",
]

REGIMENS: dict[str, Regimen] = {
    "none": Regimen(),
    "tamoxifen": Regimen.parse("tamoxifen 20 mg daily"),
    "letrozole": Regimen.parse("letrozole 2.5 mg daily"),
    "anastrozole": Regimen.parse("anastrozole 1 mg daily"),
    "exemestane": Regimen.parse("exemestane 25 mg daily"),
    "fulvestrant": Regimen.parse("fulvestrant 250 mg every 28 days"),
}
"""Endocrine therapy of the years before and around the review."""

NAMES = tuple(REGIMENS)
_CLASSES = {"letrozole": "nonsteroidal_ai", "anastrozole": "nonsteroidal_ai"}
PROGRESSION = np.log(1.2**3)
Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def therapy_class(code: int) -> str:
    """Name a therapy as eligibility criteria do."""
    return _CLASSES.get(NAMES[code], NAMES[code])


def _inhibitor(
    ids: NDArray[np.int64], p: Mapping[str, float], streams: Streams
) -> Codes:
    """Letrozole or anastrozole, the same for life."""
    letrozole = streams.uniform("which inhibitor", ids)[:, 0] < p["letrozole_share"]
    return np.where(letrozole, NAMES.index("letrozole"), NAMES.index("anastrozole"))


def adjuvant_choice(c: pd.DataFrame, p: Mapping[str, float], streams: Streams) -> Codes:
    """Return the adjuvant therapy of patients, as positions in `REGIMENS`.

    Parameters
    ----------
    c : DataFrame, n rows
        Traits, indexed by patient number.
    p : mapping of str to float
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
    tamoxifen = np.where(given == "tamoxifen", NAMES.index("tamoxifen"), 0)
    return np.where(given == "nonsteroidal_ai", inhibitor, tamoxifen)


def line_choice(
    c: pd.DataFrame,
    had: NDArray[np.bool_],
    line: int,
    p: Mapping[str, float],
    streams: Streams,
    *,
    luck: Streams | None = None,
) -> Codes:
    """Return the next line of metastatic therapy.

    Parameters
    ----------
    c : DataFrame, n rows
        Traits, indexed by patient number.
    had : ndarray of bool, shape (n, regimens)
        What each failed on lately; it is not given again while anything is left.
    line : int
        1 for the first line.
    p : mapping of str to float
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
    ids = c.index.to_numpy()
    level = (luck or streams).uniform(f"line {line}", ids, len(NAMES))
    inhibitor = _inhibitor(ids, p, streams)
    share = np.zeros((len(ids), len(NAMES)))
    if line == 1:
        share[np.arange(len(ids)), inhibitor] = p["first_line_ai"]
        share[:, NAMES.index("tamoxifen")] = 1.0 - p["first_line_ai"]
    else:
        for name in ("tamoxifen", "exemestane", "fulvestrant"):
            share[:, NAMES.index(name)] = 1.0
        share[np.arange(len(ids)), inhibitor] = 1.0
    fallback = 1e-6 * (np.array(NAMES) != "none")
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
