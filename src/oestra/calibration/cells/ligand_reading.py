"""Kinases after ligands: folds of unstimulated cells, and shares of a blot."""

import math

from oestra.calibration.cells.experiment import Arm, Setting
from oestra.calibration.cells.reading import LEAST, Reading, Sight, log_of
from oestra.calibration.cells.words import (
    medium_of,
    steps_of,
    symbol_of,
    words,
)
from oestra.evidence.cell_measurement import CellMeasurement

__all__ = ["ligand_reading"]


def ligand_reading(row: CellMeasurement) -> Reading | None:
    """Return what is read of a row; None where it is the control."""
    return _share_of_blot(row) if row.source == "imoto2022" else _fold(row)


def _fold(row: CellMeasurement) -> Reading:
    """Read a fold of unstimulated cells, as an assay with a floor sees it."""
    name = row.treatment.split()[0]
    known = name in words()["ligands"]
    arm = Arm(condition=row.treatment) if known else Arm()
    setting = Setting(line=row.line, medium=medium_of(row.medium), pretreat=steps_of())
    days, symbol = (row.time_h or 0.0) / 24.0, symbol_of(row)
    floor = words()["floors"].get(row.readout, {}).get("value", 0.0)
    side = 0
    if not floor and row.censored:
        side = -1 if row.censored == "floor" else 1

    def fold(see: Sight) -> float:
        now, before = see(setting, arm, symbol, days), see(setting, Arm(), symbol, 0.0)
        return log_of(max(now, floor) / max(before, floor, LEAST), 10)

    return Reading(
        id=row.id,
        kind="kinase" if known else "null",
        group=f"{row.source}/{row.line}/{name}",
        course=f"{row.source}/{row.line}/{row.treatment}/{row.readout}",
        observed=float(row.value),
        error=row.sd or 0.15,
        side=side,
        needs=((setting, arm, (days,)), (setting, Arm(), (0.0,))),
        predict=fold,
    )


_BLOT = (0.0, 5 / 60, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)


def _share_of_blot(row: CellMeasurement) -> Reading | None:
    """Read a share of the largest signal of a blot that held both ligands."""
    if not row.time_h:
        return None
    setting = Setting(line=row.line, medium=medium_of(row.medium), pretreat=steps_of())
    both = [Arm(condition=name) for name in ("EGF 10 nM", "NRG1 10 nM")]
    arm, symbol = Arm(condition=row.treatment), symbol_of(row)
    times = tuple(hour / 24 for hour in _BLOT)
    value, days = float(row.value), row.time_h / 24

    def share(see: Sight) -> float:
        top = max(see(setting, one, symbol, t) for one in both for t in times)
        return log_of(see(setting, arm, symbol, days) / top, 10)

    return Reading(
        id=row.id,
        kind="kinase",
        group=f"{row.source}/{row.line}/{row.treatment.split()[0]}",
        course=f"{row.source}/{row.treatment}/{row.readout}",
        observed=log_of(value, 10),
        error=max((row.sd or 0.05) / value / math.log(10), 0.05),
        needs=tuple((setting, one, times) for one in both),
        predict=share,
    )
