"""What patients are given outside trials, and when practice sees progression."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.history.therapies import Only, Practice, practice
from oestra.tumor.spread import new_lesion_risk

__all__ = [
    "PROGRESSION",
    "Eligible",
    "adjuvant_choice",
    "adjuvant_share",
    "eligible",
    "line_choice",
    "line_odds",
    "may_have",
    "odds_among",
    "sees_progression",
]

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


def adjuvant_share(
    code: Codes, year: Array, ids: NDArray[np.int64], p: ParameterSet,
    streams: Streams,
) -> Array:  # fmt: skip
    """Return how often an adjuvant therapy was given in some years.

    Parameters
    ----------
    code : ndarray of int, shape (n,)
        The therapy of each patient: none, tamoxifen, or her own inhibitor.
    year : ndarray, shape (n,)
        Calendar year of surgery.
    ids : ndarray of int, shape (n,)
        Patient numbers.
    p : ParameterSet
        Shares of practice.
    streams : Streams
        Source of chance.

    Returns
    -------
    ndarray, shape (n,)
        Shares.
    """
    known = practice(p.library)
    odds = known.odds(0, year)
    everybody = np.arange(len(ids))
    own = odds[everybody, _inhibitor(ids, p, streams)]
    total = odds[:, 0] + odds[:, known.code("tamoxifen")] + own
    return odds[everybody, code] / total


def line_odds(
    c: pd.DataFrame,
    barred: NDArray[np.bool_],
    line: int,
    year: Array,
    p: ParameterSet,
    streams: Streams,
) -> Array:
    """Return the odds of each therapy as the next line.

    Parameters
    ----------
    c : DataFrame, n rows
        Traits, indexed by patient number.
    barred : ndarray of bool, shape (n, therapies)
        What each failed on lately, or a drug of its class; it is not given again while
        anything is left.
    line : int
        1 for the first line.
    year : ndarray, shape (n,)
        Calendar year.
    p : ParameterSet
        Shares of practice.
    streams : Streams
        Chance of the patients' own lives.

    Returns
    -------
    ndarray, shape (n, therapies)
        Odds, 0 for no treatment.
    """
    known = practice(p.library)
    return odds_among(known, barred, line, year, eligible(c, p, streams))


@dataclass(frozen=True, slots=True)
class Eligible:
    """What n patients may have for life.

    Parameters
    ----------
    own : ndarray of bool, shape (n, therapies)
        False for the inhibitor of two alike that is not a patient's own.
    may : ndarray of bool, shape (n, therapies)
        As `may_have` returns it.
    """

    own: NDArray[np.bool_]
    may: NDArray[np.bool_]

    def some(self, rows: NDArray[np.int64]) -> "Eligible":
        """Return what some of the patients may have."""
        return Eligible(self.own[rows], self.may[rows])


def eligible(c: pd.DataFrame, p: ParameterSet, streams: Streams) -> Eligible:
    """Return what patients may have for life; see `line_odds`."""
    known = practice(p.library)
    # Of the inhibitors alike, each patient takes her own.
    inhibitor = _inhibitor(c.index.to_numpy(), p, streams)
    own = np.ones((len(c), len(known.names)), dtype=bool)
    for name in ("letrozole", "anastrozole"):
        own[:, known.code(name)] = inhibitor == known.code(name)
    return Eligible(own, may_have(c, known))


def odds_among(
    known: Practice,
    barred: NDArray[np.bool_],
    line: int,
    year: Array,
    among: Eligible,
) -> Array:
    """Return the odds of each therapy as the next line.

    Parameters
    ----------
    known : Practice
        The therapies.
    barred, line
        As `line_odds` takes them.
    year : ndarray, shape (n,) or (1,)
        Calendar year, of each or of all.
    among : Eligible
        What the patients may have.

    Returns
    -------
    ndarray, shape (n, therapies)
        Odds, 0 for no treatment.
    """
    share, alone = known.odds(line, year) * among.own, known.alone
    share = np.where(barred, 1e-9, share + 1e-6) * alone + share * (~barred & ~alone)
    share *= among.may
    share[:, 0] = 0.0
    return share


def may_have(c: pd.DataFrame, known: Practice) -> NDArray[np.bool_]:
    """Tell which therapies the traits of patients allow.

    Parameters
    ----------
    c : DataFrame, n rows
        Traits.
    known : Practice
        Its therapies, of which some are for HER2-positive patients only, and so on.

    Returns
    -------
    ndarray of bool, shape (n, therapies)
        Who may have what.
    """
    her2 = c["her2_positive"].to_numpy(dtype=bool)
    who = {
        Only.HER2_POSITIVE: her2,
        Only.HER2_NEGATIVE: ~her2,
        Only.PIK3CA_MUTANT: (c["pik3ca"] != "wild type").to_numpy(dtype=bool),
    }
    found = np.ones((len(c), len(known.names)), dtype=bool)
    for code, therapy in enumerate(known.therapies):
        for one in therapy.only:
            found[:, code] &= who[one]
    return found


def line_choice(odds: Array, ids: NDArray[np.int64], line: int, luck: Streams) -> Codes:
    """Return the next line of metastatic therapy.

    Parameters
    ----------
    odds : ndarray, shape (n, therapies)
        As `line_odds` returns them.
    ids : ndarray of int, shape (n,)
        Patient numbers.
    line : int
        1 for the first line.
    luck : Streams
        Chance of this choice.

    Returns
    -------
    ndarray of int, shape (n,)
        Codes.
    """
    level = luck.uniform(Stream.LINE.of(line), ids, odds.shape[1])
    # Exponential race: the smallest waiting time wins with odds of its share.
    return np.argmin(-np.log(level) / np.maximum(odds, 1e-300), axis=1)


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
