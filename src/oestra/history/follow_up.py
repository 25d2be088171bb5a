"""Follow-up after each period: relapse, progression, cure and the end of follow-up."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_YEAR
from oestra.course.tumors import Tumors
from oestra.history.next_line import start_line
from oestra.history.practice import PROGRESSION, sees_progression
from oestra.history.status import YEARS_FOLLOWED, PatientStatus
from oestra.tumor.burden import log_total

__all__ = ["LINE_YEARS", "PERIOD_DAYS", "decide"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
PERIOD_DAYS = 56.0
LINE_YEARS = 8
"""Who is still on a line after so long is followed no further."""
_FIRST_LOOK_DAYS = PERIOD_DAYS
"""On a line, practice first looks for progression after about two months."""


def decide(
    tumors: Tumors, status: PatientStatus, rows: Rows, began: tuple[Array, Array],
    p: ParameterSet, streams: Streams,
) -> None:  # fmt: skip
    """Find relapse, progression, cure and the end of follow-up; begin next lines.

    Parameters
    ----------
    tumors : Tumors
        Tumors of n patients; taken back to the event where one is found.
    status : PatientStatus
        What is known of them; changed.
    rows : ndarray of int, shape (k,)
        Who lived through the last period.
    began : tuple of ndarray
        Their states and log cell numbers at its start.
    p : ParameterSet
        The model's parameters.
    streams : Streams
        Source of chance.
    """
    early = status.line[rows] == 0
    before, total = log_total(began[1]), tumors.total(rows)
    status.active[rows[~np.isfinite(total)]] = False
    turned = early & (total >= status.detect[rows])
    share = np.where(early, _crossing(before, total, status.detect[rows]), 1.0)
    old = (
        early
        & (status.day[rows] > DAYS_PER_YEAR * YEARS_FOLLOWED)
        & (total < status.detect[rows])
    )
    status.active[rows[old]] = False
    late = np.flatnonzero(~early)
    turned[late], share[late] = _progressed(tumors, status, rows[late], before[late], p)
    looked = status.day[rows[late]] - status.line_start[rows[late]] - _FIRST_LOOK_DAYS
    unseen = np.clip(1.0 - looked / PERIOD_DAYS, 0.0, 1.0)
    share[late] = np.maximum(share[late], unseen)
    which = np.flatnonzero(turned)
    parts = began[0][which], began[1][which]
    _rewind(tumors, status, rows[which], share[which], parts)
    relapsed = rows[early & turned]
    status.relapse_day[relapsed] = status.day[relapsed]
    status.last_days[rows[late]] = (
        status.day[rows[late]] - status.line_start[rows[late]]
    )
    endless = rows[late][status.last_days[rows[late]] > DAYS_PER_YEAR * LINE_YEARS]
    status.active[endless] = False
    turn = rows[which]
    start_line(tumors, status, turn[status.active[turn]], p, streams)


def _progressed(
    tumors: Tumors, status: PatientStatus, rows: Rows, before: Array, p: ParameterSet
) -> tuple[NDArray[np.bool_], Array]:
    """Tell who progressed in the last period, and after what share of it.

    Practice also calls progression what is none: flare, markers, other symptoms.
    """
    line = status.line[rows]
    total = tumors.total(rows)
    nadir, luck = status.nadir[rows], status.new_lesion[rows, line]
    found = sees_progression(before, total, nadir, luck, p, PERIOD_DAYS)
    mistaken = status.mistaken[rows, line] - p["mistaken_progression"] * PERIOD_DAYS
    share = np.minimum(
        _crossing(before, total, nadir + PROGRESSION),
        np.minimum(
            _crossing(-status.new_lesion[rows, line], -luck, 0.0),
            _crossing(-status.mistaken[rows, line], -mistaken, 0.0),
        ),
    )
    status.nadir[rows], status.new_lesion[rows, line] = nadir, luck
    status.mistaken[rows, line] = mistaken
    return found | (mistaken < 0), share


def _crossing(before: Array, after: Array, level: Array | float) -> Array:
    """Return the share of a period after which a level was passed, 1 for never."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (level - before) / (after - before)
    return np.where((after > level) & (share > 0.0), np.minimum(share, 1.0), 1.0)


def _rewind(
    tumors: Tumors,
    status: PatientStatus,
    rows: Rows,
    share: Array,
    began: tuple[Array, Array],
) -> None:
    """Take patients back to the moment of their event within the last period.

    Between the ends of a period, states and log cell numbers are taken as linear.
    """
    y, log_cells = began
    part = share[:, None]
    tumors.y[rows] = y + part[:, :, None] * (tumors.y[rows] - y)
    now = tumors.log_cells[rows]
    known = np.isfinite(now) & np.isfinite(log_cells)
    with np.errstate(invalid="ignore"):
        between = log_cells + part * (now - log_cells)
    tumors.log_cells[rows] = np.where(known, between, now)
    status.day[rows] -= (1.0 - share) * PERIOD_DAYS
