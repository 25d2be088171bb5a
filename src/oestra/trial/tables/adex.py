"""ADEX: what was taken, one row a patient, drug and period of one dose."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.cdisc.tables import Words
from oestra.drugs.phase import Phase
from oestra.trial.arm_scans import ArmScans
from oestra.trial.doses_taken import Period, periods_of
from oestra.trial.tables.source import Source, study_day
from oestra.trial.tables.stack import Part, stacked

__all__ = ["adex"]

_FREQUENCIES = {
    0.5: "BID",
    1.0: "QD",
    2.0: "QOD",
    7.0: "QW",
    14.0: "Q2W",
    21.0: "Q3W",
    28.0: "Q4W",
}


def _frequency(phase: Phase) -> str:
    if phase.days or phase.cycle_days:
        return "OTHER"
    return _FREQUENCIES.get(float(phase.interval), "OTHER")


def _rows(source: Source, one: ArmScans, period: Period) -> Part:
    """Return the rows of one drug at one dose, or of days without it."""
    who, component = one.patient[period.place], period.component
    phase = component.phases[-1]
    first, last = study_day(period.first), study_day(period.last)
    code = Words.same("DOSE", who.size)
    held = period.share == 0
    text = "interrupted" if held else str(component)[:200]
    amount = 0.0 if held else round(phase.dose.amount, 9)
    return source.treated(who) | {
        "EXSEQ": np.zeros(who.size, dtype=np.int64),
        "EXTRT": Words.same(component.drug.id.upper(), who.size),
        "PARAMCD": code,
        "PARAM": source.decoded("EXPRM", code),
        "AVAL": np.full(who.size, amount),
        "AVALU": Words.same(str(phase.dose.unit), who.size),
        "EXDOSFRQ": Words.same(_frequency(phase), who.size),
        "EXDOSTXT": Words.same(text, who.size),
        "EXADJ": Words.same(period.why.upper(), who.size),
        "ASTDT": source.dated(who, period.first),
        "ASTDY": first,
        "AENDT": source.dated(who, period.last),
        "AENDY": last,
        "ADURN": last - first + 1,
        "ADURU": Words.same("DAYS", who.size),
    }


def _numbered(columns: dict[str, Any], patient: NDArray[np.integer]) -> dict[str, Any]:
    """Return the columns with the periods of each patient and drug in order."""
    # A drug may stand among the words more than once.
    drug = np.unique(columns["EXTRT"].words, return_inverse=True)[1]
    drug = drug[columns["EXTRT"].code]
    order = np.lexsort((columns["ASTDY"], drug, patient))
    one, other = patient[order], drug[order]
    new = np.r_[True, (one[1:] != one[:-1]) | (other[1:] != other[:-1])][: order.size]
    place = np.arange(order.size)
    start = np.maximum.accumulate(np.where(new, place, 0))
    number = np.empty(order.size, dtype=np.int64)
    number[order] = place - start + 1
    return columns | {"EXSEQ": number}


def adex(source: Source) -> dict[str, Any]:
    """Return the columns of ADEX.

    Parameters
    ----------
    source : Source
        The replicate, with what its arms take.
    """
    ends = source.done.ends.set_index("patient")["end_day"]
    parts: list[Part] = []
    whom: list[NDArray[np.integer]] = []
    for one in source.done.scans:
        end = ends.loc[one.patient].to_numpy(dtype=float)
        for period in periods_of(one.harm, one.patient, end, source.done.events):
            if period.place.size:
                parts.append(_rows(source, one, period))
                whom.append(one.patient[period.place])
    return _numbered(stacked(parts), np.concatenate(whom)) if parts else {}
