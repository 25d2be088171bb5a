"""Earlier lines, simulated: adjuvant therapy, relapse, metastatic lines, progression.

A trial's eligibility is a filter on the decisions that come out of this; nothing here
knows of any trial.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_YEAR
from oestra.course.assemble import Lanes
from oestra.course.pace import TURNOVER
from oestra.engagement.load_table import load_table
from oestra.history.decision import Decisions, merge
from oestra.history.follow_up import LINE_YEARS, PERIOD_DAYS, decide
from oestra.history.next_line import start_line
from oestra.history.observation import Observation, unwatched
from oestra.history.onset import begin
from oestra.history.record import record_primaries
from oestra.history.status import DECISION_LINES, YEARS_FOLLOWED, PatientStatus
from oestra.history.therapies import practice
from oestra.tumor.burden import log_total
from oestra.tumor.slowing import pace_of_size

__all__ = ["DECISION_LINES", "Decisions", "simulate_histories"]


def _given(
    status: PatientStatus, rows: NDArray[np.int64], early: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return what patients take: adjuvant therapy, then nothing, then their line."""
    lasts = status.day[rows] < status.adjuvant_end[rows]
    adjuvant = np.where(lasts, status.adjuvant[rows], 0)
    return np.where(early, adjuvant, status.therapy[rows])


def simulate_histories(
    lanes: Lanes,
    c: pd.DataFrame,
    p: ParameterSet,
    streams: Streams,
    *,
    watch: Callable[[Observation], None] = unwatched,
) -> Decisions:
    """Simulate patients from surgery, or from stage IV diagnosis, through their lines.

    Parameters
    ----------
    lanes : Lanes
        Clones of n patients.
    c : DataFrame, n rows
        Traits, indexed by patient number.
    p : ParameterSet
        The model's parameters.
    streams : Streams
        Source of chance.
    watch : callable, optional
        Called with the patients still followed at the end of each period.

    Returns
    -------
    Decisions
        Every moment at which a line was to be chosen, patient by patient: the primary
        tumor of some, first metastatic therapy, each progression up to the third.
    """
    tumors, status = begin(lanes, c, p, streams)
    nobody = np.zeros(len(c), dtype=np.int64)
    watch(
        Observation(
            rows=np.arange(len(c)),
            day=status.day.copy(),
            line=nobody,
            given=nobody,
            log_cells=tumors.log_cells.copy(),
        )
    )
    record_primaries(tumors, status, p, streams)
    therapies = practice(p.library).regimens
    # Adjuvant therapy is taken as healthy people take it, later therapy in full.
    names, adjuvant = load_table(therapies, c, p, streams, adherent=False)
    loads = np.stack([adjuvant, load_table(therapies, c, p, streams, adherent=True)[1]])
    columns = [lanes.cell.column(name) for name in names]
    paces = [lanes.cell.column(name) for name in TURNOVER]
    de_novo = np.flatnonzero(c["de_novo_stage_iv"].to_numpy(dtype=bool))
    status.relapse_day[de_novo] = 0.0
    start_line(tumors, status, de_novo, p, streams)
    at = np.array([PERIOD_DAYS])
    for period in range(
        int(
            DAYS_PER_YEAR * (YEARS_FOLLOWED + DECISION_LINES * LINE_YEARS) / PERIOD_DAYS
        )
    ):
        rows = np.flatnonzero(status.active)
        if not len(rows):
            break
        early = status.line[rows] == 0
        given = _given(status, rows, early)
        parameters = lanes.p[rows]
        parameters[:, :, columns] = loads[(~early).astype(int), given, rows][:, None, :]
        began = tumors.y[rows], tumors.log_cells[rows]
        pace = np.where(early, pace_of_size(log_total(began[1]), p), 1.0)
        parameters[:, :, paces] *= pace[:, None, None]
        tumors.grow(parameters, rows, at)
        tumors.mutate(rows, period, p, streams)
        status.day[rows] += PERIOD_DAYS
        line = status.line[rows]
        decide(tumors, status, rows, began, p, streams)
        watch(
            Observation(
                rows=rows,
                day=status.day[rows],
                line=line,
                given=given,
                log_cells=tumors.log_cells[rows],
            )
        )
    return merge(status.decisions)
