"""ADEX: what was taken, one row a patient, drug and period of one dose."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.cdisc.tables import Words
from oestra.drugs.component import Component
from oestra.drugs.phase import Phase
from oestra.drugs.regimen import Regimen
from oestra.trial.arm_scans import ArmScans
from oestra.trial.tables.source import Source, study_day
from oestra.trial.tables.stack import Part, stacked

__all__ = ["adex"]

Array = NDArray[np.float64]
_Days = tuple[Array, Array, Array]
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
    source: Source,
    patient: NDArray[np.integer],
    pair: tuple[Component, Component],
    number: int,
    days: tuple[Array, Array, Array],
) -> list[Part]:
    """Return the rows of a drug in a phase: its start, its end, and the reduction."""
    component, lower = pair
    start, end, reduce_day = days
    stop = np.minimum(end, start + _until(component))
    changed = component != lower
    step = np.floor(reduce_day) if changed else np.full(end.size, np.inf)
    step = np.maximum(step, np.floor(start))
    taken = (start <= stop) & np.isfinite(start)
    reduced = taken & (step <= stop)
    before = taken & (step > start)
    # The last day at the dose of the trial is the one before the lower dose begins.
    until = np.where(reduced, step - 1, stop)
    return [
        _period(source, one, number + k, patient[who], (first[who], last[who]))
        for k, (one, who, first, last) in enumerate(
            ((component, before, start, until), (lower, reduced, step, stop))
        )
    ]


def _phases(one: ArmScans, end: Array) -> list[tuple[Regimen, Regimen, _Days]]:
    """Return what follows each other: regimen, lower doses, start, end, reduction."""
    harm = one.harm
    if not harm.phases:
        days = np.zeros(end.size), end, harm.leaving.reduce_day
        return [(harm.regimen, harm.rates.reduced, days)]
    return [
        (
            phase.regimen,
            phase.rates.reduced,
            (
                np.ceil(phase.start),
                np.minimum(end, np.ceil(phase.end) - 1),
                phase.start + phase.leaving.reduce_day,
            ),
        )
        for phase in harm.phases
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
        for place, (regimen, lower, days) in enumerate(_phases(one, end)):
            pairs = zip(regimen.components, lower.components, strict=True)
            for pair in pairs:
                parts += _drug(source, one.patient, pair, 2 * place + 1, days)
    return stacked(parts) if parts else {}
