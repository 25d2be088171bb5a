"""ADEX: what was taken, one row a patient, drug and period of one dose."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.cdisc.tables import Words
from oestra.drugs.component import Component
from oestra.drugs.phase import Phase
from oestra.trial.arm_scans import ArmScans
from oestra.trial.tables.source import Source, study_day
from oestra.trial.tables.stack import Part, stacked

__all__ = ["adex"]

Array = NDArray[np.float64]
_FREQUENCIES = {
    0.5: "BID",
    1.0: "QD",
    2.0: "QOD",
    7.0: "QW",
    14.0: "Q2W",
    21.0: "Q3W",
    28.0: "Q4W",
}
_LONG = 4000.0
"""Days that no trial reaches, at which a course without end still goes on."""


def _frequency(phase: Phase) -> str:
    if phase.days or phase.cycle_days:
        return "OTHER"
    return _FREQUENCIES.get(float(phase.interval), "OTHER")


def _until(component: Component) -> float:
    """Return the day on which a course ends by itself, inf for one without end."""
    pauses = component.pauses(_LONG)
    ends = component.phases[-1].length_days and pauses and pauses[-1][1] >= _LONG
    return pauses[-1][0] if ends else np.inf


def _period(
    source: Source,
    component: Component,
    number: int,
    who: NDArray[np.integer],
    days: tuple[Array, Array],
) -> Part:
    """Return the rows of one drug at one dose; days are the first and the last."""
    start, end = days
    phase = component.phases[-1]
    first, last = study_day(start), study_day(end)
    code = Words.same("DOSE", who.size)
    return source.treated(who) | {
        "EXSEQ": np.full(who.size, number),
        "EXTRT": Words.same(component.drug.id.upper(), who.size),
        "PARAMCD": code,
        "PARAM": source.decoded("EXPRM", code),
        "AVAL": np.full(who.size, round(phase.dose.amount, 9)),
        "AVALU": Words.same(str(phase.dose.unit), who.size),
        "EXDOSFRQ": Words.same(_frequency(phase), who.size),
        "EXDOSTXT": Words.same(str(component)[:200], who.size),
        "ASTDT": source.dated(who, start),
        "ASTDY": first,
        "AENDT": source.dated(who, end),
        "AENDY": last,
        "ADURN": last - first + 1,
        "ADURU": Words.same("DAYS", who.size),
    }


def _drug(
    source: Source, one: ArmScans, pair: tuple[Component, Component], end: Array
) -> list[Part]:
    component, lower = pair
    stop = np.minimum(end, _until(component))
    changed = component != lower
    step = np.floor(one.reduce_day) if changed else np.full(end.size, np.inf)
    reduced = step <= stop
    before = step > 0
    # The last day at the dose of the trial is the one before the lower dose begins.
    until = np.where(reduced, step - 1, stop)
    zero = np.zeros(end.size)
    return [
        _period(
            source,
            component,
            1,
            one.patient[before],
            (zero[before], until[before]),
        ),
        _period(source, lower, 2, one.patient[reduced], (step[reduced], stop[reduced])),
    ]


def adex(source: Source) -> dict[str, Any]:
    """Return the columns of ADEX.

    Parameters
    ----------
    source : Source
        The replicate, with what its arms take.
    """
    ends = source.done.ends.set_index("patient")["end_day"]
    parts: list[Part] = []
    for one in source.done.scans:
        end = ends.loc[one.patient].to_numpy(dtype=float)
        pairs = zip(one.regimen.components, one.reduced.components, strict=True)
        for pair in pairs:
            parts += _drug(source, one, pair, end)
    return stacked(parts) if parts else {}
