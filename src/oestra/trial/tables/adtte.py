"""ADTTE: times to events, one row a patient and time."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.cdisc.tables import Words
from oestra.evidence.vocabulary import Endpoint as Word
from oestra.trial.analysis import TimeToEvent
from oestra.trial.endpoints import ENDPOINTS
from oestra.trial.statistic import Median
from oestra.trial.tables.source import Source, study_day
from oestra.trial.tables.stack import Part, stacked
from oestra.trial.two_readings import by_other_reader, other_reader

__all__ = ["adtte"]


def _reasons(
    source: Source, time: TimeToEvent, who: NDArray[np.integer]
) -> dict[str, Any]:
    table = source.patients
    event = table[f"{time}_event"].to_numpy(dtype=bool)[who]
    reason = Words.of(table[f"{time}_reason"].to_numpy(dtype=object)[who])
    words = [*(word.upper() for word in reason.words), ""]
    none = len(words) - 1
    return {
        "CNSR": 1 - event.astype(np.int64),
        "EVNTDESC": Words(words, np.where(event, reason.code, none)),
        "CNSDTDSC": Words(words, np.where(event, none, reason.code)),
    }


def _part(
    source: Source,
    name: str,
    time: TimeToEvent,
    who: NDArray[np.integer],
    start: NDArray[np.float64],
    value: NDArray[np.float64],
) -> Part:
    end = source.patients[f"{time}_day"].to_numpy()[who]
    code = Words.same(name, who.size)
    return (
        source.treated(who)
        | {
            "PARAMCD": code,
            "PARAM": source.decoded("TTEPRM", code),
            "AVAL": value,
            "STARTDT": source.dated(who, start),
            "ADT": source.dated(who, end),
            "ADY": study_day(end),
            "STRATARN": source.patients["stratum"].to_numpy()[who],
        }
        | _reasons(source, time, who)
    )


def _by_other_reader(source: Source) -> list[Part]:
    """Return the times that depend on who reads the scans, by the other reader."""
    reader = other_reader(source.design)
    if reader is None:
        return []
    again = replace(source.done, patients=by_other_reader(source.patients))
    theirs, every = replace(source, done=again), np.arange(source.size)
    return [
        _part(
            theirs,
            time.value.upper() + reader.code,
            time,
            every,
            np.zeros(source.size),
            theirs.patients[f"{time}_day"].to_numpy(),
        )
        for time in source.design.endpoints
        if time is not TimeToEvent.OS
    ]


def adtte(source: Source) -> dict[str, Any]:
    """Return the columns of ADTTE.

    Parameters
    ----------
    source : Source
        The replicate.
    """
    every, table = np.arange(source.size), source.patients
    parts = [
        _part(
            source,
            time.value.upper(),
            time,
            every,
            np.zeros(source.size),
            table[f"{time}_day"].to_numpy(),
        )
        for time in source.design.endpoints
    ]
    parts += _by_other_reader(source)
    lasting = ENDPOINTS[Word.RESPONSE_DURATION_MEDIAN].statistic
    assert isinstance(lasting, Median)  # noqa: S101 - the registry says so
    times = lasting.times(table)
    who = np.flatnonzero(times.among)
    start = table["response_day"].to_numpy()[who]
    parts.append(_part(source, "DOR", TimeToEvent.PFS, who, start, times.day[who]))
    return stacked(parts)
