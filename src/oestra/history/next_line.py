"""The next line of therapy: keep the moment, choose among what has not failed."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_YEAR
from oestra.course.tumors import Tumors
from oestra.history.era import begin_era, note_choice
from oestra.history.practice import line_choice, line_odds
from oestra.history.record import record
from oestra.history.status import DECISION_LINES, PatientStatus

__all__ = ["start_line"]

Rows = NDArray[np.int64]


def start_line(
    tumors: Tumors, status: PatientStatus, rows: Rows, p: ParameterSet, streams: Streams
) -> None:
    """Keep the moment, choose the next line of some patients, and begin it.

    Parameters
    ----------
    tumors : Tumors
        Tumors of n patients.
    status : PatientStatus
        What is known of them; changed. Nobody is followed after the last moment.
    rows : ndarray of int, shape (k,)
        Who relapsed or progressed now.
    p : ParameterSet
        The model's parameters.
    streams : Streams
        Source of chance.
    """
    if not len(rows):
        return
    begin_era(status, rows[status.line[rows] == 0], p, streams)
    later = rows[status.line[rows] > 0]
    status.days_on[later, status.therapy[later]] += status.last_days[later]
    record(tumors, status, rows, p, streams)
    stop = status.line[rows] >= DECISION_LINES
    status.active[rows[stop]] = False
    rows = rows[~stop]
    done = status.line[rows]
    for line in range(1, DECISION_LINES + 1):
        here = rows[done == line - 1]
        if len(here):
            _choose(status, here, line, p, streams)
            status.nadir[here] = tumors.total(here)


def _choose(
    status: PatientStatus, here: Rows, line: int, p: ParameterSet, streams: Streams
) -> None:
    """Choose a line among what has not failed, and begin it."""
    lately = DAYS_PER_YEAR * p["recent_therapy_years"]
    barred = status.barred(here)
    recent = status.relapse_day[here] - status.adjuvant_end[here] < lately
    relapsed = np.flatnonzero(recent & (status.adjuvant[here] > 0))
    barred[relapsed] |= status.practice.alike[status.adjuvant[here][relapsed]]
    c = status.c.iloc[here]
    since = (status.day[here] - status.relapse_day[here]) / DAYS_PER_YEAR
    year = status.first_year[here] + since
    odds = line_odds(c, barred, line, year, p, streams)
    chosen = line_choice(odds, c.index.to_numpy(), line, streams)
    note_choice(status, here, line, (chosen, barred), p, streams)
    status.therapy[here] = chosen
    status.had[here, chosen] = True
    status.line[here] = line
    status.line_start[here] = status.day[here]
