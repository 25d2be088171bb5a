"""ADRS: responses at each visit, and once a patient."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.cdisc.tables import Words
from oestra.evidence.vocabulary import Endpoint as Word
from oestra.trial.adam import RESPONSES
from oestra.trial.arm_scans import ArmScans
from oestra.trial.endpoints import ENDPOINTS
from oestra.trial.outcomes import best_until
from oestra.trial.response_code import Code
from oestra.trial.statistic import Share
from oestra.trial.tables.source import Source, study_day
from oestra.trial.tables.stack import Part, stacked
from oestra.trial.tables.visits import visit_names

__all__ = ["CONFIRMED_WEEKS", "adrs"]

CONFIRMED_WEEKS = 4.0
"""Weeks to the scan that confirms, where the trial asks for none: those of RECIST."""
_WORDS = [str(one) for one in RESPONSES]


def _visits(source: Source, one: ArmScans) -> Part:
    row, visit = np.nonzero(one.scanned)
    who = one.patient[row]
    code = one.assessment.response[row, visit].astype(np.int64)
    day = one.assessment.schedule.day[row, visit]
    name = Words.same("OVRLRESP", who.size)
    return source.treated(who) | {
        "PARAMCD": name,
        "PARAM": source.decoded("RSPPRM", name),
        "AVALC": Words(_WORDS, code),
        "AVAL": code,
        **visit_names(visit + 1),
        "ADT": source.dated(who, day),
        "ADY": study_day(day),
        "EXACTDAY": day,
        "ANL01FL": Words.same("Y", who.size),
    }


def _once(
    source: Source,
    name: str,
    answer: Words,
    *,
    analyzed: bool = True,
    day: NDArray[np.float64] | None = None,
) -> Part:
    every = np.arange(source.size)
    when = np.full(source.size, np.nan) if day is None else day
    code = Words.same(name, source.size)
    return source.treated(every) | {
        "PARAMCD": code,
        "PARAM": source.decoded("RSPPRM", code),
        "AVALC": answer,
        "AVAL": answer.code.astype(np.int64),
        "AVISIT": Words.same("", source.size),
        "AVISITN": np.full(source.size, np.nan),
        "ADT": source.dated(every, when),
        "ADY": study_day(when),
        "EXACTDAY": when,
        "ANL01FL": Words.same("Y" if analyzed else "", source.size),
    }


def _best(source: Source, weeks: float | None) -> Words:
    """Return best responses, confirmed after some weeks or not."""
    code = np.zeros(source.size, dtype=np.int64)
    for one in source.done.scans:
        found = best_until(one.assessment, one.progression_day, source.design, weeks)
        code[one.patient] = found.code
    return Words(_WORDS, code)


def _met(source: Source, word: Word) -> NDArray[np.bool_]:
    share = ENDPOINTS[word].statistic
    assert isinstance(share, Share)  # noqa: S101 - the registry says so
    return share.count(source.patients, source.design.analysis).met


def adrs(source: Source) -> dict[str, Any]:
    """Return the columns of ADRS.

    Parameters
    ----------
    source : Source
        The replicate, with its scans.
    """
    asked = source.design.confirmation_weeks
    used = source.patients["best_response"].to_numpy(dtype=np.int64)
    analyzed = Words(_WORDS, used)
    plain = analyzed if asked is None else _best(source, None)
    twice = analyzed if asked is not None else _best(source, CONFIRMED_WEEKS)
    start = source.patients["response_day"].to_numpy(dtype=float)
    responded = used >= Code.PR
    first = np.where(responded, start, np.nan)
    response = Words.flag(_met(source, Word.ORR))
    parts = [
        *(_visits(source, one) for one in source.done.scans),
        _once(source, "BOR", plain, analyzed=asked is None),
        _once(source, "CBOR", twice, analyzed=asked is not None),
        _once(source, "RSP", response, day=first),
        _once(source, "CBEN", Words.flag(_met(source, Word.CBR))),
    ]
    return stacked(parts)
