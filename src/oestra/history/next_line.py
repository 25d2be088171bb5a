"""The next line of therapy: keep the moment, choose among what has not failed."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_YEAR
from oestra.course.tumors import Tumors
from oestra.history.practice import line_choice
from oestra.history.record import record
from oestra.history.status import MOMENT_LINES, Lives

__all__ = ["start_line"]

Rows = NDArray[np.int64]


def start_line(
    tumors: Tumors, lives: Lives, rows: Rows, p: ParameterSet, streams: Streams
) -> None:
    """Keep the moment, choose the next line of some patients, and begin it.

    Parameters
    ----------
    tumors : Tumors
        Tumors of n patients.
    lives : Lives
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
    record(tumors, lives, rows)
    stop = lives.line[rows] >= MOMENT_LINES
    lives.active[rows[stop]] = False
    rows = rows[~stop]
    done = lives.line[rows]
    for line in range(1, MOMENT_LINES + 1):
        here = rows[done == line - 1]
        if not len(here):
            continue
        failed = lives.had[here].copy()
        recent = lives.relapse_day[here] - lives.adjuvant_end[here] < DAYS_PER_YEAR
        relapsed_on = np.flatnonzero(recent & (lives.adjuvant[here] > 0))
        failed[relapsed_on, lives.adjuvant[here][relapsed_on]] = True
        lives.therapy[here] = line_choice(lives.c.iloc[here], failed, line, p, streams)
        lives.had[here, lives.therapy[here]] = True
        lives.line[here] = line
        lives.line_start[here] = lives.day[here]
        lives.nadir[here] = tumors.total(here)
