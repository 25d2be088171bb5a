"""ADTR: target lesions and their sums at each visit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.cdisc.tables import Words
from oestra.core.terms import Site
from oestra.trial.arm_scans import ArmScans
from oestra.trial.criteria import rules_of
from oestra.trial.lesion import NODE
from oestra.trial.reading import nadir_before
from oestra.trial.tables.source import Source, study_day
from oestra.trial.tables.stack import Part, stacked
from oestra.trial.tables.visits import visit_names

__all__ = ["adtr"]

Array = NDArray[np.float64]
_PLACES = {Site.NODE: "LYMPH NODE", Site.SOFT_TISSUE: "SOFT TISSUE"}
_LOCATIONS = [_PLACES.get(site, site.value.upper()) for site in Site]


def _seen(one: ArmScans) -> NDArray[np.bool_]:
    """Return baseline and visits at which targets were measured, shape (n, 1 + v)."""
    with_targets = one.assessment.measurable[:, None]
    return with_targets & np.concatenate(
        [np.ones((one.patient.size, 1), dtype=bool), one.scanned], axis=1
    )


def _rows(
    source: Source,
    one: ArmScans,
    row: NDArray[np.integer],
    visit: NDArray[np.integer],
    values: tuple[Array, Array],
) -> dict[str, Any]:
    """Return columns of lesions and sums alike; values are now and at baseline."""
    value, base = values
    who = one.patient[row]
    days = np.concatenate(
        [np.zeros((one.patient.size, 1)), one.assessment.schedule.day], axis=1
    )
    day = days[row, visit]
    dimension = rules_of(source.design.criteria).dimension
    change = value - base
    return dict(source.treated(who)) | {
        "AVAL": value,
        "AVALU": Words.same("mm" if dimension == 1 else "mm2", who.size),
        "BASE": base,
        "CHG": change,
        "PCHG": 100 * change / base,
        "ABLFL": Words(["", "Y"], np.where(visit == 0, 1, 0)),
        **visit_names(visit),
        "ADT": source.dated(who, day),
        "ADY": study_day(day),
    }


def _named(source: Source, code: Words) -> dict[str, Any]:
    return {"PARAMCD": code, "PARAM": source.decoded("TRPRM", code)}


def _lesions(source: Source, one: ArmScans) -> Part:
    found = one.reading.measured
    assert found is not None  # noqa: S101 - a trial's scans have them
    row, lesion, visit = np.nonzero(found.target[:, :, None] & _seen(one)[:, None, :])
    rank = np.cumsum(found.target, axis=1, dtype=np.int64)
    number = rank[row, lesion].astype(np.int64)
    site = found.site[row, lesion]
    area = rules_of(source.design.criteria).dimension == 2
    names = ["AREA", "AREA"] if area else ["LDIAM", "LPERP"]
    code = Words(names, np.where(site == NODE, 1, 0))
    known = [f"T{n:02d}" for n in range(int(number.max(initial=0)) + 1)]
    values = found.size[row, lesion, visit], found.size[row, lesion, 0]
    none = np.full(row.size, np.nan)
    return (
        _rows(source, one, row, visit, values)
        | _named(source, code)
        | {"TRLNKID": Words(known, number), "TULOC": Words(_LOCATIONS, site)}
        | {"NADIR": none, "PCHGNAD": none}
    )


def _sums(source: Source, one: ArmScans) -> Part:
    row, visit = np.nonzero(_seen(one))
    sums = np.concatenate([one.reading.baseline[:, None], one.reading.target], axis=1)
    nadir = np.concatenate(
        [np.full((one.patient.size, 1), np.nan), nadir_before(one.reading)], axis=1
    )[row, visit]
    value = sums[row, visit]
    area = rules_of(source.design.criteria).dimension == 2
    code = Words.same("SUMAREA" if area else "SUMDIAM", row.size)
    empty = Words.same("", row.size)
    apart = np.where(nadir > 0, nadir, np.nan)
    return (
        _rows(source, one, row, visit, (value, sums[row, 0]))
        | _named(source, code)
        | {"TRLNKID": empty, "TULOC": empty}
        | {"NADIR": nadir, "PCHGNAD": 100 * (value - nadir) / apart}
    )


def adtr(source: Source) -> dict[str, Any]:
    """Return the columns of ADTR.

    Parameters
    ----------
    source : Source
        The replicate, with its scans.
    """
    scans = source.done.scans
    return stacked(
        [
            *(_lesions(source, one) for one in scans),
            *(_sums(source, one) for one in scans),
        ]
    )
