"""ADAE: adverse events."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.cdisc.tables import Words
from oestra.trial.adam import ACTIONS
from oestra.trial.tables.source import Source, study_day

__all__ = ["adae"]

_GRADES = ["", "1", "2", "3", "4", "5"]


def _sequence(patient: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the number of each row within its patient, rows being in their order."""
    first = np.r_[True, patient[1:] != patient[:-1]][: patient.size]
    place = np.arange(patient.size)
    start = np.maximum.accumulate(np.where(first, place, 0))
    return place - start + 1


def adae(source: Source) -> dict[str, Any]:
    """Return the columns of ADAE.

    Parameters
    ----------
    source : Source
        The replicate.
    """
    events = source.done.events.sort_values(
        ["patient", "onset_day", "term"], kind="stable"
    )
    who = events["patient"].to_numpy(dtype=np.int64)
    begun = events["onset_day"].to_numpy(dtype=float)
    over = events["end_day"].to_numpy(dtype=float)
    over = np.where(np.isfinite(over), over, np.nan)
    grade = events["grade"].to_numpy(dtype=np.int64)
    term = Words.of(events["term"].to_numpy(dtype=object))
    terms = Words([word.upper() for word in term.words], term.code)
    action = Words.of(events["action"].to_numpy(dtype=object))
    given = Words.of(events["treatment"].to_numpy(dtype=object))
    drug = Words.of(events["drug"].to_numpy(dtype=object))
    start, end = study_day(begun), study_day(over)
    related = events["related"].to_numpy(dtype=bool)
    treated = np.array([word != "" for word in given.words], dtype=bool)[given.code]
    return source.treated(who) | {
        "AESEQ": _sequence(who),
        "AETERM": terms,
        "AEDECOD": terms,
        "AETOXGR": Words(_GRADES, grade),
        "ATOXGRN": grade,
        "TRTEMFL": Words.same("Y", who.size),
        "ASTDT": source.dated(who, begun),
        "ASTDY": start,
        "AENDT": source.dated(who, over),
        "AENDY": end,
        "ADURN": end - start + 1,
        "ADURU": Words(["", "DAYS"], np.isfinite(end).astype(np.int64)),
        "AEACN": Words([ACTIONS[word] for word in action.words], action.code),
        "AEREL": Words(["NOT RELATED", "RELATED"], related.astype(np.int64)),
        "AECONTRT": Words.flag(treated),
        "AECMTRT": Words([word.upper() for word in given.words], given.code),
        "AEDRUG": Words([word.upper() for word in drug.words], drug.code),
    }
