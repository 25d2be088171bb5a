"""How lives begin: disease after surgery or at stage IV diagnosis, and dormancy."""

import numpy as np
import pandas as pd

from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.core.units import DAYS_PER_YEAR
from oestra.course.assemble import Lanes
from oestra.course.tumors import Tumors, settle
from oestra.history.era import FIRST_YEARS
from oestra.history.practice import adjuvant_choice
from oestra.history.status import DECISION_LINES, YEARS_FOLLOWED, PatientStatus
from oestra.history.therapies import practice
from oestra.tumor.clone import MUTATION_RATES, Clone
from oestra.tumor.mutation import pre_existing

__all__ = ["begin"]


def begin(
    lanes: Lanes, c: pd.DataFrame, p: ParameterSet, streams: Streams
) -> tuple[Tumors, PatientStatus]:
    """Draw the disease that each patient starts with, and her adjuvant therapy.

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

    Returns
    -------
    tumors : Tumors
        Untreated tumors: micrometastases, or metastases of de novo stage IV.
    status : PatientStatus
        Nothing known but the start; the day is the one on which dormancy ends.
    """
    ids = c.index.to_numpy()
    n = len(c)
    z = streams.normal(Stream.BURDEN, ids, 2)
    de_novo = c["de_novo_stage_iv"].to_numpy(dtype=bool)
    detect = p["detection_log10_cells"] + p["detection_log10_sd"] * z[:, 0]
    micro = p["micrometastasis_log10_cells"] + p["micrometastasis_log10_sd"] * z[:, 1]
    cells = 10.0 ** np.where(de_novo, detect, np.clip(micro, 0.5, detect - 1.0))
    grown = np.where(de_novo, cells, 10.0 ** p["primary_log10_cells"])
    number = np.zeros((n, len(Clone)))
    number[:, Clone.PARENTAL] = cells
    for clone, name in MUTATION_RATES.items():
        mutants = pre_existing(grown, p[name], clone.name, ids, streams)
        # Cells that seed metastases are a sample of the primary tumor.
        seeded = streams.poisson(
            Stream.SEEDING.of(clone.name), ids, mutants * cells / grown
        )
        number[:, clone] = np.where(de_novo, mutants, np.minimum(seeded, cells))
    with np.errstate(divide="ignore"):
        log_cells = np.log(number)
    tumors = Tumors(cell=lanes.cell, ids=ids, y=settle(lanes), log_cells=log_cells)
    u = streams.uniform(Stream.DORMANCY, ids, 2)
    asleep = np.where(
        u[:, 0] < p["dormant_share"], -np.log(u[:, 1]) * p["dormancy_years"], 0.0
    )
    day = np.where(de_novo, 0.0, DAYS_PER_YEAR * asleep)
    known = practice(p.library)
    therapies = len(known.names)
    status = PatientStatus(
        c=c,
        day=day,
        therapy=np.zeros(n, dtype=np.int64),
        adjuvant=adjuvant_choice(c, p, streams),
        adjuvant_end=DAYS_PER_YEAR * c["adjuvant_years"].to_numpy(),
        line=np.zeros(n, dtype=np.int64),
        line_start=np.zeros(n),
        relapse_day=np.full(n, np.nan),
        detect=np.log(10.0) * detect,
        nadir=np.log(10.0) * detect,
        new_lesion=streams.exponential(
            Stream.HISTORY_NEW_LESION, ids, DECISION_LINES + 2
        ),
        mistaken=streams.exponential(
            Stream.MISTAKEN_PROGRESSION, ids, DECISION_LINES + 2
        ),
        had=np.zeros((n, therapies), dtype=bool),
        practice=known,
        days_on=np.zeros((n, therapies)),
        last_days=np.zeros(n),
        first_year=np.full(n, np.nan),
        log_drawn=np.zeros((n, len(FIRST_YEARS))),
        choice_day=np.zeros((n, DECISION_LINES)),
        choice_code=np.zeros((n, DECISION_LINES), dtype=np.int64),
        choice_barred=np.zeros((n, DECISION_LINES, therapies), dtype=bool),
        active=day < DAYS_PER_YEAR * YEARS_FOLLOWED,
    )
    return tumors, status
