"""The next line of therapy: keep the moment, choose among what has not failed."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_YEAR
from oestra.course.tumors import Tumors
from oestra.history.practice import line_choice
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
    record(tumors, status, rows)
    stop = status.line[rows] >= DECISION_LINES
    status.active[rows[stop]] = False
    rows = rows[~stop]
    done = status.line[rows]
    lately = DAYS_PER_YEAR * p["recent_therapy_years"]
    for line in range(1, DECISION_LINES + 1):
        here = rows[done == line - 1]
        if not len(here):
            continue
        failed = status.had[here].copy()
        recent = status.relapse_day[here] - status.adjuvant_end[here] < lately
        relapsed_on = np.flatnonzero(recent & (status.adjuvant[here] > 0))
        failed[relapsed_on, status.adjuvant[here][relapsed_on]] = True
        status.therapy[here] = line_choice(
            status.c.index.to_numpy()[here], failed, line, p, streams
        )
        status.had[here, status.therapy[here]] = True
        status.line[here] = line
        status.line_start[here] = status.day[here]
        status.nadir[here] = tumors.total(here)
