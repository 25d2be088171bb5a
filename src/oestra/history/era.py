"""Eras: one pool of lives, weighted to what practice was in a year.

Each life is lived in some year; what its years decide is which therapies were given.
Lives of every era are drawn together, and a decision counts for a year by how likely
its therapies were if it fell there, over how likely they were to be drawn at all [1]_.
So a woman who took tamoxifen and an inhibitor serves every era in which that was done.

References
----------
.. [1] Veach E, Guibas LJ (1995). Optimally combining sampling techniques for Monte
   Carlo rendering. SIGGRAPH 95, 419-428. The balance heuristic.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_YEAR
from oestra.history.practice import adjuvant_share, line_odds
from oestra.history.status import PatientStatus
from oestra.patients.habits import adjuvant_shares

__all__ = [
    "ERAS",
    "FIRST_YEARS",
    "begin_era",
    "era_columns",
    "era_odds",
    "log_share",
    "note_choice",
]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
ERAS = (2000, 2006, 2012, 2018, 2023)
"""Years to which decisions are weighted; between two of them, both count."""
FIRST_YEARS = (1998.0, 2001.0, 2004.0, 2007.0, 2010.0, 2012.0, 2016.0, 2021.0)
"""Years of the first metastatic therapy of the lives that are drawn."""


def era_columns() -> tuple[str, ...]:
    """Return the names of the columns of decisions that weight them to `ERAS`."""
    return tuple(f"era_{year}" for year in ERAS)


def log_share(odds: Array, code: Rows) -> Array:
    """Return the log of the chance of what was chosen, shape (n,).

    Parameters
    ----------
    odds : ndarray, shape (n, therapies)
        Odds of all.
    code : ndarray of int, shape (n,)
        What was chosen.
    """
    chosen = odds[np.arange(len(code)), code]
    with np.errstate(divide="ignore"):
        return np.log(chosen) - np.log(odds.sum(axis=1))


def _adjuvant(
    status: PatientStatus, rows: Rows, year: Array, p: ParameterSet, streams: Streams
) -> Array:
    """Return how often the adjuvant therapy was given, 1 for de novo stage IV."""
    c = status.c.iloc[rows]
    ids = c.index.to_numpy()
    share = adjuvant_share(status.adjuvant[rows], year, ids, p, streams)
    return np.where(c["de_novo_stage_iv"].to_numpy(dtype=bool), 1.0, share)


def begin_era(
    status: PatientStatus, rows: Rows, p: ParameterSet, streams: Streams
) -> None:
    """Draw the year in which some patients begin their first metastatic therapy.

    Parameters
    ----------
    status : PatientStatus
        What is known of n patients; changed.
    rows : ndarray of int, shape (k,)
        Who is to begin.
    p : ParameterSet
        Shares of practice.
    streams : Streams
        Source of chance.
    """
    if not len(rows):
        return
    since = np.nan_to_num(status.relapse_day[rows]) / DAYS_PER_YEAR
    given = [_adjuvant(status, rows, year - since, p, streams) for year in FIRST_YEARS]
    # An adjuvant therapy that no year explains falls in the last.
    chance = np.stack(given, axis=1)
    chance[:, -1] += np.where(chance.sum(axis=1) > 0, 0.0, 1.0)
    chance /= chance.sum(axis=1, keepdims=True)
    level = streams.uniform(Stream.ERA, status.c.index.to_numpy()[rows])[:, 0]
    place = (np.cumsum(chance, axis=1) < level[:, None]).sum(axis=1)
    drawn = np.minimum(place, len(FIRST_YEARS) - 1)
    status.first_year[rows] = np.array(FIRST_YEARS)[drawn]
    with np.errstate(divide="ignore"):
        status.log_drawn[rows] = np.log(chance)


def note_choice(
    status: PatientStatus,
    rows: Rows,
    line: int,
    chosen: tuple[Rows, NDArray[np.bool_]],
    p: ParameterSet,
    streams: Streams,
) -> None:
    """Keep a choice, and how likely it was in each of `FIRST_YEARS`.

    Parameters
    ----------
    status : PatientStatus
        What is known of n patients; changed.
    rows : ndarray of int, shape (k,)
        Who begins a line.
    line : int
        1 for the first.
    chosen : tuple of ndarray
        Codes, shape (k,), and what was barred, shape (k, therapies).
    p : ParameterSet
        Shares of practice.
    streams : Streams
        Source of chance.
    """
    code, barred = chosen
    c = status.c.iloc[rows]
    status.choice_day[rows, line - 1] = status.day[rows]
    status.choice_code[rows, line - 1] = code
    status.choice_barred[rows, line - 1] = barred
    since = (status.day[rows] - status.relapse_day[rows]) / DAYS_PER_YEAR
    for place, first in enumerate(FIRST_YEARS):
        odds = line_odds(c, barred, line, first + since, p, streams)
        status.log_drawn[rows, place] += log_share(odds, code)


def era_odds(
    status: PatientStatus, rows: Rows, p: ParameterSet, streams: Streams
) -> dict[str, Array]:
    """Return how much the decisions of some patients count in each era.

    Parameters
    ----------
    status : PatientStatus
        What is known of n patients.
    rows : ndarray of int, shape (k,)
        Who decides now.
    p : ParameterSet
        Shares of practice, and those by which adjuvant therapy was drawn.
    streams : Streams
        Source of chance.

    Returns
    -------
    dict of str to ndarray, shape (k,)
        By column, over the weight of the patient in the pool.
    """
    c = status.c.iloc[rows]
    line, now = status.line[rows], status.day[rows]
    by_chance = np.log(_as_drawn(c, p))
    with np.errstate(divide="ignore"):
        drawn = by_chance + np.log(np.exp(status.log_drawn[rows]).sum(axis=1))
    found: dict[str, Array] = {}
    for name, era in zip(era_columns(), ERAS, strict=True):
        start = era - now / DAYS_PER_YEAR
        with np.errstate(divide="ignore"):
            likely = np.log(_adjuvant(status, rows, start, p, streams))
        for number in range(1, int(line.max(initial=0)) + 1):
            here = np.flatnonzero(line >= number)
            who = rows[here]
            year = start[here] + status.choice_day[who, number - 1] / DAYS_PER_YEAR
            barred = status.choice_barred[who, number - 1]
            odds = line_odds(c.iloc[here], barred, number, year, p, streams)
            likely[here] += log_share(odds, status.choice_code[who, number - 1])
        found[name] = np.exp(likely - drawn)
    return found


def _as_drawn(c: pd.DataFrame, p: ParameterSet) -> Array:
    """Return how often the adjuvant therapy is drawn, weights of the pool applied."""
    shares = adjuvant_shares(p)
    given = np.array([shares[str(name)] for name in c["adjuvant_therapy"]])
    return np.where(c["de_novo_stage_iv"].to_numpy(dtype=bool), 1.0, given)
