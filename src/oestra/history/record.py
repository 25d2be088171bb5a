"""What is kept of each life: choices of a line, and some tumors before surgery."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.course.tumors import Tumors
from oestra.history.decision import Decisions
from oestra.history.era import era_columns, era_odds
from oestra.history.status import PatientStatus
from oestra.tumor.clone import MUTATION_RATES, Clone
from oestra.tumor.mutation import pre_existing

__all__ = ["record", "record_primaries"]

Rows = NDArray[np.int64]
_PRIMARY_EVERY = 4
"""One patient in so many is also kept as she was before surgery."""


def record(
    tumors: Tumors, status: PatientStatus, rows: Rows, p: ParameterSet, streams: Streams
) -> None:
    """Keep some patients as they are now.

    Parameters
    ----------
    tumors : Tumors
        Tumors of n patients.
    status : PatientStatus
        What is known of them; a decisions is added.
    rows : ndarray of int, shape (k,)
        Which patients.
    p : ParameterSet
        Shares of practice.
    streams : Streams
        Source of chance.
    """
    status.decisions.append(
        Decisions(
            rows=rows,
            facts=status.facts(rows) | era_odds(status, rows, p, streams),
            y=tumors.y[rows].astype(np.float32),
            log_cells=tumors.log_cells[rows].copy(),
        )
    )


def record_primaries(
    tumors: Tumors, status: PatientStatus, p: ParameterSet, streams: Streams
) -> None:
    """Keep some patients as they were before surgery, for trials at that time.

    Parameters
    ----------
    tumors : Tumors
        Untreated tumors of n patients.
    status : PatientStatus
        What is known of them; a decisions is added.
    p : ParameterSet
        The model's parameters.
    streams : Streams
        Source of chance.
    """
    rows = np.flatnonzero(
        (tumors.ids % _PRIMARY_EVERY == 0)
        & ~status.c["de_novo_stage_iv"].to_numpy(dtype=bool)
    )
    ids = tumors.ids[rows]
    spread = streams.normal(Stream.PRIMARY_SIZE, ids)[:, 0]
    log10 = p["primary_log10_cells"] + p["primary_log10_sd"] * spread
    cells = np.zeros((len(rows), len(Clone)))
    cells[:, Clone.PARENTAL] = 10.0**log10
    for clone, name in MUTATION_RATES.items():
        cells[:, clone] = pre_existing(
            10.0**log10, p[name], f"primary {clone.name}", ids, streams
        )
    facts = status.facts(rows)
    nothing = {
        "setting": "primary",
        "disease_free_months": 0.0,
        "adjuvant_code": 0,
        "adjuvant_months": 0.0,
        "months_since_adjuvant": np.nan,
        "last_code": 0,
        "last_therapy_setting": "none",
        "last_therapy_months": 0.0,
        "months_since_last_therapy": np.nan,
        **{f"prior_{name}": False for name in status.practice.every_class},
        **{f"{name}_months": 0.0 for name in status.practice.every_class},
        **dict.fromkeys(era_columns(), 1.0),
    }
    with np.errstate(divide="ignore"):
        log_cells = np.log(cells)
    status.decisions.append(
        Decisions(
            rows=rows,
            facts=facts
            | {name: np.full(len(rows), value) for name, value in nothing.items()},
            y=tumors.y[rows].astype(np.float32),
            log_cells=log_cells,
        )
    )
