"""Readings of the fit as observables and measurements of PEtab.

Where a reading is a fold, the number of its source is written and its error is one of
the logarithm. Directions and bounds have no likelihood of their own in PEtab: the
observable is cut where the residual of the fit is, so that what lies on the right side
costs nothing.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from oestra.calibration.cells.reading import LEAST, Reading
from oestra.calibration.cells.repeat import readings
from oestra.calibration.cells.words import symbol_of, words
from oestra.calibration.petab.written import Capture, Dish, Observable, Written
from oestra.core.errors import OestraError
from oestra.evidence.cell_measurement import CellMeasurement, cell_measurements

__all__ = ["BLOT_SOURCE", "START_SYMBOLS", "blot_top", "observed"]

BLOT_SOURCE = "imoto2022"
"""Source whose numbers are shares of the largest signal of a blot."""
_NUMBER = "log_cell_number"
_LN2, _LN10 = math.log(2.0), math.log(10.0)
START_SYMBOLS = ("akt_s473", "erk_p")
"""Symbols whose values at the start of a dish the exported model keeps."""


def blot_top(readout: str) -> str:
    """Return the estimated parameter that holds the largest signal of a blot."""
    return f"blot_top_{readout}"


def observed() -> tuple[Written, ...]:
    """Return every reading of the fit as PEtab is told of it, in their order.

    Raises
    ------
    OestraError
        If a reading is of a kind that nothing is known of here.
    """
    rows = {row.id: row for row in cell_measurements()}
    return tuple(_written(one, rows[one.id.partition("/")[0]]) for one in readings())


def _written(one: Reading, row: CellMeasurement) -> Written:
    if one.kind not in _KINDS:
        raise OestraError(f"PEtab is not told how to write {one.kind!r} ({one.id}).")
    return _KINDS[one.kind](one, row)


def _dishes(one: Reading) -> list[Dish]:
    return [Dish(setting=setting, arm=arm) for setting, arm, _ in one.needs]


def _last_day(one: Reading) -> float:
    return one.needs[0][2][-1]


def _kinase(one: Reading, row: CellMeasurement) -> Written:
    """Write a fold of unstimulated cells, or a share of a blot."""
    symbol = symbol_of(row)
    if row.source == BLOT_SOURCE:
        seen = Observable(
            id=f"share_{row.readout}",
            name=f"{row.readout} as a share of the largest signal of its blot",
            formula=f"{symbol} / {blot_top(row.readout)}",
            log=True,
        )
        chosen = next(d for d in _dishes(one) if d.arm.condition == row.treatment)
        return Written(
            id=one.id,
            kind=one.kind,
            observable=seen,
            value=float(row.value),
            error=one.total_error * _LN10,
            days=(row.time_h or 0.0) / 24.0,
            dish=chosen,
        )
    floor = words()["floors"].get(row.readout, {}).get("value", LEAST)
    seen = Observable(
        id=f"log10_fold_{row.readout}",
        name=f"log10 of {row.readout} over unstimulated cells, above the assay's floor",
        formula=f"log10(max({symbol}, {floor!r}) / max(start_{symbol}, {floor!r}))",
    )
    return Written(
        id=one.id,
        kind=one.kind,
        observable=seen,
        value=float(row.value),
        error=one.total_error,
        days=_last_day(one),
        dish=_dishes(one)[0],
    )


def _growth(one: Reading, row: CellMeasurement) -> Written:
    """Write cells over those at the start, or over a vehicle."""
    if row.scale.startswith("weekly"):
        return _weekly(one, row)
    dish, control = _dishes(one)
    days = _last_day(one)
    captures: tuple[Capture, ...] = ()
    seen = Observable(
        id="cell_number_fold",
        name="cells over those at the start",
        formula=f"exp({_NUMBER})",
        log=True,
    )
    if row.readout != "cell_number_fold":
        kept = Capture(dish="control", symbol=_NUMBER, days=days)
        captures = (kept,)
        seen = Observable(
            id=f"cells_over_control_{kept.parameter.rpartition('_')[2]}",
            name=f"cells over those of the untreated dish after {days:g} days",
            formula=f"exp({_NUMBER} - {kept.parameter})",
            log=True,
        )
    value = float(row.value)
    return Written(
        id=one.id,
        kind=one.kind,
        observable=_bounded(seen, one.side),
        value=value,
        error=one.total_error * _LN2,
        bound=value if one.side else None,
        days=days,
        dish=dish,
        control=control if captures else None,
        captures=captures,
    )


def _weekly(one: Reading, row: CellMeasurement) -> Written:
    """Write the growth of a week, whose share of untreated growth is read."""
    dish, control = _dishes(one)
    first, last = one.needs[0][2]
    ends = Capture(dish="control", symbol=_NUMBER, days=last)
    grown, free, captures = _NUMBER, ends.parameter, [ends]
    if first > 0.0:
        starts = [
            Capture(dish=name, symbol=_NUMBER, days=first)
            for name in ("treated", "control")
        ]
        captures += starts
        grown = f"({_NUMBER} - {starts[0].parameter})"
        free = f"({ends.parameter} - {starts[1].parameter})"
    usual = one.nothing * _LN2
    week = row.scale.split()[-1]
    seen = Observable(
        id=f"fold_in_week_{week}",
        name=f"growth in week {week}, as a share of untreated growth, of cells that "
        "double as those of the source",
        formula=f"exp({usual!r} * {grown} / {free})",
        log=True,
    )
    return Written(
        id=one.id,
        kind=one.kind,
        observable=seen,
        value=float(row.value),
        error=one.total_error * _LN2,
        days=last,
        dish=dish,
        control=control,
        captures=tuple(captures),
    )


def _protein(one: Reading, row: CellMeasurement) -> Written:
    """Write a protein over that of untreated cells of the same day."""
    dish, control = _dishes(one)
    kept = Capture(dish="control", symbol=symbol_of(row), days=_last_day(one))
    seen = Observable(
        id=f"ratio_{kept.parameter.removeprefix('control_')}",
        name=f"{kept.symbol} over that of untreated cells of the same day",
        formula=f"{kept.symbol} / max({kept.parameter}, {LEAST!r})",
        log=True,
    )
    return Written(
        id=one.id,
        kind=one.kind,
        observable=seen,
        # Some are given over time 0; the reading divides by the untreated dish.
        value=float(row.value)
        if not row.scale.startswith("over time 0")
        else 2.0**one.observed,
        error=one.total_error * _LN2,
        days=kept.days,
        dish=dish,
        control=control,
        captures=(kept,),
    )


def _drug(one: Reading, row: CellMeasurement) -> Written:  # noqa: ARG001
    """Write the growth-rate inhibition at a dose."""
    control, dish = _dishes(one)
    kept = Capture(dish="control", symbol=_NUMBER, days=_last_day(one))
    seen = Observable(
        id="growth_rate_inhibition",
        name="GR: 1 for growth as without the drug, 0 for none",
        formula=f"2 ^ ({_NUMBER} / {kept.parameter}) - 1",
    )
    return Written(
        id=one.id,
        kind=one.kind,
        observable=_bounded(seen, one.side),
        value=one.observed,
        error=one.total_error,
        bound=one.observed if one.side else None,
        days=kept.days,
        dish=dish,
        control=control,
        captures=(kept,),
    )


def _direction(one: Reading, row: CellMeasurement) -> Written:  # noqa: ARG001
    """Write a rise, a fall or neither, as far as it falls short of one."""
    dish, control = _dishes(one)
    symbol = one.id.partition("/")[2]
    kept = Capture(dish="control", symbol=symbol, days=_last_day(one))
    change = f"log(max({symbol}, {LEAST!r}) / max({kept.parameter}, {LEAST!r}))"
    if symbol == "growth_rate":
        # The scale of growth is the one by which the reading divides.
        change = f"({symbol} - {kept.parameter}) / {_growth_scale(one)!r}"
    told = {1.0: "rise", -1.0: "fall", 0.0: "same"}[one.observed]
    after = kept.parameter.rpartition("_")[2]
    if one.observed:
        enough = abs(one.value_at(0.0))
        sign = "" if one.observed > 0 else "-"
        formula = f"max(0, {enough!r} - {sign}({change})) / {enough!r}"
        name = f"share by which {symbol} falls short of a {told}"
    else:
        formula, name = f"({change}) / {one.value_at(1.0)!r}", f"change of {symbol}"
    return Written(
        id=one.id,
        kind=one.kind,
        observable=Observable(
            id=f"{told}_{symbol}_{after}", name=name, formula=formula
        ),
        value=0.0,
        error=1.0,
        days=kept.days,
        dish=dish,
        control=control,
        captures=(kept,),
    )


def _growth_scale(one: Reading) -> float:
    """Return the growth, 1/day, that a reading of growth counts as 1."""
    treated = Dish(setting=one.needs[0][0], arm=one.needs[0][1])
    first = (treated.setting, treated.arm)
    return 1.0 / one.predict(
        lambda setting, arm, _, __: 1.0 if (setting, arm) == first else 0.0
    )


def _bounded(seen: Observable, side: int) -> Observable:
    """Return an observable that does not count beyond its bound."""
    if not side:
        return seen
    cut, told = ("min", "at_least") if side > 0 else ("max", "at_most")
    return Observable(
        id=f"{told}_{seen.id}",
        name=f"{seen.name}; the number is a bound",
        formula=f"{cut}({seen.formula}, bound)",
        log=seen.log,
    )


_KINDS: Mapping[str, Callable[[Reading, CellMeasurement], Written]] = MappingProxyType(
    {
        "kinase": _kinase,
        "null": _kinase,
        "growth": _growth,
        "protein": _protein,
        "drug": _drug,
        "direction": _direction,
    }
)
